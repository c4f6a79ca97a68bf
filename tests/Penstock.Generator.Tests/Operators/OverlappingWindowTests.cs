using Penstock.Generator.Schemas;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Sliding and cumulative windows: their possible errors, and what the compiler generates for valid ones.</summary>
public sealed class OverlappingWindowTests
{
    private const string Add = "[Accumulate] private void Add(in Order order) { }";
    private const string Fire = "[Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, 1);";
    private const string Merge = "[Merge] private void Merge(in Accumulator other) => Total += other.Total;";
    private const string Total = "[State] private partial ref decimal Total { get; }";

    // The marked text of each finding, in the order of the code.
    [Theory]
    [InlineData("SlidingWindow(\"1h\", Slide = \"1s\")", "")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"1h\")", "")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"10m\", Offset = \"9m\", AllowedLateness = \"2h\")", "")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"7m\")", "PEN206 \"1h\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"2h\")", "PEN206 \"2h\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"0s\")", "PEN206 \"0s\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"-1s\")", "PEN206 \"-1s\"")]
    [InlineData("SlidingWindow(\"0s\", Slide = \"1s\")", "PEN206 \"0s\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"soon\")", "PEN205 \"soon\"")]
    [InlineData("SlidingWindow(\"long\", Slide = \"1s\")", "PEN205 \"long\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"1m\", Offset = \"1m\")", "PEN206 \"1m\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"1m\", Offset = \"-1s\")", "PEN206 \"-1s\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"1m\", AllowedLateness = \"-1s\")", "PEN206 \"-1s\"")]
    [InlineData("CumulativeWindow(\"1d\", Step = \"1h\", Offset = \"5h30m\")", "")]
    [InlineData("CumulativeWindow(\"1d\", Step = \"7h\")", "PEN206 \"1d\"")]
    [InlineData("CumulativeWindow(\"1h\", Step = \"1d\")", "PEN206 \"1d\"")]
    [InlineData("CumulativeWindow(\"1d\", Step = \"1h\", Offset = \"1d\")", "PEN206 \"1d\"")]
    [InlineData(
        "TumblingWindow(\"1h\"), SlidingWindow(\"1h\", Slide = \"1m\")",
        "PEN007 SlidingWindow|PEN007 Merge")]
    [InlineData(
        "SlidingWindow(\"1h\", Slide = \"1m\"), CumulativeWindow(\"1h\", Step = \"1m\")",
        "PEN007 CumulativeWindow")]
    public void Attribute_of_overlapping_windows(string attribute, string expected) =>
        Check($"[Operator, KeyBy(\"Shop\"), {attribute}]", $"{Total} {Add} {Merge} {Fire}", expected);

    [Theory]
    [InlineData(Total + Add + Fire, "PEN022 SlidingWindow")]
    [InlineData(Add + Fire, "")]
    [InlineData("[State(Scope = StateScope.Key)] private partial ref int Rows { get; }" + Add + Fire, "")]
    [InlineData("[State(Scope = StateScope.Key)] private partial MapState<int, int> Rows { get; }" + Add + Fire, "")]
    [InlineData("[State] private partial MapState<int, int> Rows { get; }" + Add + Fire, "PEN327 MapState<int, int>")]
    [InlineData(Total + "[State] private partial ListState<int> Rows { get; }" + Add + Merge + Fire, "PEN327 ListState<int>")]
    [InlineData(Total + Add + Merge, "PEN009 Add")]
    [InlineData(Total + Add + Merge + "[Merge] private void Second(in Accumulator other) { }" + Fire, "PEN007 Second")]
    [InlineData(Total + Add + "[Merge] private void Merge(in Order other) { }" + Fire, "PEN008 in Order other")]
    [InlineData(Total + Add + "[Merge] private void Merge(ref Accumulator other) { }" + Fire, "PEN008 ref Accumulator other")]
    [InlineData(Total + Add + "[Merge] private int Merge(in Accumulator other) => 1;" + Fire, "PEN008 int")]
    [InlineData(Total + Add + "[Merge] private void Merge(in Accumulator other, int more) { }" + Fire, "PEN008 Merge")]
    [InlineData(Total + Add + "[Merge] private void Merge() { }" + Fire, "PEN008 Merge")]
    [InlineData(Total + Add + Merge + Fire + "private struct Accumulator { public decimal Total; }", "PEN012 Accumulator")]
    [InlineData(Total + Merge + Add + Fire, "")]
    public void Methods_of_overlapping_windows(string members, string expected) =>
        Check("[Operator, KeyBy(\"Shop\"), SlidingWindow(\"1h\", Slide = \"1m\")]", members, expected);

    [Theory]
    [InlineData(
        "Close(in Window<string> window) => new(window.Key, window.Start.Ticks);",
        "CumulativeWindow(\"1d\", Step = \"1h\", AllowedLateness = \"1h\")",
        false)]
    [InlineData(
        "Close(in Window<string> window) => new(window.Key, window.EndMicros);",
        "CumulativeWindow(\"1d\", Step = \"1h\", AllowedLateness = \"1h\")",
        true)]
    [InlineData(
        "Close(in Window<string> window) => new(window.Key, window.StartMicros);",
        "SlidingWindow(\"1d\", Slide = \"1h\", AllowedLateness = \"1h\")",
        true)]
    public void Only_its_end_identifies_a_window_that_starts_with_others(string fire, string attribute, bool isIdentified)
    {
        var plan = TestCompiler.Build(DiagnosticPage.Shared, $$"""
            public readonly record struct Version(string Shop, long At);

            [Operator, KeyBy("Shop"), {{attribute}}]
            public sealed partial class Op
            {
                {{Total}} {{Add}} {{Merge}} [Fire] private Version {{fire}}
            }

            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("in.csv"), EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> Orders { get; }
                [Apply<Op>(nameof(Orders)), FileSink("out.csv", Changelog = ChangelogFormat.OpColumn)]
                public partial Stream<Version> Totals { get; }
            }
            """);
        Assert.Equal(
            isIdentified,
            !plan.Diagnostics.Any(static diagnostic => diagnostic.Severity >= Microsoft.CodeAnalysis.DiagnosticSeverity.Warning));
    }

    [Theory]
    [InlineData("sliding(string;3600000000,1000000,0){}", "sliding(string;3600000000,2000000,0){}", "1h every 1s and are now 1h every 2s")]
    [InlineData("windows(string;3600,0){}", "sliding(string;3600,1,0){}", "sliding windows of")]
    [InlineData("cumulative(string;3600,1,0){}", "sliding(string;3600,1,0){}", "it was saved as cumulative windows of")]
    public void Other_windows_do_not_restore_the_state(string saved, string now, string expected)
    {
        var refusal = Assert.Single(SchemaMatch.Of(StateSchema.Parse(saved), StateSchema.Parse(now)).Refusals);
        Assert.Contains(expected, refusal.Description, StringComparison.Ordinal);
    }

    private static void Check(string attributes, string members, string expected)
    {
        var program = $$"""
            {{attributes}}
            public sealed partial class Op
            {
                {{members}}
            }
            """;
        var result = TestCompiler.Build(DiagnosticPage.Shared, program);
        if (expected.Length == 0)
        {
            result.AssertClean();
            return;
        }

        Assert.Null(result.Run.Results.Single().Exception);
        Assert.Empty(result.Ours);
        Assert.Equal(
            expected.Split('|').Order(),
            result.Penstock.Select(static diagnostic => $"{diagnostic.Id} {TextOf(diagnostic)}").Order());

        // The compiler runs analyzers only if all declarations are valid: the accumulator must exist in wrong programs, too.
        Assert.Contains(result.Shown, static diagnostic => diagnostic.Id.StartsWith("PEN", StringComparison.Ordinal));
    }

    private static string TextOf(Microsoft.CodeAnalysis.Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
