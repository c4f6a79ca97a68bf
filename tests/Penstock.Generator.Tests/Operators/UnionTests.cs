using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Unions of streams: their possible errors, and what the compiler generates for valid ones.</summary>
public sealed partial class UnionTests
{
    private const string Sources = """
        [FileSource("web.csv")] [EventTime(nameof(Order.PlacedAt), MaxDelay = "5s")] public partial Stream<Order> Web { get; }
            [FileSource("shops.csv")] [EventTime(nameof(Order.PlacedAt), MaxDelay = "1m")] public partial Stream<Order> Shops { get; }
        """;

    // Gives each source another consumer, so that it is not reported as unused if the union does not name it.
    private const string Copies = """
        [Apply<BigOrders>(nameof(Web))] [FileSink("web-copy.csv")] public partial Stream<Order> BigWeb { get; }
            [Apply<BigOrders>(nameof(Shops))] [FileSink("shops-copy.csv")] public partial Stream<Order> BigShops { get; }
        """;

    private const string Late =
        "[Apply<RevenuePerShop>(nameof(Web))] [FileSink(\"totals.csv\")] public partial Stream<ShopTotal> Totals { get; } [SideOutput(nameof(Totals), SideOutputs.Late)] public partial Stream<Order> Late { get; }";

    // The marked text of each finding, in the order of the code.
    [Theory]
    [InlineData("[Union(nameof(Web), nameof(Shop5))]", "PEN101 nameof(Shop5)")]
    [InlineData("[Union(\"Web\", \"Shop5\")]", "PEN101 \"Shop5\"")]
    [InlineData("[Union([nameof(Web), nameof(Shop5)])]", "PEN101 nameof(Shop5)")]
    [InlineData("[Union(inputs: new[] { nameof(Web), nameof(Shop5) }, Id = \"all\")]", "PEN101 nameof(Shop5)")]
    [InlineData("[Union(nameof(Web), null)]", "PEN101 null")]
    [InlineData("[Union(nameof(Web), 5)]", "PEN101 5")]
    [InlineData("[Union(nameof(Web), nameof(Shops), nameof(All))]", "PEN104 nameof(All)")]
    [InlineData("[Union(nameof(Web), nameof(Shops), nameof(Web))]", "PEN123 nameof(Web)")]
    [InlineData("[Union(nameof(Web), nameof(Web), nameof(Web))]", "PEN123 nameof(Web)|PEN123 nameof(Web)")]
    [InlineData("[Union(nameof(Web))]", "PEN122 Union")]
    [InlineData("[Union]", "PEN122 Union")]
    [InlineData("[Union()]", "PEN122 Union")]
    [InlineData("[Union(null)]", "PEN101 null|PEN122 Union")]
    [InlineData("[Union(nameof(Web), nameof(Shops), Prefer = nameof(Shops))]", "")]
    [InlineData("[Union(nameof(Web), nameof(Shops), Prefer = null)]", "PEN132 null")]
    [InlineData("[Union(nameof(Web), nameof(Shops), Prefer = nameof(BigWeb))]", "PEN132 nameof(BigWeb)")]
    [InlineData("[Union(nameof(Web), nameof(Shops), Prefer = \"web\", Id = \"all\")]", "PEN132 \"web\"")]
    [InlineData("[Union(nameof(Web), nameof(Shops))] [KeyBy(nameof(Order.Shop))]", "PEN016 KeyBy")]
    [InlineData("[Union(nameof(Web), nameof(Shops))] [EventTime(nameof(Order.PlacedAt))]", "PEN203 EventTime")]
    [InlineData("[Union(nameof(Web), nameof(Shops))] [Apply<BigOrders>(nameof(Web))]", "PEN103 Apply<BigOrders>")]
    [InlineData("[FileSource(\"more.csv\")] [Union(nameof(Web), nameof(Shops))]", "PEN103 Union")]
    public void Attribute_of_a_union(string attributes, string expected) =>
        Check(
            Program(Sources, $"{Copies}\n    {attributes} [FileSink(\"all.csv\")] public partial Stream<Order> All {{ get; }}"),
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("[FileSource(\"old.csv\")] public partial Stream<Order> Old { get; }", "Old", "PEN212")]
    [InlineData(
        "[FileSource(\"old.csv\")] public partial Stream<Order> Old { get; } [Apply<BigOrders>(nameof(Old))] public partial Stream<Order> Big { get; }",
        "Big",
        "PEN212")]
    [InlineData(
        "[FileSource(\"totals.csv\")] [EventTime(nameof(ShopTotal.Shop))] public partial Stream<ShopTotal> Old { get; }",
        "Old",
        "PEN202 PEN105")]
    [InlineData("[Apply<BigOrders>(nameof(Web))] public partial Stream<Order> Big { get; }", "Big", null)]
    [InlineData(Late, "Late", null)]
    public void Further_input(string stream, string input, string? expected)
    {
        var program = Program(
            Sources,
            $"{stream}\n    [Union(nameof(Web), nameof({input}), nameof(Shops))] [FileSink(\"all.csv\")] public partial Stream<Order> All {{ get; }}");

        Check(
            program,
            expected?.Split(' ').Select(id => id == "PEN202" ? "PEN202 nameof(ShopTotal.Shop)" : $"{id} nameof({input})").ToArray() ?? []);
    }

    [Fact]
    public void Row_of_the_union_is_that_of_its_inputs() =>
        Check(
            Program(Sources, "[Union(nameof(Web), nameof(Shops))] [FileSink(\"all.csv\")] public partial Stream<ShopTotal> All { get; }"),
            "PEN105 nameof(Web)",
            "PEN105 nameof(Shops)");

    [Fact]
    public void Updates_of_a_window_behind_a_map_cannot_be_united() => Check(
        """
        [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += order.Amount;
            [Fire] private Total Close(in Window<string> window) => new(window.Key, window.End, Sum);
        }

        public readonly record struct Total(string Shop, DateTimeOffset End, decimal Sum);
        [Operator] public sealed partial class Rounded { [Map] private static Total Round(in Total total) => total with { Sum = Math.Round(total.Sum) }; }

        """ + Program(Sources, """
        [Apply<Sums>(nameof(Web))] public partial Stream<Total> WebTotals { get; }
            [Apply<Sums>(nameof(Shops))] public partial Stream<Total> Totals { get; }
            [Apply<Rounded>(nameof(Totals))] public partial Stream<Total> Whole { get; }
            [Union(nameof(WebTotals), nameof(Whole))] [FileSink("all.csv")] public partial Stream<Total> All { get; }
        """),
        "PEN124 nameof(WebTotals)",
        "PEN124 nameof(Whole)");

    [Theory]
    [InlineData("[Union(nameof(Web), nameof(Big))]", "All → Big → All", "nameof(Big)")]
    [InlineData("[Union(nameof(Big), nameof(Web))]", "All → Big → All", "nameof(Big)")]
    public void A_cycle_through_any_input_is_found(string union, string cycle, string place)
    {
        var result = TestCompiler.BuildShop(
            Program(
                Sources,
                $"{union} [FileSink(\"all.csv\")] public partial Stream<Order> All {{ get; }} [Apply<BigOrders>(nameof(All))] [FileSink(\"big.csv\")] public partial Stream<Order> Big {{ get; }} [Apply<BigOrders>(nameof(Shops))] [FileSink(\"other.csv\")] public partial Stream<Order> Other {{ get; }}"));

        var found = Assert.Single(result.Penstock);
        Assert.Equal("PEN104", found.Id);
        Assert.EndsWith(cycle, found.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal(place, found.MarkedText());
    }

    [Fact]
    public void A_window_names_the_input_of_a_union_without_event_time()
    {
        var program = Program(
            "[FileSource(\"web.csv\")] public partial Stream<Order> Web { get; } [FileSource(\"shops.csv\")] public partial Stream<Order> Shops { get; }",
            "[Union(nameof(Web), nameof(Shops))] public partial Stream<Order> All { get; } [Apply<RevenuePerShop>(nameof(All))] [FileSink(\"totals.csv\")] public partial Stream<ShopTotal> Totals { get; }");

        Check(program, "PEN204 RevenuePerShop");
    }

    [Fact]
    public void Bad_rows_of_several_sources_are_one_stream() => Check(Program("""
        [FileSource("web.csv", OnBadRow = BadRowPolicy.SideOutput)] [EventTime(nameof(Order.PlacedAt))] [FileSink("a.csv")] public partial Stream<Order> Web { get; }
            [FileSource("shops.csv", OnBadRow = BadRowPolicy.SideOutput)] [FileSink("b.csv")] public partial Stream<Order> Shops { get; }
        """, """
        [SideOutput(nameof(Web), SideOutputs.BadRows)] public partial Stream<BadRow> BadWeb { get; }
            [SideOutput(nameof(Shops), SideOutputs.BadRows)] public partial Stream<BadRow> BadShops { get; }
            [Union(nameof(BadWeb), nameof(BadShops))] [FileSink("bad.jsonl")] public partial Stream<BadRow> Bad { get; }
        """));

    [Fact]
    public void Only_what_is_read_behind_a_union_is_parsed_in_each_source()
    {
        var codecs = TestCompiler.BuildSample("Movements").AssertClean().Text("Movements.Balances.Codecs.g.cs");

        Assert.Equal(["clerk", "reason"], Unread().Matches(codecs).Select(static match => match.Groups[1].Value).Order());
    }

    [Fact]
    public void Filters_behind_a_union_are_followed() => Assert.Equal([
        "customer",
        "weight",
        "customer",
        "weight"
    ], Unread().Matches(TestCompiler.BuildShop(Program(Sources, """
        [Union(nameof(Web), nameof(Shops))] public partial Stream<Order> All { get; }
            [Apply<BigOrders>(nameof(All))] public partial Stream<Order> Big { get; }
            [Apply<RevenuePerShop>(nameof(Big))] [FileSink("totals.csv")] public partial Stream<ShopTotal> Totals { get; }
        """)).AssertClean().Text("Shop.Codecs.g.cs")).Select(static match => match.Groups[1].Value));

    [Fact]
    public void Each_source_of_a_union_reports_the_windows_behind_it()
    {
        var tasks = TestCompiler.BuildSample("Movements").AssertClean().Tasks("Movements.Balances");

        Assert.Equal(2, Day().Count(tasks));
    }

    [Fact]
    public void A_union_takes_the_largest_delay_of_its_inputs() =>
        Assert.Contains(
            "\"SoldAt or PaidAt, out of order by up to 2h\"",
            TestCompiler.BuildSample("Movements").AssertClean().Text("Movements.Balances.Pipeline.g.cs"),
            StringComparison.Ordinal);

    [Fact]
    public void A_union_saves_nothing()
    {
        var result = TestCompiler.BuildLocked("penstock-state-lock 1\n", Repository.Sample("Movements"));
        var locked = result.Run.Results.Single().GeneratedSources
            .Single(static source => source.HintName.Contains("state.lock", StringComparison.Ordinal)).SourceText
            .ToString();

        Assert.Contains("PerDay", locked, StringComparison.Ordinal);
        Assert.DoesNotContain("All", locked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thirty_diamonds_in_a_row_are_compiled_without_walking_every_path()
    {
        var streams = Enumerable.Range(1, 30).Select(static level => $$"""
            [Apply<BigOrders>(nameof(U{{level - 1}}))] public partial Stream<Order> A{{level}} { get; }
            [Apply<BigOrders>(nameof(U{{level - 1}}))] public partial Stream<Order> B{{level}} { get; }
            [Union(nameof(A{{level}}), nameof(B{{level}}))] public partial Stream<Order> U{{level}} { get; }
            """);
        var program = Program(
            "[FileSource(\"orders.csv\")] [EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> U0 { get; }",
            string.Join("\n    ", streams)
                + " [Apply<RevenuePerShop>(nameof(U30))] [FileSink(\"totals.csv\")] public partial Stream<ShopTotal> Totals { get; }");

        // 2^30 paths lead from the source to the window.
        var result = await Task
            .Run(() => TestCompiler.BuildShop(program))
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var tasks = result.AssertClean().Tasks("Shop");
        Assert.Equal(32, TaskClass().Count(tasks));
        Assert.Equal(
            ["customer", "weight"],
            Unread().Matches(result.Text("Shop.Codecs.g.cs")).Select(static match => match.Groups[1].Value));
    }

    private static void Check(string program, params string[] expected) => TestCompiler.BuildShop(program).AssertFinds(expected);

    private static string Program(string sources, string streams) => ProgramText.Pipeline($"{sources}\n    {streams}", "Shop");

    [GeneratedRegex("""^ +new\("(\w+)"[^)]*isRead: false""", RegexOptions.Multiline)]
    private static partial Regex Unread();

    [GeneratedRegex(@"\[new Time::WatermarkGrid\(SizeMicros: 86_400_000_000,")]
    private static partial Regex Day();

    [GeneratedRegex(@"private sealed class \w+Task : ")]
    private static partial Regex TaskClass();
}
