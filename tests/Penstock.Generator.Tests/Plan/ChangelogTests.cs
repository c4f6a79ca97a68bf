using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Plan;

/// <summary>
/// Operators that may follow a window that fires again: those that keep one row for each version, identifiable by its key and window.
/// </summary>
public sealed class ChangelogTests
{
    private const string Totals =
        "[Apply<Sums>(nameof(Orders))] [FileSink(\"totals.csv\", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Total> Totals { get; }";

    [Theory]
    [InlineData("[Filter] private static bool Keep(in Total row) => row.Sum > 1;", "Total", null)]
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
    [InlineData(
        "[Map] private static ShopTotal Text(in Total row) => new($\"{row.Shop} {row.Customer} {row.End}\", row.Sum);",
        "ShopTotal",
        null)]
    [InlineData(
        "[Map] private static ShopTotal Text(in Total row) { var text = row.Shop + row.Customer + row.End; return new ShopTotal(text, row.Sum); }",
        "ShopTotal",
        null)]
    [InlineData(
        "[Map] private static Open Text(in Total row) => new() { Shop = row.Shop, Customer = row.Customer, When = row.End };",
        "Open",
        null)]
    [InlineData("[Map] private static Open Text(in Total row) { return new Open { Shop = row.Shop, When = row.End }; }", "Open", "PEN121")]
    public void Operator_behind_a_window_that_fires_again(string method, string row, string? expected)
    {
        var program = Program(
            $"[Operator] public sealed partial class Behind {{ {method} }}",
            $"[Apply<Behind>(nameof(Totals))] [Sink<Versions<{row}>>] public partial Stream<{row}> Result {{ get; }}");
        Check(expected, TestCompiler.BuildShop(program));

        // The same pipeline without lateness is valid.
        TestCompiler.BuildShop(program.Replace(", AllowedLateness = \"1m\"", "")).AssertClean();
    }

    // What the row computes, and what a map computes from it.
    [Theory]
    [InlineData("public string Id => Shop + Customer + End;", "string", "row.Id", null)]
    [InlineData("public string Who => Shop + Customer; public string Id { get { return $\"{Who} {End}\"; } }", "string", "row.Id", null)]
    [InlineData("public string Id { get; } = Shop + Customer + End;", "string", "row.Id", null)]
    [InlineData("public string Id() => Shop + Customer + End;", "string", "row.Id()", null)]
    [InlineData("public string Id(int length) => (Shop + Customer + End)[..length];", "string", "row.Id(3)", null)]
    [InlineData("public string this[int part] => part == 0 ? Shop + Customer : $\"{End}\";", "string", "row[0] + row[1]", null)]
    [InlineData("public static implicit operator string(Total row) => row.Shop + row.Customer + row.End;", "string", "row", null)]
    [InlineData("", "string", "row.Describe()", null)]
    [InlineData("", "string", "row.Describe(3)", null)]
    [InlineData("", "string", "$\"{row}\"", null)]
    [InlineData("", "string", "string.Concat(row)", null)]
    [InlineData("", "string", "row is { Shop: var shop, Customer: var customer, End: var end } ? shop + customer + end : \"\"", null)]
    [InlineData("", "string", "row switch { var (shop, customer, end, _) => shop + customer + end }", null)]
    [InlineData("", "string", "(row with { Sum = 0 }).ToString()", null)]
    [InlineData("public string Id => Shop + Customer + End;", "ShopTotal", "new(row.Id, row.Sum)", null)]
    [InlineData("public string Id() => Shop + Customer + End;", "ShopTotal", "new(row.Id(), row.Sum)", null)]
    [InlineData("public string Who => Shop + Customer;", "ShopTotal", "new(row.Who + row.End, row.Sum)", null)]
    [InlineData("", "ShopTotal", "new(row.Describe(), row.Sum)", null)]
    [InlineData("", "ShopTotal", "new(row.Describe(3), row.Sum)", null)]
    [InlineData("", "ShopTotal", "new(row.ToString(), row.Sum)", null)]
    [InlineData("", "ShopTotal", "new($\"{row}\", row.Sum)", null)]
    [InlineData(
        "",
        "ShopTotal",
        "new(row is { Shop: var shop, Customer: var customer, End: var end } ? shop + customer + end : \"\", row.Sum)",
        null)]
    [InlineData("public string Id => Shop + Customer + End;", "Total", "row with { Shop = row.Id, Customer = \"\", End = default }", null)]
    [InlineData("public decimal Twice => Sum * 2;", "decimal", "row.Twice", "PEN121")]
    [InlineData("public decimal Half() => Sum / 2;", "decimal", "row.Half()", "PEN121")]
    [InlineData("public string Who => Shop + Customer;", "string", "row.Who", "PEN121")]
    [InlineData("public string Zone => \"north\";", "string", "row.Zone", "PEN121")]
    [InlineData("public string Zone { get; init; } = \"north\";", "string", "row.Zone", "PEN121")]
    [InlineData("public string Who => Shop + Customer;", "ShopTotal", "new(row.Who, row.Sum)", "PEN121")]
    [InlineData("public decimal Twice => Sum * 2;", "ShopTotal", "new(row.Shop + row.End, row.Twice)", "PEN121")]
    [InlineData("public string Zone() => \"north\";", "Total", "row with { End = default, Customer = row.Zone() }", "PEN121")]
    public void What_a_row_computes_is_followed_to_what_it_is_computed_from(string members, string result, string value, string? expected)
    {
        var program = Program($$"""
            public static class Extensions
            {
                public static string Describe(this in Total row) => row.ToString();
                public static string Describe(this in Total row, int length) => row.ToString()[..length];
            }

            [Operator] public sealed partial class Behind { [Map] private static {{result}} Make(in Total row) => {{value}}; }
            """, $"[Apply<Behind>(nameof(Totals))] [Sink<Versions<{result}>>] public partial Stream<{result}> Result {{ get; }}")
            .Replace("decimal Sum);", $"decimal Sum) {{ {members} }}");
        Check(expected, TestCompiler.BuildShop(program));
    }

    [Theory]
    [InlineData(
        "public Total(string shop, string customer, DateTimeOffset end, decimal sum) { (Shop, Customer, End) = (shop, customer, end); Sum = sum; Id = shop + customer + end; }",
        "row.Id",
        null)]
    [InlineData(
        "public Total(string shop, string customer, DateTimeOffset end, decimal sum) { Shop = shop; Customer = customer; End = end; Sum = sum; Id = \"\"; }",
        "row.Sum.ToString()",
        "PEN121")]
    public void What_a_constructor_stores_is_followed(string constructor, string value, string? expected)
    {
        var program = Program(
            $"[Operator] public sealed partial class Behind {{ [Map] private static string Make(in Total row) => {value}; }}",
            "[Apply<Behind>(nameof(Totals))] [Sink<Versions<string>>] public partial Stream<string> Result { get; }")
            .Replace("public readonly record struct Total(string Shop, string Customer, DateTimeOffset End, decimal Sum);", $$"""
                public sealed class Total
                {
                    public string Shop { get; }
                    public string Customer { get; }
                    public DateTimeOffset End { get; }
                    public decimal Sum { get; }
                    public string Id { get; }
                    {{constructor}}
                }
                """)
            .Replace("[FileSink(\"totals.csv\", Changelog = ChangelogFormat.EveryVersion)]", "[Sink<Versions<Total>>]");
        Check(expected, TestCompiler.BuildShop(program));
    }

    [Theory]
    [InlineData("[Filter] private static bool Keep(in Renamed row) => row.Sum > 1;", "Renamed", null)]
    [InlineData("[Map] private static ShopTotal Less(in Renamed row) => new(row.Name, row.Sum);", "ShopTotal", "PEN121")]
    [InlineData("[Map] private static Renamed Same(in Renamed row) => new(row.Name, row.Of, row.To, 0);", "Renamed", null)]
    public void Versions_are_followed_through_maps(
        string method,
        string row,
        string? expected) => Check(expected, TestCompiler.BuildShop(Program($$"""
        public readonly record struct Renamed(string Name, string Of, DateTimeOffset To, decimal Sum);
        [Operator] public sealed partial class First { [Map] private static Renamed Rename(in Total row) => new(row.Shop, row.Customer, row.End, row.Sum); }
        [Operator] public sealed partial class Second { {{method}} }
        """, $$"""
        [Apply<First>(nameof(Totals))] public partial Stream<Renamed> Renamed { get; }
        [Apply<Second>(nameof(Renamed))] [Sink<Versions<{{row}}>>] public partial Stream<{{row}}> Result { get; }
        """)));

    // Values that are computed only from the key are the same in all versions; other values may differ.
    [Theory]
    [InlineData("row.Shop.Substring(0, 1)", null)]
    [InlineData("row.Shop.Trim().ToUpperInvariant() + Prefix", null)]
    [InlineData("row.Area", null)]
    [InlineData("row.AreaOf()", null)]
    [InlineData("Area(row.Shop)", null)]
    [InlineData("string.Join(\"-\", row.Shop, row.Customer)", null)]
    [InlineData("row.End.Date.ToString(\"d\", System.Globalization.CultureInfo.InvariantCulture)", null)]
    [InlineData("row.Shop + row.Sum", "PEN130")]
    [InlineData("row.Shop + Guid.NewGuid()", "PEN130")]
    [InlineData("row.Shop + DateTimeOffset.UtcNow", "PEN130")]
    [InlineData("row.Shop + Registry.Version", "PEN130")]
    [InlineData("Registry.Next(row.Shop)", "PEN130")]
    [InlineData("row.Shop.Numbered()", "PEN130")]
    [InlineData("row.Numbered", "PEN130")]
    [InlineData("row.Shop + row.Shop.GetHashCode()", "PEN130")]
    [InlineData("row.End.ToLocalTime().ToString()", "PEN130")]
    [InlineData("Changing(row.Shop)", "PEN130")]
    [InlineData("row.Shop + Count", "PEN130")]
    [InlineData("(string)new Registry(row.Shop)", "PEN130")]
    public void Key_of_an_operator_that_takes_updates(string area, string? expected)
    {
        var program = Program($$"""
            public readonly record struct Placed(string Shop, string Customer, DateTimeOffset End, decimal Sum, string Area);

            public sealed class Registry(string text)
            {
                private readonly string _text = text;
                private static int _next;
                public static int Version => _next;
                public static string Next(string shop) => shop + _next++;
                public static explicit operator string(Registry registry) => registry._text;
            }

            public static class Numbers { public static string Numbered(this string shop) => Registry.Next(shop); }

            [Operator] public sealed partial class Place
            {
                private const string Prefix = "x";
                private static int Count => Registry.Version;
                [Map] private static Placed Make(in Total row) => new(row.Shop, row.Customer, row.End, row.Sum, {{area}});
                private static string Area(string shop) => shop.Length < 2 ? shop : shop.Substring(0, 1);
                private static string Changing(string shop) => shop + Registry.Version;
            }

            [Operator, KeyBy(nameof(Placed.Area))] public sealed partial class PerArea
            {
                [State] private partial MapState<string, decimal> Sums { get; }
                [Process(AcceptsUpdates = true)] private void On(in Placed row, in Context context, ref Output<decimal> output) { Sums.GetOrAdd(row.Shop) = row.Sum; output.Emit(row.Sum); }
            }
            """,
                "[Apply<Place>(nameof(Totals))] public partial Stream<Placed> Placed { get; } [Apply<PerArea>(nameof(Placed))] [Sink<Versions<decimal>>] public partial Stream<decimal> Result { get; }")
            .Replace(
                "decimal Sum);",
                "decimal Sum) { public string Area => Shop.Trim(); public string AreaOf() => Shop.Substring(0, 1); public string Numbered => Registry.Next(Shop); }")
            .Replace(
                "decimal Sum, string Area) { public string Area => Shop.Trim(); public string AreaOf() => Shop.Substring(0, 1); public string Numbered => Registry.Next(Shop); }",
                "decimal Sum, string Area);");
        var result = TestCompiler.BuildShop(program);

        // Reading a clock or random numbers also gives a warning.
        Assert.Equal(
            expected == null ? [] : [expected],
            result.Penstock.Select(static found => found.Id).Where(static id => id != "PEN308"));
        Assert.DoesNotContain(
            result.Diagnostics,
            static found => found.Severity == DiagnosticSeverity.Error && found.Id.StartsWith("CS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("row with { Sum = 0 }", null)]
    [InlineData("row with { Customer = row.Customer.Trim() }", "PEN131")]
    [InlineData("row with { End = row.End.Date }", "PEN131")]
    public void An_operator_that_accepts_updates_needs_rows_that_the_key_distinguishes(
        string made,
        string? expected) => Check(expected, TestCompiler.BuildShop(Program($$"""
        [Operator] public sealed partial class First { [Map] private static Total Make(in Total row) => {{made}}; }
        [Operator, KeyBy(nameof(Total.Shop))] public sealed partial class PerShop
        {
            [State] private partial MapState<string, decimal> Sums { get; }
            [Process(AcceptsUpdates = true)] private void On(in Total row, in Context context, ref Output<decimal> output) => Sums.GetOrAdd(row.Customer) = row.Sum;
        }
        """,
            "[Apply<First>(nameof(Totals))] public partial Stream<Total> Changed { get; } [Apply<PerShop>(nameof(Changed))] [Sink<Versions<decimal>>] public partial Stream<decimal> Result { get; }")));

    [Theory]
    [InlineData("[Filter] private static bool Keep(in Total row) => row.Sum > 1;", "row with { Sum = 0 }", null)]
    [InlineData("[Filter] private static bool Keep(in Total row) => row.Sum > 1;", "row with { Shop = row.Shop.Trim() }", "PEN131")]
    public void A_filter_needs_rows_that_the_key_distinguishes(
        string filter,
        string made,
        string? expected) => Check(expected, TestCompiler.BuildShop(Program($$"""
        [Operator] public sealed partial class First { [Map] private static Total Make(in Total row) => {{made}}; }
        [Operator] public sealed partial class Behind { {{filter}} }
        """,
            "[Apply<First>(nameof(Totals))] public partial Stream<Total> Changed { get; } [Apply<Behind>(nameof(Changed))] [Sink<Versions<Total>>] public partial Stream<Total> Result { get; }")));

    [Fact]
    public void An_operator_that_accepts_updates_needs_the_context_with_their_row_kind()
    {
        var program = Program("""
            [Operator, KeyBy(nameof(Total.Shop))] public sealed partial class PerShop
            {
                [State] private partial ref decimal Sum { get; }
                [Process(AcceptsUpdates = true)] private void On(in Total row, ref Output<decimal> output) => Sum += row.Sum;
            }
            """, "[Apply<PerShop>(nameof(Totals))] [Sink<Versions<decimal>>] public partial Stream<decimal> Result { get; }");
        var found = Assert.Single(TestCompiler.BuildShop(program).Penstock);
        Assert.Equal("PEN008", found.Id);
        Assert.Equal("On", found.MarkedText());
        Assert.Contains(
            "it takes updates, but has no 'in Context' parameter, which tells which of them delete a row",
            found.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
        TestCompiler.BuildShop(program.Replace("in Total row, ref", "in Total row, in Context context, ref"))
            .AssertClean();
    }

    [Fact]
    public void Late_rows_are_no_versions() => TestCompiler.BuildShop(Program("", """
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

    private static string Program(string operators, string streams) => ProgramText.Connectors + ProgramText.Sums() + $$"""
        public sealed class Open { public string Shop { get; set; } = ""; public string Customer { get; set; } = ""; public DateTimeOffset When { get; set; } }

        {{operators}}

        {{ProgramText.Shop($"{Totals} {streams}")}}
        """;
}
