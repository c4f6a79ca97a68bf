using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Tests.Schemas;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Distinct rows: their possible errors, what is saved of them, and the plan.</summary>
public sealed class DistinctTests
{
    private const string Timed =
        "[FileSource(\"web.csv\")] [EventTime(nameof(Order.PlacedAt), MaxDelay = \"5s\")] [FileSink(\"copy.csv\")] public partial Stream<Order> Web { get; }";

    private const string Untimed = "[FileSource(\"web.csv\")] [FileSink(\"copy.csv\")] public partial Stream<Order> Web { get; }";

    // The marked text of each finding, in the order of the code.
    [Theory]
    [InlineData("[Distinct(nameof(Web), Ttl = \"1d\")] [KeyBy(nameof(Order.Shop))]", "")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Shop), nameof(Order.Customer))]", "")]
    [InlineData("[KeyBy(nameof(Order.Shop)), Distinct(input: nameof(Web), Unbounded = true, Id = \"first\")]", "")]
    [InlineData("[Distinct(\"We\" + \"b\", Unbounded = true)] [KeyBy(nameof(Order.Shop))]", "")]
    [InlineData("[Distinct(nameof(Web), Ttl = \"1d\", TtlTime = TtlTime.EventTime)] [KeyBy(nameof(Order.Shop))]", "")]
    [InlineData("[Distinct(nameof(Web), Ttl = \"1d\", TtlTime = TtlTime.ProcessingTime)] [KeyBy(nameof(Order.Shop))]", "")]
    [InlineData("[Distinct(nameof(Wep), Unbounded = true)] [KeyBy(nameof(Order.Shop))]", "PEN101 nameof(Wep)")]
    [InlineData("[Distinct(\"Wep\", Unbounded = true)] [KeyBy(nameof(Order.Shop))]", "PEN101 \"Wep\"")]
    [InlineData("[Distinct(nameof(First), Unbounded = true)] [KeyBy(nameof(Order.Shop))]", "PEN104 nameof(First)")]
    [InlineData("[Distinct(nameof(Web))] [KeyBy(nameof(Order.Shop))]", "PEN328 Distinct")]
    [InlineData("[Distinct(nameof(Web), Unbounded = false)] [KeyBy(nameof(Order.Shop))]", "PEN328 Distinct")]
    [InlineData("[Distinct(nameof(Web), Ttl = \"1d\", Unbounded = true)] [KeyBy(nameof(Order.Shop))]", "PEN329 true")]
    [InlineData("[Distinct(nameof(Web), Ttl = \"1d\", Unbounded = false)] [KeyBy(nameof(Order.Shop))]", "")]
    [InlineData("[Distinct(nameof(Web), Ttl = \"24\")] [KeyBy(nameof(Order.Shop))]", "PEN322 \"24\"")]
    [InlineData("[Distinct(nameof(Web), Ttl = \"0s\", Unbounded = true)] [KeyBy(nameof(Order.Shop))]", "PEN322 \"0s\"")]
    [InlineData("[Distinct(nameof(Web), Ttl = null)] [KeyBy(nameof(Order.Shop))]", "PEN322 null")]
    [InlineData(
        "[Distinct(nameof(Web), Unbounded = true, TtlTime = TtlTime.EventTime)] [KeyBy(nameof(Order.Shop))]",
        "PEN324 TtlTime.EventTime")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)] [KeyBy(\"Shap\")]", "PEN108 \"Shap\"")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)] [KeyBy]", "PEN108 KeyBy")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)] [KeyBy()]", "PEN108 KeyBy")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Shop), nameof(Order.Weight))]", "PEN109 nameof(Order.Weight)")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Shop), \"Shop\")]", "PEN112 \"Shop\"")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)]", "PEN133 Distinct")]
    [InlineData("[Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Shop))] [EventTime(nameof(Order.PlacedAt))]", "PEN203 EventTime")]
    [InlineData(
        "[Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Shop))] [Apply<BigOrders>(nameof(Web))]",
        "PEN103 Apply<BigOrders>|PEN111 KeyBy")]
    public void Attribute(string attributes, string expected) => Check(
        Program(Timed, $"{attributes} [FileSink(\"first.csv\")] public partial Stream<Order> First {{ get; }}"),
        expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("Ttl = \"1d\"", "")]
    [InlineData("Ttl = \"1d\", TtlTime = TtlTime.EventTime", "PEN325 TtlTime.EventTime")]
    public void Without_event_time(string options, string expected) => Check(
        Program(
            Untimed,
            $"[Distinct(nameof(Web), {options})] [KeyBy(nameof(Order.Shop))] [FileSink(\"first.csv\")] public partial Stream<Order> First {{ get; }}"),
        expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Row_of_the_stream_is_that_of_its_input() => Check(
        Program(
            Timed,
            "[Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Shop))] [FileSink(\"first.csv\")] public partial Stream<ShopTotal> First { get; }"),
        "PEN105 nameof(Web)");

    [Theory]
    [InlineData("record struct Row(string A, int? B, DateTime C)", "")]
    [InlineData("record class Row(string? A)", "")]
    [InlineData("record struct Row(string A) { [Column(Ignore = true)] public double B { get; init; } }", "")]
    [InlineData("record struct Row(string A, double B)", "its column 'B' of type 'double' cannot be part of a key")]
    [InlineData("record struct Row(string A, List<int> B)", "its column 'B' of type 'System.Collections.Generic.List<int>' cannot be part of a key")]
    [InlineData("record struct Row(int A, int B, int C, int D, int E, int F, int G, int H)", "it has 8 columns, and a key has at most 7 members")]
    public void Whole_row_as_a_key(string row, string problem)
    {
        var result = TestCompiler.Build($$"""
            public {{row}}{{(row.EndsWith('}') ? "" : ";")}}

            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("rows.jsonl")] public partial Stream<Row> Rows { get; }
                [Distinct(nameof(Rows), Unbounded = true)] [FileSink("first.jsonl")] public partial Stream<Row> First { get; }
            }
            """);

        if (problem.Length == 0)
        {
            result.AssertClean();
        }
        else
        {
            var found = Assert.Single(result.Penstock);
            Assert.Equal(("PEN133", "Distinct"), (found.Id, found.MarkedText()));
            Assert.Contains(problem, found.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Updates_of_a_window_are_no_new_rows() => Check(
        """
        [Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("10m", AllowedLateness = "1m")]
        public sealed partial class Sums
        {
            [State] private partial ref decimal Sum { get; }
            [Accumulate] private void Add(in Order order) => Sum += order.Amount;
            [Fire] private Total Close(in Window<string> window) => new(window.Key, window.End, Sum);
        }

        public readonly record struct Total(string Shop, DateTimeOffset End, decimal Sum);

        """ + Program(Timed, """
        [Apply<Sums>(nameof(Web))] public partial Stream<Total> Totals { get; }
            [Distinct(nameof(Totals), Unbounded = true)] [KeyBy(nameof(Total.Shop))] [FileSink("first.csv")] public partial Stream<Total> First { get; }
        """),
        "PEN118 nameof(Totals)");

    [Fact]
    public void Deterministic_pipeline_forgets_no_key_by_the_clock() => Check(
        Program(
            Timed,
            "[Distinct(nameof(Web), Ttl = \"1d\", TtlTime = TtlTime.ProcessingTime)] [KeyBy(nameof(Order.Shop))] [FileSink(\"first.csv\")] public partial Stream<Order> First { get; }")
            .Replace("[Pipeline]", "[Pipeline(Deterministic = true)]", StringComparison.Ordinal),
        "PEN219 TtlTime.ProcessingTime");

    [Fact]
    public void Only_the_key_and_what_is_read_behind_it_is_parsed()
    {
        var codecs = TestCompiler.BuildShop(Program(
            "[FileSource(\"web.csv\")] public partial Stream<Order> Web { get; }",
            """
            [Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Customer))] public partial Stream<Order> First { get; }
                [Apply<BigOrders>(nameof(First))] public partial Stream<Order> Big { get; }
                [Apply<ToTotal>(nameof(Big))] [FileSink("totals.csv")] public partial Stream<ShopTotal> Totals { get; }
            """) + "[Operator] public sealed partial class ToTotal { [Map] private static ShopTotal Make(in Order order) => new(order.Shop, order.Amount); }")
            .AssertClean()
            .Text("Shop.Codecs.g.cs");

        Assert.DoesNotMatch("\"(shop|customer|amount)\"[^)\n]*isRead: false", codecs);
        Assert.Matches("\"weight\"[^)\n]*isRead: false", codecs);
        Assert.Matches("\"placedAt\"[^)\n]*isRead: false", codecs);
    }

    [Fact]
    public void The_plan_shows_the_key_and_how_long_it_is_remembered()
    {
        var plan = TestCompiler.BuildSample("Firsts").AssertClean().Text("Firsts.Payments.Pipeline.g.cs");

        Assert.Contains("\"Unique: distinct within 1d\"", plan, StringComparison.Ordinal);
        Assert.Contains("\"DistinctLogins: distinct\"", plan, StringComparison.Ordinal);
        Assert.Contains("Key: \"Account, Device\"", plan, StringComparison.Ordinal);
        Assert.DoesNotMatch("\"Unique: [^\n]*Upsert", plan);
    }

    [Fact]
    public void Lock_has_the_key_and_the_deadline()
    {
        var locked = TestCompiler.BuildLocked("penstock-state-lock 1\n", Repository.Sample("Firsts"))
            .Text("penstock.state.lock.g.cs");

        Assert.Contains("Unique: keyed(guid){Expires:int64}", locked, StringComparison.Ordinal);
        Assert.Contains("NewDevices: keyed(string,string){Expires:int64}", locked, StringComparison.Ordinal);
        Assert.Contains("DistinctLogins: keyed(string,string){}", locked, StringComparison.Ordinal);
    }

    // Only the key is saved, so other members of the row may change.
    [Theory]
    [InlineData("Unbounded = true", "Unbounded = true", "int Number")]
    [InlineData("Unbounded = true", "Ttl = \"1h\"", "long Number")]
    [InlineData("Ttl = \"1h\"", "Unbounded = true", "int Number, string? More = null")]
    [InlineData("Ttl = \"1h\"", "Ttl = \"2h\"", "int Number, string? More = null")]
    public void Keys_are_remembered_over_a_change_of_the_row_and_of_the_time_to_live(string before, string after, string members)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-distinct");
        try
        {
            var first = Evolving("string Key, DateTime At, int Number", before).Run(folder.FullName, [("a", 1), ("b", 2), ("a", 3)]);
            var second = Evolving($"string Key, DateTime At, {members}", after)
                .Run(folder.FullName, [("a", 4), ("c", 5), ("b", 6), ("c", 7)], parallelism: 2);
            var third = Evolving($"string Key, DateTime At, {members}", after).Run(folder.FullName, [("c", 8), ("d", 9)]);

            Assert.Equal(["a=1", "b=2"], first);
            Assert.Equal(["c=5"], second);
            Assert.Equal(["d=9"], third);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("int Key, DateTime At, int Number", "its key was saved as string and is now int32")]
    [InlineData("Guid Key, DateTime At, int Number", "its key was saved as string and is now guid")]
    public void Another_type_of_the_key_is_refused(string row, string reason)
    {
        var refused = EvolutionRun.Refusal(
            Evolving("string Key, DateTime At, int Number", "Unbounded = true"),
            Evolving(row, "Unbounded = true"));

        Assert.Contains(reason, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_key_than_that_of_the_lock_is_reported_at_the_key()
    {
        const string Locked = """
            penstock-state-lock 1

            [Shop]
            First: keyed(string){}
            Web: splits{}
            """;
        var result = TestCompiler.BuildLocked(Locked, DiagnosticPage.Shared + Program(
            Timed,
            "[Distinct(nameof(Web), Unbounded = true)] [KeyBy(nameof(Order.Amount))] [FileSink(\"first.csv\")] public partial Stream<Order> First { get; }"));

        var found = Assert.Single(result.Penstock);
        Assert.Equal(("PEN315", "KeyBy"), (found.Id, found.MarkedText()));
    }

    private static EvolvingProgram Evolving(string row, string options) => EvolvingProgram.Load($$"""
        using System.Linq;
        using Penstock.Testing;

        public readonly record struct Row({{row}});

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("in.csv"), EventTime(nameof(Row.At))] public partial Stream<Row> Rows { get; }
            [Distinct(nameof(Rows), {{options}}), KeyBy("Key"), FileSink("out.csv")] public partial Stream<Row> Result { get; }
        }

        public static class Rows
        {
            public static Row Of(string key, int number, DateTime at) =>
                new({{(row.StartsWith("int", StringComparison.Ordinal) ? "key.Length" : row.StartsWith("Guid", StringComparison.Ordinal) ? "Guid.Empty" : "key")}}, at, number);
        }

        {{EvolvingProgram.Driver("Row", "Row", "Result", "Number", checkpointEvery: 2)
            .Replace("new Row(", "global::Rows.Of(", StringComparison.Ordinal)}}
        """);

    private static void Check(string program, params string[] expected) => TestCompiler.BuildShop(program).AssertFinds(expected);

    private static string Program(string source, string streams) => ProgramText.Pipeline($"{source}\n    {streams}", "Shop");
}
