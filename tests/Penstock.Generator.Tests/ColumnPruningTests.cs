using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests;

/// <summary>Columns that nothing downstream reads are not parsed; where the compiler cannot be sure, they are.</summary>
public sealed partial class ColumnPruningTests
{
    private const string Row = "public record Row(string Key, DateTime At, int A, int B, int C, int D) { public int E => A + B; }";

    [Theory]
    [InlineData("row.A", "at,key,a")]
    [InlineData("row.A + row.B.GetHashCode()", "at,key,a,b")]
    [InlineData("row.A > 0 ? row.B : 0", "at,key,a,b")]
    [InlineData("0", "at,key")]
    [InlineData("row.GetHashCode()", "at,key,a,b,c,d")]
    [InlineData("row.E", "at,key,a,b,c,d")]
    [InlineData("row is { A: 1 } ? 1 : 0", "at,key,a,b,c,d")]
    [InlineData("Score(row)", "at,key,a,b,c,d")]
    [InlineData("(row with { A = 1 }).A", "at,key,a,b,c,d")]
    [InlineData("row!.A", "at,key,a,b,c,d")]
    [InlineData("((Func<int>)(() => row.D))()", "at,key,d")]
    [InlineData("new { row = 1 }.row", "at,key")]
    public void Reads_of_a_window_operator(string expression, string expected) =>
        Assert.Equal(expected.Split(',').Order(), ReadColumns($$"""
            [Operator, KeyBy("Key"), TumblingWindow("1h")]
            public sealed partial class Sums
            {
                [State] private partial ref int Sum { get; }
                [Accumulate] private void Add(Row row) => Sum += {{expression}};
                [Fire] private int Close(in Window<string> window) => Sum;
                private static int Score(Row row) => row.A;
            }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] [EventTime("At")] public partial Stream<Row> Rows { get; }
                [Apply<Sums>(nameof(Rows))] [Sink<Nowhere>] public partial Stream<int> Totals { get; }
            }
            """));

    [Fact]
    public void Filters_and_maps_add_up() =>
        Assert.Equal(["a", "c", "key"], ReadColumns("""
            [Operator] public sealed partial class Keep { [Filter] private static bool Yes(in Row row) { return row.A > 0; } }
            [Operator] public sealed partial class Name { [Map] private static int Of(in Row row) => row.Key.Length + row.C; }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] public partial Stream<Row> Rows { get; }
                [Apply<Keep>(nameof(Rows))] public partial Stream<Row> Kept { get; }
                [Apply<Name>(nameof(Kept))] [Sink<Nowhere>] public partial Stream<int> Names { get; }
            }
            """));

    [Fact]
    public void Sinks_and_late_rows_read_everything()
    {
        const string sums = """
            [Operator, KeyBy("Key"), TumblingWindow("1h")]
            public sealed partial class Sums
            {
                [Accumulate] private void Add(in Row row) { }
                [Fire] private int Close(in Window<string> window) => 1;
            }

            """;
        const string pipeline = """
            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] [EventTime("At")] {0} public partial Stream<Row> Rows { get; }
                [Apply<Sums>(nameof(Rows))] [Sink<Nowhere>] public partial Stream<int> Totals { get; }
                {1}
            }
            """;
        Assert.Equal(["at", "key"], ReadColumns(sums + Fill("", "")));
        Assert.Equal(6, ReadColumns(sums + Fill("[FileSink(\"b.csv\")]", "")).Count());
        Assert.Equal(6, ReadColumns(sums + Fill("", "[SideOutput(nameof(Totals), SideOutputs.Late)] [FileSink(\"b.csv\")] public partial Stream<Row> Late { get; }")).Count());

        static string Fill(string first, string second) => pipeline.Replace("{0}", first, StringComparison.Ordinal).Replace("{1}", second, StringComparison.Ordinal);
    }

    private static IEnumerable<string> ReadColumns(string program)
    {
        const string nowhere = "public sealed class Nowhere : Penstock.Sinks.ISink<int> { public Penstock.Sinks.ISinkWriter<int> OpenWriter(int subtask) => null!; public Penstock.Sinks.ISinkCommitter CreateCommitter() => null!; }";
        var result = TestCompiler.Build(Row, nowhere, program).AssertClean();
        return Column().Matches(result.Text("Job.Codecs.g.cs")).Select(static match => match.Groups[1].Value).Order();
    }

    [GeneratedRegex("""^ +new\("(\w+)"\),$""", RegexOptions.Multiline)]
    private static partial Regex Column();
}
