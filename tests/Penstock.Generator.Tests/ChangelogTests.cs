using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>What may stand behind a window that fires again: what keeps one row for each version, recognizable by its key and window.</summary>
public sealed class ChangelogTests
{
    [Theory]
    [InlineData("[Filter] private static bool Keep(in Total row) => row.Sum > 1;", "Total", "PEN120")]
    [InlineData("[FlatMap] private static void Split(in Total row, ref Output<Total> output) => output.Emit(in row);", "Total", "PEN120")]
    [InlineData("[Map] private static Total Same(in Total row) => row;", "Total", null)]
    [InlineData("[Map] private static Total More(in Total row) => row with { Sum = row.Sum + 1 };", "Total", null)]
    [InlineData("[Map] private static Total Upper(in Total row) => row with { Shop = row.Shop.ToUpperInvariant() };", "Total", null)]
    [InlineData("[Map] private static Total None(in Total row) => row with { Shop = \"\" };", "Total", "PEN121")]
    [InlineData("[Map] private static Total Where(in Total row) => row with { Customer = row.Sum.ToString() };", "Total", "PEN121")]
    [InlineData("[Map] private static Total When(in Total row) => row with { End = default };", "Total", "PEN121")]
    [InlineData("[Map] private static decimal Sum(in Total row) => row.Sum;", "decimal", "PEN121")]
    [InlineData("[Map] private static string Text(in Total row) => row.ToString();", "string", null)]
    [InlineData("[Map] private static ShopTotal Text(in Total row) => new(row.Shop, row.Sum);", "ShopTotal", "PEN121")]
    [InlineData("[Map] private static ShopTotal Text(in Total row) => new($\"{row.Shop} {row.Customer} {row.End}\", row.Sum);", "ShopTotal", null)]
    [InlineData("[Map] private static ShopTotal Text(in Total row) { var text = row.Shop + row.Customer + row.End; return new ShopTotal(text, row.Sum); }", "ShopTotal", null)]
    [InlineData("[Map] private static Open Text(in Total row) => new() { Shop = row.Shop, Customer = row.Customer, When = row.End };", "Open", null)]
    [InlineData("[Map] private static Open Text(in Total row) { return new Open { Shop = row.Shop, When = row.End }; }", "Open", "PEN121")]
    public void Operator_behind_a_window_that_fires_again(string method, string row, string? expected)
    {
        var program = Program($"[Operator] public sealed partial class Behind {{ {method} }}", $"[Apply<Behind>(nameof(Totals))] [Sink<To<{row}>>] public partial Stream<{row}> Result {{ get; }}");
        Check(expected, TestCompiler.Build(DiagnosticPage.Shared, program));

        // The same without lateness is right.
        TestCompiler.Build(DiagnosticPage.Shared, program.Replace(", AllowedLateness = \"1m\"", "")).AssertClean();
    }

    [Theory]
    [InlineData("[Filter] private static bool Keep(in Renamed row) => row.Sum > 1;", "Renamed", "PEN120")]
    [InlineData("[Map] private static ShopTotal Less(in Renamed row) => new(row.Name, row.Sum);", "ShopTotal", "PEN121")]
    [InlineData("[Map] private static Renamed Same(in Renamed row) => new(row.Name, row.Of, row.To, 0);", "Renamed", null)]
    public void Versions_are_followed_through_maps(string method, string row, string? expected) => Check(expected, TestCompiler.Build(DiagnosticPage.Shared, Program($$"""
        public readonly record struct Renamed(string Name, string Of, DateTimeOffset To, decimal Sum);
        [Operator] public sealed partial class First { [Map] private static Renamed Rename(in Total row) => new(row.Shop, row.Customer, row.End, row.Sum); }
        [Operator] public sealed partial class Second { {{method}} }
        """, $$"""
        [Apply<First>(nameof(Totals))] public partial Stream<Renamed> Renamed { get; }
        [Apply<Second>(nameof(Renamed))] [Sink<To<{{row}}>>] public partial Stream<{{row}}> Result { get; }
        """)));

    [Fact]
    public void Late_rows_are_no_versions() => TestCompiler.Build(DiagnosticPage.Shared, Program("", """
        [SideOutput(nameof(Totals), SideOutputs.Late)] public partial Stream<Order> Late { get; }
        [Apply<BigOrders>(nameof(Late))] [FileSink("late.csv")] public partial Stream<Order> Big { get; }
        """)).AssertClean();

    private static void Check(string? expected, BuildResult result)
    {
        if (expected == null)
        {
            result.AssertClean();
            return;
        }

        Assert.Equal([expected], result.Penstock.Select(static diagnostic => diagnostic.Id));
        Assert.False(result.HidesDiagnostics);
    }

    private static string Program(string operators, string streams) => $$"""
        public readonly record struct Total(string Shop, string Customer, DateTimeOffset End, decimal Sum);
        public sealed class Open { public string Shop { get; set; } = ""; public string Customer { get; set; } = ""; public DateTimeOffset When { get; set; } }

        public sealed class To<T> : Penstock.Sinks.ISink<T>
        {
            public Penstock.Sinks.ISinkWriter<T> OpenWriter(int subtask) => throw new NotSupportedException();
            public Penstock.Sinks.ISinkCommitter CreateCommitter() => throw new NotSupportedException();
        }

        [Operator, KeyBy(nameof(Order.Shop), nameof(Order.Customer)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += order.Amount;
            [Fire] private Total Close(in Window<(string Shop, string Customer)> window) => new(window.Key.Shop, window.Key.Customer, window.End, Sum);
        }

        {{operators}}

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv")] [EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> Orders { get; }
            [Apply<Sums>(nameof(Orders))] [FileSink("totals.csv")] public partial Stream<Total> Totals { get; }
            {{streams}}
        }
        """;
}
