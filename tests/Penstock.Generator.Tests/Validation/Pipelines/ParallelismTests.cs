using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Validation.Pipelines;

/// <summary>Parallelism in attributes: its possible errors, and the resulting tasks and plans.</summary>
public sealed class ParallelismTests
{
    private const string Updates = """
        [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += order.Amount;
            [Fire] private Total Close(in Window<string> window) => new(window.Key, window.End, Sum);
        }

        public readonly record struct Total(string Shop, DateTimeOffset End, decimal Sum);
        [Operator] public sealed partial class Rounded { [Map] private static Total Round(in Total total) => total with { Sum = Math.Round(total.Sum) }; }

        """;

    // The marked text of each finding.
    [Theory]
    [InlineData("Parallelism(1)", "")]
    [InlineData("Parallelism(32_768)", "")]
    [InlineData("Parallelism(subtasks: 3)", "")]
    [InlineData("Parallelism(0)", "PEN126 0")]
    [InlineData("Parallelism(-1)", "PEN126 -1")]
    [InlineData("Parallelism(subtasks: 40_000)", "PEN126 40_000")]
    public void Number_of_a_stream(string attribute, string expected) =>
        Check(
            Program(
                "[Pipeline]",
                $"[Apply<BigOrders>(nameof(Orders)), {attribute}] [FileSink(\"big.csv\")] public partial Stream<Order> Big {{ get; }}"),
            expected);

    [Theory]
    [InlineData("[Pipeline(Parallelism = 1)]", "")]
    [InlineData("[Pipeline(Name = \"x\", Parallelism = 32_768)]", "")]
    [InlineData("[Pipeline(Parallelism = 0)]", "PEN126 0")]
    [InlineData("[Pipeline(Parallelism = 32_769)]", "PEN126 32_769")]
    public void Number_of_a_pipeline(string attribute, string expected) =>
        Check(
            Program(attribute, "[Apply<BigOrders>(nameof(Orders))] [FileSink(\"big.csv\")] public partial Stream<Order> Big { get; }"),
            expected);

    [Fact]
    public void Rows_that_are_put_aside_begin_no_task() => Check(
        Program(
            "[Pipeline]",
            "[Apply<RevenuePerShop>(nameof(Orders))] [FileSink(\"t.csv\")] public partial Stream<ShopTotal> Totals { get; } [SideOutput(nameof(Totals), SideOutputs.Late), Parallelism(2)] [FileSink(\"late.csv\")] public partial Stream<Order> Late { get; }"),
        "PEN127 Parallelism");

    [Fact]
    public void Updates_do_not_leave_the_task_of_their_window()
    {
        const string Streams =
            "[Apply<Sums>(nameof(Orders))] public partial Stream<Total> Exact { get; } [Apply<Rounded>(nameof(Exact))] public partial Stream<Total> Whole { get; } [Apply<Rounded>(nameof(Whole))] [FileSink(\"t.csv\", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Total> Again { get; }";
        Check(Updates + Program("[Pipeline]", Streams), "");
        Check(Updates
            + Program("[Pipeline]", Streams.Replace("(nameof(Orders))", "(nameof(Orders)), Parallelism(3)", StringComparison.Ordinal)), "");

        var result = TestCompiler.BuildShop(Updates
            + Program("[Pipeline]", Streams.Replace("(nameof(Whole))", "(nameof(Whole)), Parallelism(3)", StringComparison.Ordinal)));
        var found = Assert.Single(result.Penstock);
        Assert.Equal("PEN128 Parallelism", $"{found.Id} {found.MarkedText()}");
        Assert.Equal(
            "With [Parallelism], 'Again' begins a task, which can receive the new version of a row of 'Whole' before the row that it replaces: put [Parallelism] on 'Exact', whose task then contains 'Again', or remove AllowedLateness",
            found.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_property_that_is_no_stream_is_reported() =>
        Check(Program("[Pipeline]", "[Parallelism(2)] public partial int Big { get; }"), "PEN004 int|PEN107 Orders");

    [Fact]
    public void A_window_needs_time_across_tasks_as_within_one() =>
        Check(
            Program(
                "[Pipeline]",
                "[Apply<BigOrders>(nameof(Old)), Parallelism(2)] public partial Stream<Order> Big { get; } [FileSource(\"old.csv\")] public partial Stream<Order> Old { get; } [Apply<RevenuePerShop>(nameof(Big))] [FileSink(\"t.csv\")] public partial Stream<ShopTotal> Totals { get; } [Apply<BigOrders>(nameof(Orders))] [FileSink(\"big.csv\")] public partial Stream<Order> Other { get; }"),
            "PEN204 RevenuePerShop");

    [Fact]
    public void Columns_that_nothing_reads_are_left_out_across_tasks()
    {
        var reader = TestCompiler.BuildShop(
            Program(
                "[Pipeline]",
                "[Apply<BigOrders>(nameof(Orders)), Parallelism(2)] public partial Stream<Order> Big { get; } [Apply<RevenuePerShop>(nameof(Big))] [FileSink(\"t.csv\")] public partial Stream<ShopTotal> Totals { get; }"))
            .AssertClean().Text("Shop.Codecs.g.cs");
        Assert.Contains("new(\"customer\", isRead: false)", reader, StringComparison.Ordinal);
        Assert.DoesNotContain("new(\"amount\", isRead: false)", reader, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_that_reads_every_stream_has_the_same_tasks()
    {
        var result = TestCompiler.BuildSample("Stages").AssertClean();
        var (production, tests) = (result.Text("Staged.Billing.Pipeline.g.cs"), result.Text("Staged.Billing.Testing.g.cs"));
        string[] tasks = ["Calls", "Priced", "Charged", "Bills", "Sent", "LateOnes"];
        for (var task = 0; task < tasks.Length; task++)
        {
            Assert.Contains($"{task} => new {tasks[task]}Task(context),", production, StringComparison.Ordinal);
            Assert.Matches($"{task} => new {tasks[task]}(Test)?Task\\(context\\),", tests);
        }
    }

    private static void Check(string program, string expected) =>
        TestCompiler.BuildShop(program).AssertFinds(expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    private static string Program(string pipeline, string streams) => ProgramText.Shop(streams, pipeline);
}
