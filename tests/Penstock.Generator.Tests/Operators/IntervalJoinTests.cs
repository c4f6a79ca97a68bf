using System.Globalization;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Operators with [IntervalJoin]: their possible errors, and valid ones.</summary>
public sealed class IntervalJoinTests
{
    private const string Rows = """
        public readonly record struct Placed(int Id, string Shop, decimal Amount, DateTime At);
        public readonly record struct Paid(int Order, string Shop, long Receipt, DateTime At);
        public readonly record struct Result(int Id);

        """;

    private const string Pair = "[KeyBy(\"Id\")] in Placed left, [KeyBy(\"Order\")] in Paid right";
    private const string Match = "[Match] private Result Both(" + Pair + ") => new(left.Id); ";
    private const string Nothing = "[Match] private static void Both(" + Pair + ") { } ";
    private const string Left = "[Unmatched] private static Result Left(in Placed row) => new(row.Id); ";
    private const string Right = "[Unmatched] private Result Right(Paid row) => new(row.Order); ";

    [Theory]
    [InlineData(Match, "")]
    [InlineData(Match + Left, "")]
    [InlineData(Right + Match, "")]
    [InlineData(Right + Match + Left, "")]
    [InlineData(Nothing + Left, "")]
    [InlineData(Nothing + Left + Right, "")]
    [InlineData(Left, "PEN009 Left")]
    [InlineData(Nothing, "PEN144 void")]
    [InlineData(Match + "[Match] private static Result Again(in Placed left, in Paid right) => default; ", "PEN007 Again")]
    [InlineData(Match + Left + "[Unmatched] private static Result Again(in Placed row) => default; ", "PEN142 in Placed row")]
    [InlineData(Match + "[Unmatched] private static Result Other(in Result row) => default; ", "PEN142 in Result row")]
    [InlineData(Match + "[Unmatched] private static Placed Other(in Placed row) => row; ", "PEN143 Placed")]
    [InlineData(Nothing + Left + "[Unmatched] private static Paid Other(in Paid row) => row; ", "PEN143 Paid")]
    [InlineData(Match + "[Unmatched] private static void Other(in Placed row) { } ", "PEN008 void")]
    [InlineData("[Match] private static Result One([KeyBy(\"Id\")] in Placed row) => default; ", "PEN008 One")]
    [InlineData(
        "[Match] private static Result Ref([KeyBy(\"Id\")] in Placed left, [KeyBy(\"Order\")] ref Paid right) => default; ",
        "PEN008 [KeyBy(\"Order\")] ref Paid right")]
    [InlineData("[Match] private static Result Out(" + Pair + ", ref Output<Result> output) => default; ", "PEN008 Out")]
    [InlineData(Match + "[Unmatched] private static Result Two(in Placed row, in Context context) => default; ", "PEN008 Two")]
    [InlineData(Match + "[Filter] private static bool Keep(in Placed row) => true; ", "PEN007 Keep")]
    [InlineData(Match + "[State] private partial ref int Count { get; } ", "PEN331 Count")]
    [InlineData("[Match] private static Result Both([KeyBy(\"Id\")] in Placed left, in Paid right) => default; ", "PEN138 in Paid right")]
    [InlineData(
        "[Match] private static Result Both([KeyBy(\"Id\")] in Placed left, [KeyBy(\"Shop\")] in Paid right) => default; ",
        "PEN139 \"Shop\"")]
    [InlineData(
        "[Match] private static Result Both([KeyBy(\"Ide\")] in Placed left, [KeyBy(\"Order\")] in Paid right) => default; ",
        "PEN108 \"Ide\"")]
    [InlineData("[Match] private static Result Both(in Placed left, in Paid right) => default; ", "PEN110 Join")]
    [InlineData("[Match, KeyBy(\"Shop\")] private static Result Both(" + Pair + ") => default; ", "PEN140 KeyBy")]
    [InlineData(Match + "[Unmatched] private static Result Left([KeyBy(\"Id\")] in Placed row) => default; ", "PEN140 KeyBy")]
    public void Methods(string members, string expected) => Check("[Operator, IntervalJoin(\"-1h\", \"15m\")]", members, expected);

    [Theory]
    [InlineData("[Operator, IntervalJoin(\"-1h\", \"-1m\")]", "")]
    [InlineData("[Operator, IntervalJoin(\"0\", \"0\")]", "")]
    [InlineData("[Operator, IntervalJoin(upper: \"1h\", lower: \"-1h\")]", "")]
    [InlineData("[Operator, IntervalJoin(\"-00:10:00\", \"1d\", Once = true)]", "")]
    [InlineData("[Operator]", "PEN009 Both")]
    [InlineData("[Operator, IntervalJoin(\"1h\", \"15m\")]", "PEN230 \"1h\"")]
    [InlineData("[Operator, IntervalJoin(upper: \"-2s\", lower: \"-1s\")]", "PEN230 \"-1s\"")]
    [InlineData("[Operator, IntervalJoin(\"-1hour\", \"15m\")]", "PEN205 \"-1hour\"")]
    [InlineData("[Operator, IntervalJoin(\"-1h\", \"x\")]", "PEN205 \"x\"")]
    [InlineData("[Operator, IntervalJoin(\"-99999d\", \"99999d\")]", "PEN206 \"-99999d\"|PEN206 \"99999d\"")]
    [InlineData("[Operator, IntervalJoin(\"-1h\", \"1h\"), TumblingWindow(\"1h\")]", "PEN009 TumblingWindow")]
    [InlineData("[Operator, IntervalJoin(\"-1h\", \"1h\"), KeyBy(\"Shop\")]", "PEN116 KeyBy|PEN116 KeyBy")]
    public void Interval(string attributes, string expected) => Check(attributes, Match, expected);

    [Fact]
    public void Once_needs_results() => Check("[Operator, IntervalJoin(\"0\", \"1h\", Once = true)]", Nothing + Left, "PEN144 true");

    [Theory]
    [InlineData("[Apply<Join>(nameof(Orders), nameof(Payments))]", "")]
    [InlineData("[Apply<Join>(nameof(Orders), nameof(Payments), Prefer = nameof(Payments))]", "")]
    [InlineData("[Apply<Join>(nameof(Orders))]", "PEN137 Apply<Join>")]
    [InlineData("[Apply<Join>(nameof(Payments), nameof(Orders))]", "PEN105 nameof(Payments)|PEN105 nameof(Orders)")]
    [InlineData("[Apply<Join>(nameof(Orders), nameof(Untimed))]", "PEN229 nameof(Untimed)")]
    [InlineData("[Apply<Join>(nameof(Orders), nameof(Latest))]", "PEN118 nameof(Latest)")]
    public void Inputs(string apply, string expected) => Check("[Operator, IntervalJoin(\"-1h\", \"1h\")]", Match, expected, apply);

    [Theory]
    [InlineData("SideOutputs.LateLeft", "Placed", "")]
    [InlineData("SideOutputs.LateRight", "Paid", "")]
    [InlineData("SideOutputs.LateRight", "Placed", "PEN115 Placed")]
    [InlineData("SideOutputs.Late", "Placed", "PEN114 SideOutputs.Late")]
    public void Late_rows(string output, string row, string expected) => Check(
        "[Operator, IntervalJoin(\"-1h\", \"1h\")]",
        Match,
        expected,
        more: $"[SideOutput(nameof(All), {output})] [FileSink(\"late.csv\")] public partial Stream<{row}> Late {{ get; }}");

    [Fact]
    public void Rows_that_cannot_be_saved_are_an_error()
    {
        var found = TestCompiler.Build("""
            public readonly record struct Row(int Id, DateTime At, object Any);

            [Operator, KeyBy("Id"), IntervalJoin("0s", "1h")]
            public sealed partial class Join
            {
                [Match] private static Row Both(in Row left, in Row right) => left;
            }

            [Pipeline]
            public sealed partial class Shop
            {
                [Source<SequenceSource<Row>>] [EventTime(nameof(Row.At))] public partial Stream<Row> One { get; }
                [Source<SequenceSource<Row>>] [EventTime(nameof(Row.At))] public partial Stream<Row> Two { get; }
                [Apply<Join>(nameof(One), nameof(Two))] [Sink<ChannelSink<Row>>] public partial Stream<Row> Both { get; }
            }
            """).Penstock.Where(static finding => finding.Id == "PEN330").ToList();

        Assert.Equal(["nameof(One)", "nameof(Two)"], found.Select(static finding => finding.MarkedText()));
        Assert.Contains("Row.Any: object", found[0].GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static void Check(
        string attributes,
        string members,
        string expected,
        string apply = "[Apply<Join>(nameof(Orders), nameof(Payments))]",
        string more = "")
    {
        var found = TestCompiler.BuildShop($$"""
            {{Rows}}
            {{attributes}}
            public sealed partial class Join
            {
                {{members}}
            }

            [Operator] public sealed partial class CopyPaid { [Filter] private static bool Keep(in Paid row) => row.Order > 0; }
            [Operator] public sealed partial class CopyPlaced { [Filter] private static bool Keep(in Placed row) => row.Id > 0; }

            [Pipeline]
            public sealed partial class Program
            {
                [FileSource("placed.csv")] [EventTime(nameof(Placed.At))] public partial Stream<Placed> Orders { get; }
                [FileSource("paid.csv")] [EventTime(nameof(Paid.At))] public partial Stream<Paid> Payments { get; }
                [FileSource("untimed.csv"), FileSink("copy.csv")] public partial Stream<Paid> Untimed { get; }
                [KeepLast(nameof(Payments), Unbounded = true), KeyBy("Order")]
                [FileSink("latest.csv", Changelog = ChangelogFormat.EveryVersion)]
                public partial Stream<Paid> Latest { get; }
                [Apply<CopyPaid>(nameof(Payments))] [FileSink("a.csv")] public partial Stream<Paid> A { get; }
                [Apply<CopyPlaced>(nameof(Orders))] [FileSink("b.csv")] public partial Stream<Placed> B { get; }
                {{apply}} [FileSink("all.csv")] public partial Stream<Result> All { get; }
                {{more}}
            }
            """).Penstock;
        Assert.Equal(
            expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(),
            found.Select(static finding => $"{finding.Id} {finding.MarkedText()}").Order());
    }
}
