using System.Text.RegularExpressions;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Declarations.Rows;

/// <summary>Rows with nested objects: which parts are read, and the findings for objects that no codec supports.</summary>
public sealed partial class TreeTests
{
    private const string Types = """
        public record Row(int Key, Inner A, Inner? B, List<Inner> Many, Node Chain) { public Inner Either => A; public int Deep() => A.Deep.X; }
        public record Inner(int P, int Q, Deep Deep) { public int Sum => P + Deep.Y; public virtual int Open => P; public int Plus(int n) => n; }
        public readonly record struct Deep(int X, int Y);
        public sealed record Node(int Value, Node? Next);
        public static class Extensions { public static int Extended(this Inner inner) => inner.Q; extension(Inner inner) { public int Part => inner.Q; } }
        """;

    private const string All = "Inner(p,q,deep) Deep(x,y)";

    [Theory]
    [InlineData("row.Key", "Row(key)")]
    [InlineData("row.A.P", "Row(a) Inner(p)")]
    [InlineData("row.A.Deep.X + row.A.Q", "Row(a) Inner(q,deep) Deep(x)")]
    [InlineData("row.A.P + row.B!.Q", "Row(a,b) Inner(p) Inner2(q)")]
    [InlineData("row.A.P + (row.B?.P ?? 0)", "Row(a,b) Inner(p)")]
    [InlineData("row.B?.Deep.X ?? 0", "Row(b) Inner(deep) Deep(x)")]
    [InlineData("row.B!.Deep.X.GetHashCode()", "Row(b) Inner(deep) Deep(x)")]
    [InlineData("row.A.Sum", "Row(a) Inner(p,deep) Deep(x,y)")]
    [InlineData("row.A.Open", $"Row(a) {All}")]
    [InlineData("row.A.Part", $"Row(a) {All}")]
    [InlineData("row.A.Extended()", $"Row(a) {All}")]
    [InlineData("row.A.Plus(1)", $"Row(a) {All}")]
    [InlineData("row.A.GetHashCode()", $"Row(a) {All}")]
    [InlineData("Of(row.A)", $"Row(a) {All}")]
    [InlineData("row.A is { P: 1 } ? 1 : 0", $"Row(a) {All}")]
    [InlineData("(row.A with { P = 1 }).Q", $"Row(a) {All}")]
    [InlineData("row.A.P + Of(row.A)", $"Row(a) {All}")]
    [InlineData("row.Either.P", $"Row(a) {All}")]
    [InlineData("row.Deep()", $"Row(a) {All}")]
    [InlineData("row.Many[0].P", $"Row(many) {All}")]
    [InlineData("row.Many.Count", $"Row(many) {All}")]
    [InlineData("row.Many.FindAll(item => item.P > 0).Count", $"Row(many) {All}")]
    [InlineData("row.Chain.Next!.Next!.Value", "Row(chain) Node(next) Node2(next) Node3(value)")]
    [InlineData("row.Chain.Value", "Row(chain) Node(value)")]
    [InlineData("row.Chain.Next == null ? 0 : 1", "Row(chain) Node(next) Node2(value,next)")]
    public void Parts_of_objects_that_nothing_reads_are_left_out(string expression, string expected) =>
        Assert.Equal(expected, ReadParts($"private static int Of(in Row row) => {expression}; private static int Of(Inner inner) => 0;"));

    [Theory]
    [InlineData("TimeOnly")]
    [InlineData("DayOfWeek")]
    [InlineData("int")]
    [InlineData("Deep")]
    [InlineData("string")]
    [InlineData("Deep?")]
    public void The_annotation_of_a_type_parameter_makes_no_value_type_nullable(string value) => TestCompiler
        .Build(
            Types,
            "public readonly record struct Open<T>(T? Value);"
                + $" public sealed record Cells(Open<{value}> One, Open<{value}>[] Many);"
                + " [Pipeline] public sealed partial class Job"
                + " { [FileSource(\"a.jsonl\"), FileSink(\"b.jsonl\")] public partial Stream<Cells> Rows { get; }"
                + " [FileSource(\"c.csv\"), FileSink(\"d.csv\")] public partial Stream<Cells> Texts { get; } }")
        .AssertClean();

    [Fact]
    public void What_two_operators_read_adds_up() => Assert.Equal("Row(a) Inner(p,q)", ReadParts(
        "private static int Of(in Row row) => row.A.P;",
        "[Operator] public sealed partial class Keep { [Filter] private static bool Yes(in Row row) => row.A.Q > 0; }",
        "[Apply<Keep>(nameof(Rows))] public partial Stream<Row> Kept { get; }",
        "Kept"));

    [Fact]
    public void An_operator_of_another_assembly_says_which_parts_it_reads()
    {
        var operators = TestCompiler
            .Build(
                "public record Row(Inner A); public record Inner(int P, int Q); [Operator] public sealed partial class Number { [Map] private static int Of(in Row row) => row.A.P; }")
            .AssertClean();
        Assert.Contains("Reads = new string[] { \"A.P\" }", operators.Text(operators.Files.Single()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "record Row(Inner A); public record Inner(List<Dictionary<string, Deep?>> B); public record Deep(Uri C);",
        "Row.A.B[][].C: Uri")]
    [InlineData("record Row(object A);", "Row.A: object")]
    [InlineData("record Row(Dictionary<int, int> A);", "Row.A: Dictionary<int, int>")]
    [InlineData("record Row(Inner[] A); public abstract record Inner(int B);", "Row.A[]: Inner, which is abstract")]
    [InlineData("record Row(Inner A); public record Inner;", "Row.A: Inner, which has no members that can be set")]
    [InlineData(
        "record Row(Inner[] A); [System.Text.Json.Serialization.JsonDerivedType(typeof(One), 1)] public abstract record Inner(int B); public record One(int B, object C) : Inner(B);",
        "Row.A[](One).C: object")]
    [InlineData(
        "record Row(Inner[] A); [System.Text.Json.Serialization.JsonDerivedType(typeof(One), 1)] public abstract record Inner(int B); public record One(int B, [property: Column(\"$type\")] int C) : Inner(B);",
        "Row.A[]: Inner, whose One.C has the name '$type' of the type discriminator")]
    [InlineData("record Row(Inner A, Inner B); public record Inner(Row? C, object D);", "Row.A.D: object")]
    public void The_way_to_what_no_codec_can_handle_is_named(string types, string expected)
    {
        var finding = Assert.Single(
            TestCompiler.Build("public "
                + types
                + " [Pipeline] public sealed partial class Job { [FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<Row> Rows { get; } }").Diagnostics,
            static found => found.Id == "PEN503");
        Assert.StartsWith(
            expected + " cannot be a column",
            finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_meet_again_and_again_are_read_once()
    {
        const int Levels = 30;
        var types = string.Concat(Enumerable
            .Range(0, Levels)
            .Select(static level => $"public record L{level}(L{level + 1} A, L{level + 1}? B, List<L{level + 1}> C);\n"))
            + $"public record L{Levels}(int Value);";
        var code = TestCompiler.Build(
            types,
            ProgramText.Pipeline("[FileSource(\"a.jsonl\")] [FileSink(\"b.jsonl\")] public partial Stream<L0> Rows { get; }"))
            .AssertClean()
            .Text("Job.Codecs.g.cs");
        Assert.Equal(Levels + 1, Names().Count(code));
    }

    private static string ReadParts(string map, string more = "", string streams = "", string input = "Rows")
    {
        var program = $$"""
            [Operator] public sealed partial class Number { [Map] {{map}} }
            {{more}}

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.jsonl")] public partial Stream<Row> Rows { get; }
                {{streams}}
                [Apply<Number>(nameof({{input}}))] [Sink<Nowhere<int>>] public partial Stream<int> Numbers { get; }
            }
            """;
        var code = TestCompiler.Build(Types, ProgramText.Connectors, program).AssertClean().Text("Job.Codecs.g.cs");
        return string.Join(
            " ",
            Names()
                .Matches(code)
                .Select(type => type.Groups[1].Value
                    + "("
                    + string.Join(",", Column()
                        .Matches(type.Groups[2].Value is "Columns" ? code[..type.Index] : type.Groups[2].Value)
                        .Select(static column => column.Groups[1].Value))
                    + ")"));
    }

    [GeneratedRegex("""JsonNames (\w+)Names = new\(\s*(Columns|\[[^\]]*\])\);""")]
    private static partial Regex Names();

    [GeneratedRegex("""^ +new\("(\w+)"(?:, is(?:Optional|Nullable|Tree): true)*\),$""", RegexOptions.Multiline)]
    private static partial Regex Column();
}
