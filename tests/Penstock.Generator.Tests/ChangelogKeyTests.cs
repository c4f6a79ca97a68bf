using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>The mode of a stream with its key, as the plan has it: by which members the versions of a row are recognized.</summary>
public sealed partial class ChangelogKeyTests
{
    // What the fire method makes of a window by shop and customer, and the key of its rows; none where the rows do not show it.
    [Theory]
    [InlineData("new(window.Key.Shop, window.Key.Customer, window.End, Sum)", "Shop Customer End")]
    [InlineData("new(window.Key.Item1, window.Key.Customer, window.Start, Sum)", "Shop Customer End")]
    [InlineData("new(Customer: window.Key.Customer, Sum: Sum, End: window.End, Shop: window.Key.Shop)", "Shop Customer End")]
    [InlineData("new(window.Key.Shop.Trim(), window.Key.Customer + \"!\", window.End.AddDays(1), Sum)", "Shop Customer End")]
    [InlineData("new($\"{window.Key.Shop} {window.Key.Customer}\", \"\", window.End, Sum)", "Shop End")]
    [InlineData("new($\"{window.Key.Shop} {window.Key.Customer} {window.Start:O}\", \"\", default, Sum)", "Shop")]
    [InlineData("new(string.Join(\" \", window.Key), \"\", window.End, Sum)", "Shop End")]
    [InlineData("new(Name(window.Key), Prefix + window.Key, window.End, Sum)", "Shop End")]
    [InlineData("new(window.Key.Shop, window.Key.Shop, window.End, Sum)", "")]
    [InlineData("new(window.Key.Shop, \"\", window.End, Sum)", "")]
    [InlineData("new(window.Key.Shop, window.Key.Customer, default, Sum)", "")]
    [InlineData("new(window.Key.Shop + Sum, window.Key.Customer, window.End, Sum)", "")]
    [InlineData("new(window.Key.Shop + this.Sum, window.Key.Customer, window.End, Sum)", "")]
    [InlineData("new(window.Key.Shop + Version, window.Key.Customer, window.End, Sum)", "")]
    [InlineData("new(window.Key.Shop + services, window.Key.Customer, window.End, Sum)", "")]
    [InlineData("new(Changing(window.Key), window.Key.Customer, window.End, Sum)", "")]
    [InlineData("Make(in window)", "")]
    [InlineData("new(window.Key.Shop, window.Key.Customer, window.End, Sum) { Shop = window.Key.Shop + Sum }", "")]
    [InlineData("new(\"\", window.Key.Customer, window.End, Sum) { Shop = window.Key.Shop }", "Shop Customer End")]
    public void Of_a_window(string fired, string expected) => Assert.Equal(expected, KeyOf(Program(fired, "", "", ""), "Totals"));

    [Theory]
    [InlineData("row with { Sum = row.Sum + 1 }", "Total", "Shop Customer End")]
    [InlineData("row with { Shop = row.Shop.ToUpperInvariant() }", "Total", "Shop Customer End")]
    [InlineData("row with { Shop = row.Shop + row.Sum }", "Total", "")]
    [InlineData("new(row.Shop, row.Customer, row.End, 0)", "Named", "Name Of To")]
    [InlineData("new(row.Shop, row.Customer, row.End, 0) { Name = row.Shop + row.Sum }", "Named", "")]
    [InlineData("new(row.Shop + row.Customer, \"\", row.End, row.Sum)", "Named", "Name To")]
    [InlineData("new(row.Who, \"\", row.End, row.Sum)", "Named", "Name To")]
    [InlineData("new(row.Shop, row.Customer + row.Sum, row.End, 0)", "Named", "")]
    [InlineData("new(row.Shop, row.Half + row.Customer, row.End, 0)", "Named", "")]
    public void Of_a_map_behind_it(string made, string row, string expected) => Assert.Equal(expected, KeyOf(
        Program("new(window.Key.Shop, window.Key.Customer, window.End, Sum)", "public string Who => Shop + Customer; public decimal Half => Sum / 2;", $"[Operator] public sealed partial class Behind {{ [Map] private static {row} Make(in Total row) => {made}; }}", $"[Apply<Behind>(nameof(Totals))] [Sink<To<{row}>>] public partial Stream<{row}> Result {{ get; }}"),
        "Result"));

    [Fact]
    public void A_window_that_fires_once_makes_new_rows() => Assert.Null(KeyOf(Program("new(window.Key.Shop, window.Key.Customer, window.End, Sum)", "", "", "").Replace(", AllowedLateness = \"1m\"", ""), "Totals"));

    private static string? KeyOf(string program, string stream)
    {
        var result = TestCompiler.Build(DiagnosticPage.Shared, program);
        result.AssertClean();
        var node = Assert.Single(result.Files.Select(result.Text).SelectMany(static text => text.Split('\n')), line => line.Contains($"new(\"{stream}\", ", StringComparison.Ordinal) && line.Contains("PlanNodeKind.Operator", StringComparison.Ordinal));
        var key = Upsert().Match(node);
        return key.Success ? key.Groups[1].Value.Replace("\"", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal) : null;
    }

    [GeneratedRegex(@"Changelog = new\(global::Penstock\.ChangelogMode\.Upsert, \[(.*?)\]\)")]
    private static partial Regex Upsert();

    private static string Program(string fired, string members, string operators, string streams) => $$"""
        public readonly record struct Total(string Shop, string Customer, DateTimeOffset End, decimal Sum) { {{members}} }
        public readonly record struct Named(string Name, string Of, DateTimeOffset To, decimal Sum);
        public interface IPrefix;

        public sealed class To<T> : Penstock.Sinks.ISink<T>, Penstock.Sinks.IChangelogSink
        {
            public void SetChangelog(Changelog changelog) => throw new NotSupportedException();
            public Penstock.Sinks.ISinkWriter<T> OpenWriter(int subtask) => throw new NotSupportedException();
            public Penstock.Sinks.ISinkCommitter CreateCommitter() => throw new NotSupportedException();
        }

        [Operator, KeyBy(nameof(Order.Shop), nameof(Order.Customer)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums(IPrefix? services = null)
        {
            private const string Prefix = "-";
            private static int Version => 3;
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += services == null ? order.Amount : 0;
            [Fire] private Total Close(in Window<(string Shop, string Customer)> window) => {{fired}};
            private static string Name((string, string) key) => key.Item1;
            private string Changing((string, string) key) => key.Item1 + Sum;
            private Total Make(in Window<(string Shop, string Customer)> window) => new(window.Key.Shop, window.Key.Customer, window.End, Sum);
        }

        {{operators}}

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv")] [EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> Orders { get; }
            [Apply<Sums>(nameof(Orders))] [FileSink("totals.csv", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Total> Totals { get; }
            {{streams}}
        }
        """;
}
