using System.Globalization;
using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Tests.Schemas;

namespace Penstock.Generator.Tests.Operators;

/// <summary>The first and the last row of each key: possible errors, what is saved, and the streams that may follow.</summary>
public sealed class KeepTests
{
    private const string Timed =
        "[FileSource(\"web.csv\")] [EventTime(nameof(Order.PlacedAt), MaxDelay = \"5s\")] [FileSink(\"copy.csv\")] public partial Stream<Order> Web { get; }";

    private const string Untimed = "[FileSource(\"web.csv\")] [FileSink(\"copy.csv\")] public partial Stream<Order> Web { get; }";

    private const string Last =
        "[KeepLast(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Shop))] [FileSink(\"kept.csv\", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Order> Kept { get; }";

    // The marked text of each finding, in the order of the code. The findings of both kinds are the same.
    [Theory]
    [InlineData("(nameof(Web), Unbounded = true)", "KeyBy(nameof(Order.Shop))", "")]
    [InlineData("(nameof(Web), Ttl = \"1d\")", "KeyBy(nameof(Order.Shop), nameof(Order.Customer))", "")]
    [InlineData("(nameof(Web), Unbounded = true, OrderBy = nameof(Order.Amount))", "KeyBy(nameof(Order.Shop))", "")]
    [InlineData("(nameof(Web), Unbounded = true, OrderBy = \"Customer\")", "KeyBy(nameof(Order.Shop))", "")]
    [InlineData("(nameof(Web), Unbounded = true, OrderBy = \"Custamer\")", "KeyBy(nameof(Order.Shop))", "PEN134 \"Custamer\"")]
    [InlineData("(nameof(Web), Unbounded = true, OrderBy = null)", "KeyBy(nameof(Order.Shop))", "PEN134 null")]
    [InlineData("(nameof(Web), Unbounded = true, OrderBy = nameof(Order.Weight))", "KeyBy(nameof(Order.Shop))", "PEN135 nameof(Order.Weight)")]
    [InlineData("(nameof(Web), Unbounded = true)", "KeyBy(\"Shap\")", "PEN108 \"Shap\"")]
    [InlineData("(nameof(Web), Unbounded = true)", "KeyBy()", "PEN108 KeyBy")]
    [InlineData("(nameof(Web), Unbounded = true)", "KeyBy(nameof(Order.Weight))", "PEN109 nameof(Order.Weight)")]
    [InlineData("(nameof(Web))", "KeyBy(nameof(Order.Shop))", "PEN328 KIND")]
    [InlineData("(nameof(Web), Ttl = \"1d\", Unbounded = true)", "KeyBy(nameof(Order.Shop))", "PEN329 true")]
    [InlineData("(nameof(Web), Ttl = \"\")", "KeyBy(nameof(Order.Shop))", "PEN322 \"\"")]
    [InlineData("(nameof(Wep), Unbounded = true)", "KeyBy(nameof(Order.Shop))", "PEN101 nameof(Wep)")]
    [InlineData("(nameof(Web), Unbounded = true)", "Parallelism(2)", "PEN110 KIND")]
    public void Attribute(string arguments, string other, string expected)
    {
        foreach (var kind in (string[])["KeepFirst", "KeepLast"])
        {
            Check(
                Program(
                    Timed,
                    $"[{kind}{arguments}] [{other}] [FileSink(\"kept.csv\", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Order> Kept {{ get; }}"),
                expected.Replace("KIND", kind, StringComparison.Ordinal).Split('|', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Theory]
    [InlineData("Unbounded = true", "PEN227 KeepLast")]
    [InlineData("Unbounded = true, OrderBy = \"Placed\"", "PEN134 \"Placed\"")]
    [InlineData("Unbounded = true, OrderBy = nameof(Order.PlacedAt)", "")]
    [InlineData("Ttl = \"1d\", OrderBy = nameof(Order.PlacedAt)", "")]
    [InlineData("Ttl = \"1d\", OrderBy = nameof(Order.PlacedAt), TtlTime = TtlTime.EventTime", "PEN325 TtlTime.EventTime")]
    public void Without_event_time(string options, string expected) => Check(
        Program(
            Untimed,
            $"[KeepLast(nameof(Web), {options})] [KeyBy(nameof(Order.Shop))] [FileSink(\"kept.csv\", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Order> Kept {{ get; }}"),
        expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("int?", "")]
    [InlineData("DayOfWeek", "")]
    [InlineData("string?", "")]
    [InlineData("Guid", "")]
    [InlineData("float", "PEN135 nameof(Row.Order)")]
    [InlineData("double?", "PEN135 nameof(Row.Order)")]
    [InlineData("(int, int)", "PEN135 nameof(Row.Order)")]
    [InlineData("(int, int)?", "PEN135 nameof(Row.Order)")]
    [InlineData("List<int>", "PEN135 nameof(Row.Order)")]
    public void Type_of_the_order(string type, string expected) => TestCompiler.Build($$"""
        public sealed record Row(string Key) { public {{type}} Order { get; init; } = default!; }

        [Pipeline]
        public sealed partial class Shop
        {
            [Source<Rows>] public partial Stream<Row> All { get; }
            [KeepFirst(nameof(All), OrderBy = nameof(Row.Order), Unbounded = true)] [KeyBy(nameof(Row.Key))] [Sink<Versions<Row>>] public partial Stream<Row> First { get; }
        }

        public sealed class Rows : Nothing<Row>;

        """ + ProgramText.Connectors).AssertFinds(expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    // What follows has updates by the key, and the messages name the attribute and no window.
    [Theory]
    [InlineData("[Apply<BigOrders>(nameof(Kept))] [FileSink(\"a.csv\", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Order> Big { get; }", "", "")]
    [InlineData(
        "[Apply<BigOrders>(nameof(Kept))] [FileSink(\"a.csv\")] public partial Stream<Order> Big { get; }",
        "PEN540 FileSink",
        "in stream 'Big' (upsert by Shop) a row replaces the previous one with the same key: set Changelog, for example to ChangelogFormat.OpColumn, or write the input of [KeepLast] instead")]
    [InlineData(
        "[Apply<BigOrders>(nameof(Kept))] [FileSink(\"a.csv\", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Order> Big { get; }",
        "PEN542 ChangelogFormat.EveryVersion",
        "")]
    [InlineData(
        "[Apply<RevenuePerShop>(nameof(Kept))] [FileSink(\"a.csv\")] public partial Stream<ShopTotal> Totals { get; }",
        "PEN118 nameof(Kept)",
        "stream 'Kept' (upsert by Shop) emits another row of the same key when that takes the place of the first one: read the input of [KeepLast] instead, or write")]
    [InlineData(
        "[Distinct(nameof(Kept), Unbounded = true)] [KeyBy(nameof(Order.Shop))] [FileSink(\"a.csv\")] public partial Stream<Order> Once { get; }",
        "PEN118 nameof(Kept)",
        "Operator 'Distinct' treats every row as new")]
    [InlineData(
        "[KeepFirst(nameof(Kept), Unbounded = true)] [KeyBy(nameof(Order.Shop))] [FileSink(\"a.csv\", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Order> Once { get; }",
        "PEN118 nameof(Kept)",
        "Operator 'KeepFirst' treats every row as new")]
    [InlineData(
        "[Union(nameof(Web), nameof(Kept))] [FileSink(\"a.csv\")] public partial Stream<Order> All { get; }",
        "PEN124 nameof(Kept)",
        "unite the streams before [KeepLast]")]
    [InlineData(
        "[Apply<Twice>(nameof(Kept))] [FileSink(\"a.csv\")] public partial Stream<Order> All { get; }",
        "PEN120 nameof(Kept)",
        "put the operator before [KeepLast] or write the stream to a sink")]
    [InlineData(
        "[Apply<Shopless>(nameof(Kept))] [FileSink(\"a.csv\", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Order> All { get; }",
        "PEN121 nameof(Kept)",
        "drops the key ('Shop') of 'Kept', which emits another row of the same key when that takes the place of the first one, so a new version")]
    [InlineData(
        "[Apply<BigOrders>(nameof(Kept))] [Parallelism(2)] [FileSink(\"a.csv\", Changelog = ChangelogFormat.OpColumn)] public partial Stream<Order> Big { get; }",
        "PEN128 Parallelism",
        "put [Parallelism] on 'Kept', whose task then contains 'Big'")]
    public void Streams_that_follow(string stream, string expected, string message)
    {
        var result = TestCompiler.BuildShop(
            """
            [Operator] public sealed partial class Twice { [FlatMap] private static void Split(in Order row, ref Output<Order> output) => output.Emit(in row); }
            [Operator] public sealed partial class Shopless { [Map] private static Order Make(in Order row) => row with { Shop = "" }; }

            """ + Program(Timed, $"{Last}\n    {stream}"));

        result.AssertFinds(expected.Split('|', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(result.Penstock, found =>
        {
            var text = found.GetMessage(CultureInfo.InvariantCulture);
            Assert.Contains(message, text, StringComparison.Ordinal);
            Assert.DoesNotContain("indow", text, StringComparison.Ordinal);
            Assert.DoesNotContain("AllowedLateness", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_plan_shows_the_order_and_the_key_of_updates()
    {
        var plan = TestCompiler.BuildSample("Firsts").AssertClean().Text("Firsts.Payments.Pipeline.g.cs");

        Assert.Contains("\"Latest: last by event time\"", plan, StringComparison.Ordinal);
        Assert.Contains("\"FirstDevice: first by Device within 7d\"", plan, StringComparison.Ordinal);
        Assert.Contains("ChangelogMode.Upsert, [\"Account\"]", plan, StringComparison.Ordinal);
        Assert.Contains("ChangelogMode.Upsert, [\"Account\", \"Amount\"]", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_has_the_order_and_the_deadline()
    {
        var locked = TestCompiler.BuildLocked("penstock-state-lock 1\n", Repository.Sample("Firsts"))
            .Text("penstock.state.lock.g.cs");

        Assert.Contains("Latest: keyed(string){Order:int64}", locked, StringComparison.Ordinal);
        Assert.Contains("FirstDevice: keyed(string,decimal){Expires:int64;Order:string}", locked, StringComparison.Ordinal);
    }

    // The row is not saved, so its other members may change; the order may become a wider number.
    [Theory]
    [InlineData("int Number", "Unbounded = true", "int Number, string? More = null", "Unbounded = true")]
    [InlineData("int Number", "Unbounded = true", "long Number", "Unbounded = true")]
    [InlineData("int Number", "Unbounded = true", "int Number", "Ttl = \"1h\"")]
    [InlineData("short Number", "Ttl = \"1h\"", "int Number", "Unbounded = true")]
    public void Kept_rows_are_remembered_over_a_change_of_the_row(string before, string old, string after, string now)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-keep");
        try
        {
            var first = Evolving(before, old).Run(folder.FullName, [("a", 5), ("b", 2), ("a", 3), ("a", 5), ("a", 6)]);
            var second = Evolving(after, now).Run(folder.FullName, [("a", 5), ("c", 5), ("b", 2), ("a", 7), ("b", 1)], parallelism: 2);

            Assert.Equal(["a=5", "b=2", "a=5", "a=6"], first);
            Assert.Equal(["a=7", "b=2", "c=5"], second.Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Another_type_of_the_order_is_refused()
    {
        var refused = EvolutionRun.Refusal(Evolving("long Number", "Unbounded = true"), Evolving("short Number", "Unbounded = true"));

        Assert.Contains("field 'Order' was saved as int64 and is now int16", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_order_than_that_of_the_lock_is_reported_at_the_attribute()
    {
        const string Locked = """
            penstock-state-lock 1

            [Shop]
            Kept: keyed(string){Order:string}
            Web: splits{}
            """;

        var found = Assert.Single(TestCompiler.BuildLocked(Locked, DiagnosticPage.Shared + Program(Timed, Last)).Penstock);
        Assert.Equal(("PEN315", "KeepLast"), (found.Id, found.MarkedText()));
    }

    private static EvolvingProgram Evolving(string members, string options) => EvolvingProgram.Load($$"""
        using System.Linq;
        using Penstock.Testing;

        public readonly record struct Row(string Key, DateTime At, {{members}});

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("in.csv"), EventTime(nameof(Row.At))] public partial Stream<Row> Rows { get; }
            [KeepLast(nameof(Rows), {{options}}, OrderBy = nameof(Row.Number)), KeyBy("Key"), FileSink("out.csv", Changelog = ChangelogFormat.EveryVersion)]
            public partial Stream<Row> Result { get; }
        }

        public static class Rows
        {
            public static Row Of(string key, int number, DateTime at) => new(key, at, {{(members.StartsWith("short", StringComparison.Ordinal) ? "(short)" : "")}}number);
        }

        {{EvolvingProgram.Driver("Row", "Row", "Result", "Number", checkpointEvery: 2)
            .Replace("new Row(", "global::Rows.Of(", StringComparison.Ordinal)}}
        """);

    private static void Check(string program, params string[] expected) => TestCompiler.BuildShop(program).AssertFinds(expected);

    private static string Program(string source, string streams) => ProgramText.Pipeline($"{source}\n    {streams}", "Shop");
}
