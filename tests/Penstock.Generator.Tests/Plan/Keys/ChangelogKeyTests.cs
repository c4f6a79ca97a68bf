using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Plan.Keys;

/// <summary>The changelog mode of a stream with its key in the plan: the members that identify the versions of a row.</summary>
public sealed partial class ChangelogKeyTests
{
    // Members of the operator that its fire method may use.
    private const string OperatorMembers = """
        private const string Prefix = "-";
        private static int Version => 3;
        private static string Name((string, string) key) => key.Item1;
        private string Changing((string, string) key) => key.Item1 + Sum;
        private Total Make(in Window<(string Shop, string Customer)> window) => new(window.Key.Shop, window.Key.Customer, window.End, Sum);
        """;

    // The row that a fire method creates from a window by shop and customer, and the key of its rows; no key if the rows do not contain it.
    [Theory]
    [InlineData("new(window.Key.Shop, window.Key.Customer, window.End, Sum)", "Shop Customer End")]
    [InlineData("new(window.Key.Item1, window.Key.Customer, window.Start, Sum)", "Shop Customer End")]
    [InlineData("new(Customer: window.Key.Customer, Sum: Sum, End: window.End, Shop: window.Key.Shop)", "Shop Customer End")]
    [InlineData("new(window.Key.Shop + '.', window.Key.Customer + \"!\", window.End.AddDays(1), Sum)", "Shop Customer End")]
    [InlineData("new(window.Key.Shop.Trim(), window.Key.Customer, window.End, Sum)", "")]
    [InlineData("new(window.Key.Shop, window.Key.Customer.Substring(1), window.End, Sum)", "")]
    [InlineData("new(window.Key.Shop, window.Key.Customer, window.Start.Date, Sum)", "")]
    [InlineData("new($\"{window.Key.Shop} {window.Key.Customer}\", \"\", window.End, Sum)", "")]
    [InlineData("new($\"{window.Key.Shop} {window.Key.Customer}\", window.Key.Customer, window.End, Sum)", "")]
    [InlineData("new($\"{window.Key.Shop} {window.Start:O}\", window.Key.Customer, default, Sum)", "Shop Customer")]
    [InlineData("new($\"{window.Key.Shop} {window.Key.Customer} {window.Start:O}\", window.Key.Customer, default, Sum)", "")]
    [InlineData("new(string.Join(\" \", window.Key), \"\", window.End, Sum)", "")]
    [InlineData("new(Name(window.Key), Prefix + window.Key, window.End, Sum)", "")]
    [InlineData("new(Name(window.Key), window.Key.Customer, window.End, Sum)", "")]
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
    [InlineData("row", "Total", "Shop Customer End")]
    [InlineData("row with { Sum = row.Sum + 1 }", "Total", "Shop Customer End")]
    [InlineData("row with { Shop = row.Shop.ToUpperInvariant() }", "Total", "")]
    [InlineData("row with { Shop = row.Customer, Customer = row.Shop }", "Total", "Customer Shop End")]
    [InlineData("row with { Shop = row.Shop + row.Sum }", "Total", "")]
    [InlineData("row with { End = row.End.AddHours(1) }", "Total", "Shop Customer End")]
    [InlineData("row with { End = row.End.Date }", "Total", "")]
    [InlineData("new(row.Shop, row.Customer, row.End, 0)", "Named", "Name Of To")]
    [InlineData("new(row.Shop, row.Customer, row.End.DateTime, 0)", "Named", "")]
    [InlineData("new(row.Shop, row.Customer, row.End, 0) { Name = row.Shop + row.Sum }", "Named", "")]
    [InlineData("new(row.Shop + row.Customer, \"\", row.End, row.Sum)", "Named", "")]
    [InlineData("new($\"{row.Shop} {row.End:O}\", row.Customer, default, row.Sum)", "Named", "Name Of")]
    [InlineData("new(row.Who, \"\", row.End, row.Sum)", "Named", "")]
    [InlineData("new(row.Alias, row.Customer, row.End, row.Sum)", "Named", "Name Of To")]
    [InlineData("new(row.Shop, row.Customer + row.Sum, row.End, 0)", "Named", "")]
    [InlineData("new(row.Shop, row.Half + row.Customer, row.End, 0)", "Named", "")]
    public void Of_a_map_behind_it(string made, string row, string expected) => Assert.Equal(expected, KeyOf(
        Program(
            "new(window.Key.Shop, window.Key.Customer, window.End, Sum)",
            "public string Who => Shop + Customer; public string Alias => Shop; public decimal Half => Sum / 2;",
            $"[Operator] public sealed partial class Behind {{ [Map] private static {row} Make(in Total row) => {made}; }}",
            $"[Apply<Behind>(nameof(Totals))] [Sink<Versions<{row}>>] public partial Stream<{row}> Result {{ get; }}"),
        "Result"));

    // If a window bound is not a multiple of a unit, this is also known after a map.
    [Theory]
    [InlineData("10m", "Name Of To")]
    [InlineData("1500ms", "")]
    public void Seconds_of_a_bound_behind_a_map(string size, string expected) => Assert.Equal(expected, KeyOf(
        Program(
            "new(window.Key.Shop, window.Key.Customer, window.End, Sum)",
            "",
            "[Operator] public sealed partial class Behind { [Map] private static Counted Make(in Total row) => new(row.Shop, row.Customer, row.End.AddDays(1).ToUnixTimeSeconds()); }",
            "[Apply<Behind>(nameof(Totals))] [Sink<Versions<Counted>>] public partial Stream<Counted> Result { get; }")
            .Replace("\"10m\"", $"\"{size}\"", StringComparison.Ordinal),
        "Result"));

    // A row type whose members may have other values than its constructor receives, and a row that is created from it.
    [Theory]
    [InlineData("record struct Kept(string Id, DateTimeOffset End, decimal Sum)", "new(key, row.End, row.Sum)", "Id End")]
    [InlineData(
        "record struct Kept(string Id, DateTimeOffset End, decimal Sum) { public string Id { get; init; } = Id; }",
        "new(key, row.End, row.Sum)",
        "Id End")]
    [InlineData(
        "record struct Kept(string Id, DateTimeOffset End, decimal Sum) { public string Id { get; init; } = Id.Trim(); }",
        "new(key, row.End, row.Sum)",
        "")]
    [InlineData(
        "record struct Kept(string Id, DateTimeOffset End, decimal Sum) { public string Id { get => field.Trim(); init; } = Id; }",
        "new(key, row.End, row.Sum)",
        "")]
    [InlineData(
        "record struct Kept(string Id, DateTimeOffset End, decimal Sum) { private string _id = Id; public string Id { get => _id; init => _id = value.Trim(); } }",
        "new(key, row.End, row.Sum)",
        "")]
    [InlineData(
        "record struct Kept(string Id, DateTimeOffset End, decimal Sum) { public Kept(DateTimeOffset end, string id, decimal sum) : this(id.Trim(), end, sum) { } }",
        "new(row.End, key, row.Sum)",
        "")]
    [InlineData(
        "class Kept { public Kept(string id, DateTimeOffset end) { Id = id; End = end; } public string Id { get; } public DateTimeOffset End { get; } public decimal Sum { get; set; } }",
        "new(key, row.End) { Sum = row.Sum }",
        "Id End")]
    [InlineData(
        "class Kept { public Kept(string id, DateTimeOffset end) => (Id, End) = (id, end); public string Id { get; } public DateTimeOffset End { get; } public decimal Sum { get; set; } }",
        "new(key, row.End) { Sum = row.Sum }",
        "Id End")]
    [InlineData(
        "class Kept { public Kept(string id, DateTimeOffset end) { Id = id.Trim(); End = end; } public string Id { get; } public DateTimeOffset End { get; } public decimal Sum { get; set; } }",
        "new(key, row.End) { Sum = row.Sum }",
        "")]
    [InlineData(
        "class Kept { public Kept(string id, DateTimeOffset end) { Id = id; End = end; Cut(); } private void Cut() => Id = Id.Trim(); public string Id { get; private set; } public DateTimeOffset End { get; } public decimal Sum { get; set; } }",
        "new(key, row.End) { Sum = row.Sum }",
        "")]
    [InlineData(
        "class Kept { public string Id { get; set; } = \"\"; public DateTimeOffset End { get; set; } public decimal Sum { get; set; } }",
        "new() { Id = key, End = row.End }",
        "Id End")]
    [InlineData(
        "class Kept { public string Id { get; set; } = \"\"; public DateTimeOffset End { get; set; } public decimal Sum { get => 0; set => Id = \"\"; } }",
        "new() { Id = key, End = row.End, Sum = row.Sum }",
        "")]
    [InlineData(
        "class Kept { public virtual string Id { get; set; } = \"\"; public DateTimeOffset End { get; set; } public decimal Sum { get; set; } }",
        "new() { Id = key, End = row.End }",
        "")]
    public void Of_a_row_that_makes_something_else_of_what_it_is_given(
        string type,
        string made,
        string expected) => Assert.Equal(expected, KeyOf(
        ByShop(
            $"public {type}{(type.EndsWith('}') ? "" : ";")}\n[Operator] public sealed partial class Behind {{ [Map] private static Kept Make(in Total row) => {made.Replace("key", "row.Shop", StringComparison.Ordinal)}; }}",
            "[Apply<Behind>(nameof(Totals))] [Sink<Versions<Kept>>] public partial Stream<Kept> Result { get; }"),
        "Result"));

    // A change of a row before a copy, or in it.
    [Theory]
    [InlineData("public record Copied(string Id, DateTimeOffset End, decimal Sum);", "Copied row", "=> row with { Sum = 0 }", "Id End")]
    [InlineData(
        "public record Copied(string Id, DateTimeOffset End, decimal Sum);",
        "Copied row",
        "{ var sum = row.Sum + 1; return row with { Sum = sum }; }",
        "Id End")]
    [InlineData(
        "public record Copied(string Id, DateTimeOffset End, decimal Sum) { public string Id { get; set; } = Id; }",
        "Copied row",
        "{ row.Id = \"\"; return row with { Sum = 0 }; }",
        "")]
    [InlineData(
        "public record Copied(string Id, DateTimeOffset End, decimal Sum) { public string Id { get; set; } = Id; public int Cut() { Id = \"\"; return 0; } }",
        "in Copied row",
        "=> row with { Sum = row.Cut() }",
        "")]
    [InlineData(
        "public record Copied(string Id, DateTimeOffset End, decimal Sum) { private Copied(Copied other, int more) : this(other) { } protected Copied(Copied other) { Id = other.Id.Trim(); End = other.End; } }",
        "in Copied row",
        "=> row with { Sum = 0 }",
        "")]
    [InlineData(
        "public record struct Copied(string Id, DateTimeOffset End, decimal Sum);",
        "Copied row",
        "{ row.Id = \"\"; return row with { Sum = 0 }; }",
        "")]
    [InlineData(
        "public record struct Copied(string Id, DateTimeOffset End, decimal Sum);",
        "Copied row",
        "{ row = default; return row with { Sum = 0 }; }",
        "")]
    [InlineData(
        "public record struct Copied(string Id, DateTimeOffset End, decimal Sum) { public decimal More { get => Sum; set => Id = \"\"; } }",
        "in Copied row",
        "=> row with { More = 1 }",
        "")]
    [InlineData(
        "public record struct Copied(string Id, DateTimeOffset End, decimal Sum) { public decimal More { get; set; } }",
        "in Copied row",
        "=> row with { More = 1 }",
        "Id End")]
    public void Of_a_copy(string type, string parameter, string body, string expected) => Assert.Equal(expected, KeyOf(
        ByShop($$"""
            {{type}}
            [Operator] public sealed partial class First { [Map] private static Copied Make(in Total row) => new(row.Shop, row.End, row.Sum); }
            [Operator] public sealed partial class Behind { [Map] private static Copied Make({{parameter}}) {{body}}{{(body.StartsWith('=') ? ";" : "")}} }
            """,
                "[Apply<First>(nameof(Totals))] public partial Stream<Copied> Copies { get; } [Apply<Behind>(nameof(Copies))] [Sink<Versions<Copied>>] public partial Stream<Copied> Result { get; }"),
        "Result"));

    [Fact]
    public void A_window_that_fires_once_makes_new_rows() =>
        Assert.Null(KeyOf(
            Program("new(window.Key.Shop, window.Key.Customer, window.End, Sum)", "", "", "").Replace(", AllowedLateness = \"1m\"", ""),
            "Totals"));

    private static string? KeyOf(string program, string stream)
    {
        var result = TestCompiler.BuildShop(program);
        result.AssertClean();
        return KeyIn(result, stream);
    }

    /// <summary>Returns the members that identify the versions of a row in the plan; null for a stream without updates.</summary>
    internal static string? KeyIn(BuildResult result, string stream)
    {
        var nodes = result.Files.SelectMany(file => Node().Matches(result.Unbroken(file)));
        var node = Assert.Single(nodes, match => match.Groups["id"].Value == stream);
        var key = Upsert().Match(node.Value);
        return key.Success
            ? key.Groups[1].Value.Replace("\"", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)
            : null;
    }

    // Up to the next node.
    [GeneratedRegex(
        """new\( ?"(?<id>[^"]*)", global::Penstock\.PlanNodeKind\.Operator,.*?(?=new\( ?"[^"]*", global::Penstock\.PlanNodeKind|$)""")]
    private static partial Regex Node();

    [GeneratedRegex(@"Changelog = new\( ?global::Penstock\.ChangelogMode\.Upsert, \[([^\]]*)\]\)")]
    private static partial Regex Upsert();

    // Windows by shop alone.
    private static string ByShop(
        string operators,
        string streams) => Program("new(window.Key, window.Key, window.End, Sum)", "", operators, streams)
        .Replace("KeyBy(nameof(Order.Shop), nameof(Order.Customer))", "KeyBy(nameof(Order.Shop))", StringComparison.Ordinal)
        .Replace("Window<(string Shop, string Customer)>", "Window<string>", StringComparison.Ordinal)
        .Replace("window.Key.Shop", "window.Key", StringComparison.Ordinal)
        .Replace("window.Key.Customer", "window.Key", StringComparison.Ordinal);

    private static string Program(string fired, string members, string operators, string streams) => ProgramText.Connectors
        + ProgramText.Sums(fired, "(IPrefix? services = null)", "services == null ? order.Amount : 0", OperatorMembers, members)
        + $$"""
        public readonly record struct Counted(string Name, string Of, long To);
        public readonly record struct Named(string Name, string Of, DateTimeOffset To, decimal Sum);
        public interface IPrefix;

        {{operators}}

        {{ProgramText.Shop($"[Apply<Sums>(nameof(Orders))] [Sink<Versions<Total>>] public partial Stream<Total> Totals {{ get; }} {streams}")}}
        """;
}
