using Penstock.Generator.Schemas;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Operators;

/// <summary>Session windows: their possible errors, and the key of their updates.</summary>
public sealed class SessionWindowTests
{
    private const string Add = "[Accumulate] private void Add(in Order order) { }";
    private const string Fire = "[Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, 1);";
    private const string Merge = "[Merge] private void Merge(in Accumulator other) => Total += other.Total;";
    private const string Total = "[State] private partial ref decimal Total { get; }";

    // The marked text of each finding.
    [Theory]
    [InlineData("SessionWindow(\"30m\")", "")]
    [InlineData("SessionWindow(\"30m\", AllowedLateness = \"2h\")", "")]
    [InlineData("SessionWindow(\"0s\")", "PEN206 \"0s\"")]
    [InlineData("SessionWindow(\"-1s\")", "PEN206 \"-1s\"")]
    [InlineData("SessionWindow(\"30m\", AllowedLateness = \"-1s\")", "PEN206 \"-1s\"")]
    [InlineData("SessionWindow(\"30m\", AllowedLateness = \"0s\")", "")]
    [InlineData("SessionWindow(\"soon\")", "PEN205 \"soon\"")]
    [InlineData("SessionWindow(\"30m\", AllowedLateness = \"later\")", "PEN205 \"later\"")]
    [InlineData("SlidingWindow(\"1h\", Slide = \"1m\"), SessionWindow(\"30m\")", "PEN007 SessionWindow")]
    [InlineData("TumblingWindow(\"1h\"), SessionWindow(\"30m\")", "PEN007 SessionWindow|PEN007 Merge")]
    public void Attribute_of_sessions(string attribute, string expected) =>
        Check($"[Operator, KeyBy(\"Shop\"), {attribute}]", $"{Total} {Add} {Merge} {Fire}", expected);

    [Theory]
    [InlineData(Total + Add + Fire, "PEN022 SessionWindow")]
    [InlineData(Add + Fire, "")]
    [InlineData("[State(Scope = StateScope.Key)] private partial MapState<int, int> Rows { get; }" + Add + Fire, "")]
    [InlineData("[State] private partial MapState<int, int> Rows { get; }" + Add + Fire, "PEN327 MapState<int, int>")]
    [InlineData("[State] private partial ListState<int> Rows { get; }" + Total + Add + Merge + Fire, "PEN327 ListState<int>")]
    [InlineData(Total + Add + Merge, "PEN009 Add")]
    [InlineData(Total + Add + "[Merge] private void Merge(ref Accumulator other) { }" + Fire, "PEN008 ref Accumulator other")]
    [InlineData(Total + "[Process] private void On(in Order order, ref Output<Order> output) { }", "PEN009 SessionWindow")]

    // The lifetime of the shortest session: the gap and the lateness.
    [InlineData("[State(Ttl = \"39m\")] private partial ref decimal Total { get; }" + Add + Merge + Fire, "PEN323 \"39m\"")]
    [InlineData("[State(Ttl = \"40m\")] private partial ref decimal Total { get; }" + Add + Merge + Fire, "")]
    [InlineData("[State(Ttl = \"1m\", Scope = StateScope.Key)] private partial ref decimal Best { get; }" + Add + Fire, "")]
    public void Methods_and_states_of_sessions(string members, string expected) =>
        Check("[Operator, KeyBy(\"Shop\"), SessionWindow(\"30m\", AllowedLateness = \"10m\")]", members, expected);

    [Fact]
    public void Sessions_need_event_time()
    {
        var result = TestCompiler.Build(DiagnosticPage.Shared, $$"""
            [Operator, KeyBy("Shop"), SessionWindow("30m")]
            public sealed partial class Op { {{Total}} {{Add}} {{Merge}} {{Fire}} }

            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("in.csv")] public partial Stream<Order> Orders { get; }
                [Apply<Op>(nameof(Orders)), FileSink("out.csv")] public partial Stream<ShopTotal> Totals { get; }
            }
            """);
        var finding = Assert.Single(result.Penstock);
        Assert.Equal("PEN204 Op", $"{finding.Id} {TextOf(finding)}");
    }

    // Only the start of a session identifies it: its end moves with later rows. Results may be deleted, so a sink must be able to say so.
    [Theory]
    [InlineData("new(window.Key, window.StartMicros)", "OpColumn", "")]
    [InlineData("new(window.Key, window.EndMicros)", "OpColumn", "PEN131")]
    [InlineData("new(window.Key, window.Start.Ticks + Total)", "OpColumn", "PEN131")]
    [InlineData("new(window.Key, window.StartMicros)", "EveryVersion", "PEN542")]
    public void Updates_of_sessions_are_by_key_and_start(string row, string format, string expected)
    {
        var result = TestCompiler.Build(DiagnosticPage.Shared, $$"""
            public readonly record struct Version(string Shop, long At);

            [Operator, KeyBy("Shop"), SessionWindow("30m", AllowedLateness = "1h")]
            public sealed partial class Op
            {
                [State] private partial ref long Total { get; }
                {{Add}} {{Merge}} [Fire] private Version Close(in Window<string> window) => {{row}};
            }

            [Pipeline]
            public sealed partial class Shop
            {
                [FileSource("in.csv"), EventTime(nameof(Order.PlacedAt))] public partial Stream<Order> Orders { get; }
                [Apply<Op>(nameof(Orders)), FileSink("out.csv", Changelog = ChangelogFormat.{{format}})]
                public partial Stream<Version> Totals { get; }
            }
            """);
        Assert.Equal(expected, string.Join(' ', result.Penstock
            .Where(static diagnostic => diagnostic.Severity >= Microsoft.CodeAnalysis.DiagnosticSeverity.Warning)
            .Select(static diagnostic => diagnostic.Id)));
    }

    [Theory]
    [InlineData("sessions(string;1800000000){}", "sessions(string;3600000000){}", "saved as 30m and are now 1h")]
    [InlineData("windows(string;3600,0){}", "sessions(string;1800000000){}", "is now sessions with a gap of 30m")]
    [InlineData("sessions(string;1800000000){}", "keyed(string){}", "saved as sessions with a gap of 30m and is now state by key")]
    public void Other_windows_do_not_restore_the_state(string saved, string now, string expected)
    {
        var refusal = Assert.Single(SchemaMatch.Of(StateSchema.Parse(saved), StateSchema.Parse(now)).Refusals);
        Assert.Contains(expected, refusal.Description, StringComparison.Ordinal);
    }

    private static void Check(string attributes, string members, string expected)
    {
        var result = TestCompiler.Build(DiagnosticPage.Shared, $$"""
            {{attributes}}
            public sealed partial class Op
            {
                {{members}}
            }
            """);
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
