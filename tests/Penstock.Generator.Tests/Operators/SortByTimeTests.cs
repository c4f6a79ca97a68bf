using System.Globalization;
using Penstock.Generator.Tests.Helpers;
using Penstock.Generator.Tests.Schemas;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Rows in the order of time: their possible errors, what is saved of them, and the plan.</summary>
public sealed class SortByTimeTests
{
    private const string Timed =
        "[FileSource(\"web.csv\")] [EventTime(nameof(Order.PlacedAt), MaxDelay = \"5s\")] [FileSink(\"copy.csv\")] public partial Stream<Order> Web { get; }";

    private const string Untimed = "[FileSource(\"web.csv\")] [FileSink(\"copy.csv\")] public partial Stream<Order> Web { get; }";

    // The marked text of each finding, in the order of the code.
    [Theory]
    [InlineData("[SortByTime(nameof(Web))]", "")]
    [InlineData("[SortByTime(nameof(Web))] [KeyBy(nameof(Order.Shop))]", "")]
    [InlineData("[KeyBy(nameof(Order.Shop), nameof(Order.Customer)), SortByTime(input: nameof(Web), Id = \"sorted\")]", "")]
    [InlineData("[SortByTime(\"We\" + \"b\")] [Parallelism(4)]", "")]
    [InlineData("[SortByTime(nameof(Web))] [KeyBy(nameof(Order.Shop))] [Parallelism(4)]", "")]
    [InlineData("[SortByTime(nameof(Wep))]", "PEN101 nameof(Wep)")]
    [InlineData("[SortByTime(\"Wep\")] [KeyBy(nameof(Order.Shop))]", "PEN101 \"Wep\"")]
    [InlineData("[SortByTime(nameof(Sorted))]", "PEN104 nameof(Sorted)")]
    [InlineData("[SortByTime(nameof(Web))] [KeyBy(\"Shap\")]", "PEN108 \"Shap\"")]
    [InlineData("[SortByTime(nameof(Web))] [KeyBy]", "PEN108 KeyBy")]
    [InlineData("[SortByTime(nameof(Web))] [KeyBy(nameof(Order.Weight))]", "PEN109 nameof(Order.Weight)")]
    [InlineData("[SortByTime(nameof(Web))] [KeyBy(nameof(Order.Shop), \"Shop\")]", "PEN112 \"Shop\"")]
    [InlineData("[SortByTime(nameof(Web))] [EventTime(nameof(Order.PlacedAt))]", "PEN203 EventTime")]
    [InlineData("[SortByTime(nameof(Web))] [Union(nameof(Web), nameof(Web))]", "PEN103 Union|PEN123 nameof(Web)")]
    public void Attribute(string attributes, string expected) => Check(
        Program(Timed, $"{attributes} [FileSink(\"sorted.csv\")] public partial Stream<Order> Sorted {{ get; }}"),
        expected.Split('|', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Rows_need_event_time() => Check(
        Program(Untimed, "[SortByTime(nameof(Web))] [FileSink(\"sorted.csv\")] public partial Stream<Order> Sorted { get; }"),
        "PEN228 SortByTime");

    [Fact]
    public void Row_of_the_stream_is_that_of_its_input() => Check(
        Program(Timed, "[SortByTime(nameof(Web))] [FileSink(\"sorted.csv\")] public partial Stream<ShopTotal> Sorted { get; }"),
        "PEN105 nameof(Web)");

    [Theory]
    [InlineData("record struct Row(string A, DateTime At, List<int>? B, (int, string) C);", "")]
    [InlineData("record struct Row(DateTime At, object A);", "Row.A: object")]
    [InlineData("record struct Row(DateTime At, List<Uri> A);", "Row.A[]: System.Uri")]
    public void Every_part_of_a_row_can_be_saved(string row, string part)
    {
        var found = TestCompiler.Build($$"""
            public {{row}}

            [Pipeline]
            public sealed partial class Shop
            {
                [Source<SequenceSource<Row>>] [EventTime(nameof(Row.At))] public partial Stream<Row> Rows { get; }
                [SortByTime(nameof(Rows))] [Sink<ChannelSink<Row>>] public partial Stream<Row> Sorted { get; }
            }
            """).Penstock.Where(static finding => finding.Id == "PEN330").ToList();

        Assert.Equal(part.Length == 0 ? 0 : 1, found.Count);
        Assert.All(found, finding => Assert.Equal("SortByTime", finding.MarkedText()));
        Assert.All(
            found,
            finding => Assert.Contains(part, finding.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_C_compiler_reports_a_type_that_does_not_exist() => Assert.Empty(TestCompiler.Build("""
        public readonly record struct Row(DateTime At, Missing Member);

        [Pipeline]
        public sealed partial class Shop
        {
            [Source<SequenceSource<Row>>] [EventTime(nameof(Row.At))] public partial Stream<Row> Rows { get; }
            [SortByTime(nameof(Rows))] [Sink<ChannelSink<Row>>] public partial Stream<Row> Sorted { get; }
        }
        """).Penstock);

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
            [SortByTime(nameof(Totals))] [FileSink("sorted.csv")] public partial Stream<Total> Sorted { get; }
        """),
        "PEN118 nameof(Totals)");

    [Fact]
    public void Late_rows_are_those_of_the_input() => Check(
        Program(
            Timed,
            """
            [SortByTime(nameof(Web))] [FileSink("sorted.csv")] public partial Stream<Order> Sorted { get; }
                [SideOutput(nameof(Sorted), SideOutputs.Late)] [FileSink("late.csv")] public partial Stream<Order> Late { get; }
                [SideOutput(nameof(Sorted), SideOutputs.Late)] [FileSink("bad.csv")] public partial Stream<ShopTotal> Wrong { get; }
            """),
        "PEN115 ShopTotal");

    [Fact]
    public void All_columns_are_parsed_because_a_later_program_may_read_them()
    {
        var codecs = TestCompiler.BuildShop(Program(
            "[FileSource(\"web.csv\")] [EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> Web { get; }",
            """
            [SortByTime(nameof(Web))] public partial Stream<Order> Sorted { get; }
                [Apply<ToTotal>(nameof(Sorted))] [FileSink("totals.csv")] public partial Stream<ShopTotal> Totals { get; }
            """) + "[Operator] public sealed partial class ToTotal { [Map] private static ShopTotal Make(in Order order) => new(order.Shop, order.Amount); }")
            .AssertClean()
            .Text("Shop.Codecs.g.cs");

        Assert.DoesNotContain("isRead: false", codecs, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_shows_the_order_and_where_it_holds()
    {
        var plan = TestCompiler.BuildSample("Quotes").AssertClean().Text("Quotes.QuotesInOrder.Pipeline.g.cs");

        Assert.Contains("\"Sorted: sorted by time, keeps rows until the watermark passes them\"", plan, StringComparison.Ordinal);
        Assert.Contains("Time: \"At, in order\"", plan, StringComparison.Ordinal);
        Assert.Matches("\"Sorted\",\\s*\\[\\s*new\\(\"All\"[^}]*}[^}]*}[^}]*{ Parallelism = 1 }|Parallelism = 1", plan);
        Assert.Contains("Key: \"Instrument, IsLast\"", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Key: \"\"", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_has_the_rows()
    {
        var locked = TestCompiler.BuildLocked("penstock-state-lock 1\n", Repository.Sample("Quotes"))
            .Text("penstock.state.lock.g.cs");

        Assert.Contains(
            "TicksInOrder: sorted(int64,bool){Row:record{At:datetimeoffset;Instrument:int64;IsLast:bool;Price:float64}}",
            locked,
            StringComparison.Ordinal);
        Assert.Contains("Sorted: sorted(none){Row:record{", locked, StringComparison.Ordinal);
    }

    // Rows that wait for their time are restored as rows of another type.
    [Theory]
    [InlineData("int Number, DateTime At", "long Number, DateTime At", "")]
    [InlineData("int Number, DateTime At", "int Number, DateTime At, string? More = null", "")]
    [InlineData("int Number, DateTime At, string? More = null", "int Number, DateTime At", ", KeyBy(\"Key\")")]
    public void Rows_that_wait_are_kept_over_a_change_of_their_type(string before, string after, string key)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-sort");
        try
        {
            var first = Evolving(before, key).Run(folder.FullName, [("a", 1), ("b", 2), ("a", 3)]);
            var second = Evolving(after, key).Run(folder.FullName, [("c", 4)], parallelism: 2, end: true);

            Assert.Empty(first);
            Assert.Equal(["a=1", "a=3", "b=2", "c=4"], second.Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Another_type_of_a_member_is_refused()
    {
        var refused = EvolutionRun.Refusal(
            Evolving("int Number, DateTime At, string? More = null", ""),
            Evolving("int Number, DateTime At, Guid More = default", ""));

        Assert.Contains("field 'Row.More' was saved as string and is now guid", refused, StringComparison.Ordinal);
    }

    private static EvolvingProgram Evolving(string members, string key) => EvolvingProgram.Load($$"""
        using System.Linq;
        using Penstock.Testing;

        public readonly record struct Row(string Key, {{members}});

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("in.csv"), EventTime(nameof(Row.At))] public partial Stream<Row> Rows { get; }
            [SortByTime(nameof(Rows)){{key}}, FileSink("out.csv")] public partial Stream<Row> Result { get; }
        }

        {{EvolvingProgram.Driver("Row", "Row", "Result", "Number", checkpointEvery: 2)}}
        """);

    private static void Check(string program, params string[] expected) => TestCompiler.BuildShop(program).AssertFinds(expected);

    private static string Program(string source, string streams) => ProgramText.Pipeline($"{source}\n    {streams}", "Shop");
}
