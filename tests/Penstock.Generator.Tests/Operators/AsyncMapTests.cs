using System.Globalization;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Schemas;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Asynchronous maps: their possible errors, and what other assemblies and the lock learn of them.</summary>
public sealed class AsyncMapTests
{
    private const string Body = " => new(order);";
    private const string Call = "private ValueTask<Order> CallAsync(Order order, CancellationToken cancellation)" + Body;

    // The marked text of each finding.
    [Theory]
    [InlineData("[AsyncMap]", "")]
    [InlineData("[AsyncMap(Concurrency = 1, Order = AsyncOrder.Completion, Timeout = \"1us\", Rate = 0.001)]", "")]
    [InlineData("[AsyncMap(Concurrency = 65_536)]", "")]
    [InlineData("[AsyncMap(Concurrency = 0)]", "PEN023 0")]
    [InlineData("[AsyncMap(Concurrency = 65_537)]", "PEN023 65_537")]
    [InlineData("[AsyncMap(Concurrency = -1, Rate = 0)]", "PEN023 -1|PEN023 0")]
    [InlineData("[AsyncMap(Rate = -0.5)]", "PEN023 -0.5")]
    [InlineData("[AsyncMap(Rate = double.NaN)]", "PEN023 double.NaN")]
    [InlineData("[AsyncMap(Order = (AsyncOrder)2)]", "PEN023 (AsyncOrder)2")]
    [InlineData("[AsyncMap(Timeout = \"0s\")]", "PEN206 \"0s\"")]
    [InlineData("[AsyncMap(Timeout = \"-1s\")]", "PEN206 \"-1s\"")]
    [InlineData("[AsyncMap(Timeout = \"soon\")]", "PEN205 \"soon\"")]
    public void Options_of_a_call(string attribute, string expected) => Check("[Operator]", $"{attribute} {Call}", expected);

    [Theory]
    [InlineData("private async ValueTask<Order> CallAsync(Order order, CancellationToken cancellation) { await Task.Yield(); return order; }", "")]
    [InlineData("private static ValueTask<Order?> CallAsync(in Order order, in CancellationToken cancellation) => new(order);", "")]
    [InlineData("private ValueTask<Order> CallAsync(Order order)" + Body, "PEN008 CallAsync")]
    [InlineData("private ValueTask<Order> CallAsync()  => default;", "PEN008 CallAsync")]
    [InlineData("private ValueTask<Order> CallAsync(Order order, CancellationToken cancellation, int more)" + Body, "PEN008 CallAsync")]
    [InlineData("private ValueTask<Order> CallAsync(CancellationToken cancellation, Order order)" + Body, "PEN008 CancellationToken cancellation")]
    [InlineData("private ValueTask<Order> CallAsync(Order order, int cancellation)" + Body, "PEN008 int cancellation")]
    [InlineData("private ValueTask<Order> CallAsync(Order order, ref CancellationToken cancellation)" + Body, "PEN008 ref CancellationToken cancellation")]
    [InlineData("private ValueTask<Order> CallAsync(ref Order order, CancellationToken cancellation)" + Body, "PEN008 ref Order order")]
    [InlineData("private Task<Order> CallAsync(Order order, CancellationToken cancellation) => Task.FromResult(order);", "PEN008 Task<Order>")]
    [InlineData("private async Task<Order> CallAsync(Order order, CancellationToken cancellation) { await Task.Yield(); return order; }", "PEN008 Task<Order>")]
    [InlineData("private ValueTask CallAsync(Order order, CancellationToken cancellation) => default;", "PEN008 ValueTask")]
    [InlineData("private Order CallAsync(Order order, CancellationToken cancellation) => order;", "PEN008 Order")]
    [InlineData("private void CallAsync(Order order, CancellationToken cancellation) { }", "PEN008 void")]
    [InlineData("private ValueTask<T> CallAsync<T>(Order order, CancellationToken cancellation) => default;", "PEN008 CallAsync")]
    public void Signature_of_a_call(string method, string expected) => Check("[Operator]", $"[AsyncMap] {method}", expected);

    [Theory]
    [InlineData("[Operator, KeyBy(\"Shop\")]", "[AsyncMap] " + Call, "PEN111 KeyBy")]
    [InlineData("[Operator]", "[State] private partial ref int Count { get; } [AsyncMap] " + Call, "PEN303 Count")]
    [InlineData("[Operator, KeyBy(\"Shop\"), TumblingWindow(\"1h\")]", "[AsyncMap] " + Call, "PEN009 TumblingWindow|PEN111 KeyBy")]
    [InlineData("[Operator]", "[AsyncMap] " + Call + " [Filter] private static bool Keep(in Order order) => true;", "PEN007 Keep")]
    [InlineData("[Operator]", "private int _calls; [AsyncMap] private ValueTask<Order> CallAsync(Order order, CancellationToken cancellation) { _calls++; return new(order); }", "PEN305 _calls")]
    [InlineData("[Operator]", "[AsyncMap] private ValueTask<Order> CallAsync(Order order, CancellationToken cancellation) => new(order with { PlacedAt = DateTime.UtcNow });", "PEN308 DateTime.UtcNow")]
    public void Class_of_a_call(string attributes, string members, string expected) => Check(attributes, members, expected);

    [Fact]
    public void The_message_says_what_is_wrong_with_a_call()
    {
        var found = Assert.Single(Build("[Operator]", "[AsyncMap] private Task<Order> CallAsync(Order order, CancellationToken cancellation) => Task.FromResult(order);").Penstock);
        Assert.Equal(
            "[AsyncMap] method 'CallAsync' cannot be called: it returns a Task<Order>, and not a ValueTask with a row. Declare it as "
                + "'ValueTask<TOut> Method(TIn row, CancellationToken cancellation)'.",
            found.GetMessage(CultureInfo.InvariantCulture));
        found = Assert.Single(Build("[Operator]", $"[AsyncMap(Concurrency = 0)] {Call}").Penstock);
        Assert.Equal(
            "Concurrency of method 'CallAsync' is 0, but must be 1 to 65,536",
            found.GetMessage(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("[Pipeline]", "AsyncOrder.Completion", "")]
    [InlineData("[Pipeline(Deterministic = true)]", "AsyncOrder.Input", "")]
    [InlineData("[Pipeline(Deterministic = true)]", "AsyncOrder.Completion", "PEN219 Op")]
    public void A_deterministic_pipeline_has_the_order_of_the_rows(string pipeline, string order, string expected) => Check(
        "[Operator]",
        $"[AsyncMap(Order = {order})] {Call}",
        expected,
        $$"""
        {{pipeline}}
        public sealed partial class Shop
        {
            [FileSource("in.csv")] public partial Stream<Order> Orders { get; }
            [Apply<Op>(nameof(Orders)), FileSink("out.csv")] public partial Stream<Order> Called { get; }
        }
        """);

    [Fact]
    public void Updates_cannot_be_called() => Check(
        "[Operator]",
        "[AsyncMap] private ValueTask<ShopTotal> CallAsync(ShopTotal total, CancellationToken cancellation) => new(total);",
        "PEN118 nameof(Totals)",
        """
        [Operator, KeyBy("Shop"), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += order.Amount;
            [Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, Sum);
        }

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("in.csv"), EventTime("PlacedAt")] public partial Stream<Order> Orders { get; }
            [Apply<Sums>(nameof(Orders))] public partial Stream<ShopTotal> Totals { get; }
            [Apply<Op>(nameof(Totals)), FileSink("out.csv")] public partial Stream<ShopTotal> Called { get; }
        }
        """);

    [Fact]
    public void Row_of_the_stream_is_that_of_the_result() => Check(
        "[Operator]",
        "[AsyncMap] private ValueTask<ShopTotal?> CallAsync(Order order, CancellationToken cancellation) => new(new ShopTotal(order.Shop, 1));",
        "PEN106 Order",
        """
        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("in.csv")] public partial Stream<Order> Orders { get; }
            [Apply<Op>(nameof(Orders)), FileSink("out.csv")] public partial Stream<Order> Called { get; }
        }
        """);

    [Theory]
    [InlineData("calls{Row:record{Shop:string}}", "calls{Row:record{Shop:string;Amount:decimal}}", null)]
    [InlineData("calls{Row:record{Shop:string}}", "calls{Row:record{Shop:int32}}", "field 'Row.Shop' was saved as string and is now int32")]
    [InlineData("calls{Row:string}", "keyed(string){Row:string}", "it was saved as rows in flight and is now state by key")]
    public void Rows_in_flight_restore_as_state_does(string saved, string now, string? expected) => Assert.Equal(
        expected,
        SchemaMatch.Of(StateSchema.Parse(saved), StateSchema.Parse(now)).Refusals.FirstOrDefault()?.Description);

    [Fact]
    public void A_change_of_the_rows_that_cannot_be_restored_is_reported_at_the_stream()
    {
        var result = TestCompiler.BuildLocked(
            "penstock-state-lock 1\n\n[Shop]\nCalled: calls{Row:record{Shop:string;Amount:string}}\nOrders: splits{}\n",
            """
            public readonly record struct Sale(string Shop, decimal Amount);

            [Operator]
            public sealed partial class Op
            {
                [AsyncMap] private ValueTask<Sale> CallAsync(Sale sale, CancellationToken cancellation) => new(sale);
            }

            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("in.csv")] public partial Stream<Sale> Orders { get; }
                [Apply<Op>(nameof(Orders)), FileSink("out.csv")] public partial Stream<Sale> Called { get; }
            }
            """);
        var found = Assert.Single(result.Penstock);
        Assert.Equal("PEN315 Apply<Op>", $"{found.Id} {found.MarkedText()}");
    }

    private static BuildResult Build(string attributes, string members, string more = "") => TestCompiler.Build(DiagnosticPage.Shared, $$"""
        {{attributes}}
        public sealed partial class Op
        {
            {{members}}
        }

        {{more}}
        """);

    private static void Check(string attributes, string members, string expected, string more = "")
    {
        var result = Build(attributes, members, more);
        if (expected.Length == 0)
        {
            result.AssertClean();
            return;
        }

        Assert.Null(result.Run.Results.Single().Exception);
        Assert.Empty(result.Ours);
        Assert.Equal(
            expected.Split('|').Order(),
            result.Penstock.Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Select(static diagnostic => $"{diagnostic.Id} {diagnostic.MarkedText()}")
                .Order());
    }
}
