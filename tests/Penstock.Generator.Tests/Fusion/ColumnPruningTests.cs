using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Fusion;

/// <summary>Columns that nothing downstream reads are not parsed. If the compiler cannot be sure, they are.</summary>
public sealed partial class ColumnPruningTests
{
    private const string Row =
        "public record Row(string Key, DateTime At, int A, int B, int C, int D) { public int E => A + B; public int Twice() => 2 * E; public int Plus(int n) => A + n; public virtual int Open => A; }";

    [Theory]
    [InlineData("row.A", "at,key,a")]
    [InlineData("row.A + row.B.GetHashCode()", "at,key,a,b")]
    [InlineData("row.A > 0 ? row.B : 0", "at,key,a,b")]
    [InlineData("0", "at,key")]
    [InlineData("row.GetHashCode()", "at,key,a,b,c,d")]
    [InlineData("row.E", "at,key,a,b")]
    [InlineData("row.Twice()", "at,key,a,b")]
    [InlineData("row.Plus(1)", "at,key,a,b,c,d")]
    [InlineData("row.Open", "at,key,a,b,c,d")]
    [InlineData("row is { A: 1 } ? 1 : 0", "at,key,a,b,c,d")]
    [InlineData("Score(row)", "at,key,a,b,c,d")]
    [InlineData("(row with { A = 1 }).A", "at,key,a,b,c,d")]
    [InlineData("row!.A", "at,key,a,b,c,d")]
    [InlineData("((Func<int>)(() => row.D))()", "at,key,d")]
    [InlineData("new { row = 1 }.row", "at,key")]
    [InlineData("System.Runtime.CompilerServices.Unsafe.As<Row>((object)1 as Row)?.A ?? row.A", "at,key,a,b,c,d")]
    [InlineData("int.TryParse(row.Key, out var parsed) ? parsed : 0", "at,key")]
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
                [Apply<Sums>(nameof(Rows))] [Sink<Nowhere<int>>] public partial Stream<int> Totals { get; }
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
                [Apply<Name>(nameof(Kept))] [Sink<Nowhere<int>>] public partial Stream<int> Names { get; }
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
                [Apply<Sums>(nameof(Rows))] [Sink<Nowhere<int>>] public partial Stream<int> Totals { get; }
                {1}
            }
            """;
        Assert.Equal(["at", "key"], ReadColumns(sums + Fill("", "")));
        Assert.Equal(6, ReadColumns(sums + Fill("[FileSink(\"b.csv\")]", "")).Count());
        Assert.Equal(
            6,
            ReadColumns(sums + Fill(
                "",
                "[SideOutput(nameof(Totals), SideOutputs.Late)] [FileSink(\"b.csv\")] public partial Stream<Row> Late { get; }")).Count());

        static string Fill(string first, string second) =>
            pipeline.Replace("{0}", first, StringComparison.Ordinal).Replace("{1}", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => A + B; }", "a,b")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M { get { var sum = A; return sum + this.B; } } }", "a,b")]
    [InlineData(
        "record Item(int A, int B, int C, int D) { public int M => N; private int N => Helped(C); private static int Helped(int x) => x; }",
        "c")]
    [InlineData(
        "record Item(int A, int B, int C, int D) { public int M => Of(this); private static int Of(Item item) => item.A; }",
        "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => GetHashCode(); }", "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => ToString().Length; }", "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => (this with { D = 1 }).A; }", "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => this is { A: 1 } ? 1 : 0; }", "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => ((IComparable<int>)(object)this).CompareTo(0); }", "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => A.GetHashCode() + B.ToString().Length; }", "a,b")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M { get; } = A * B; }", "a,b")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M { get; } = C; }", "c")]
    [InlineData("record Item(int A, int B, int C, int D) { private readonly int _x = D; public int M => _x; }", "d")]
    [InlineData("record Item(int A, int B, int C, int D) : Base(B) { public int M => Kept; } public record Base(int Kept);", "b,kept")]
    [InlineData("record Item(int A, int B, int C, int D) : Base(B + C) { public int M => A; } public record Base(int Kept);", "a,b,c")]
    [InlineData("record Item(int A, int B, int C, int D) { public int A { get; init; } = A + B; public int M => A; }", "a,b")]
    [InlineData(
        "class Item(int a, int b, int c, int d) { public int A => a; public int B => b; public int C => c; public int D => d; public int M => b + C; }",
        "b,c")]
    [InlineData(
        "class Item { public Item(int a, int b, int c, int d) { A = a; (B, C) = (b, c); D = d; M = b * c; } public int A { get; } public int B { get; } public int C { get; } public int D { get; } public int M { get; } }",
        "b,c")]
    [InlineData(
        "class Item { public Item(int a, int b, int c, int d) { A = b; B = b; C = c; D = d; } public int A { get; } public int B { get; } public int C { get; } public int D { get; } public int M => A; }",
        "a,b")]
    [InlineData(
        "class Item { public Item(int a, int b, int c, int d) : this(a) { B = b; C = c; D = d; } private Item(int a) => A = a; public int A { get; } public int B { get; } public int C { get; } public int D { get; } public int M => C; }",
        "a,b,c,d")]
    [InlineData(
        "class Item { private int _sum; public int A { get; set; } public int B { get; set { field = value; _sum += value; } } public int C { get; set; } public int D { get; set; } public int M => _sum; }",
        "b")]
    [InlineData(
        "class Item { private int _a; public int A { get => _a; set => _a = value; } public int B { get; set; } public int C { get; set; } public int D { get; set; } public int M => _a; }",
        "a")]
    [InlineData(
        "class Item { private int _a; public int A { get => _a; set => _a = value; } public int B { get; set; } public int C { get; set; } public int D { get; set; } public int M => B; }",
        "b")]
    [InlineData(
        "class Item { public int A { get; set; } public int B { get; set; } public int C { get; set; } public int D { get; set; } public int M => Sum(); private int Sum() => A; }",
        "a,b,c,d")]
    [InlineData(
        "struct Item { public int A; public int B; public int C; public int D; public readonly int M => Sum(); private readonly int Sum() => A + D; }",
        "a,d")]
    [InlineData("partial record Item(int A, int B, int C, int D); partial record Item { public int M => B; }", "b")]
    [InlineData(
        "abstract record Base { public abstract int M { get; } } public record Item(int A, int B, int C, int D) : Base { public override int M => A; }",
        "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => int.TryParse(A.ToString(), out var m) ? m : 0; }", "a")]
    [InlineData(
        "record Item(int A, int B, int C, int D) { public int M => this.Sum(); } public static class Sums { public static int Sum(this Item item) => item.A; }",
        "a,b,c,d")]
    [InlineData(
        "record Item(int A, int B, int C, int D) { public int M => this.Sum; } public static class Sums { extension(Item item) { public int Sum => item.A; } }",
        "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => this.N; private int N => C; }", "c")]
    [InlineData(
        "struct Item { public int A; public int B; public int C; public int D; public int M { get { ref readonly var a = ref A; return a; } } }",
        "a,b,c,d")]
    [InlineData(
        "struct Item { public int A; public int B; public int C; public int D; public int M => Math.Max(Next(in A), 1); private static int Next(ref readonly int place) => place; }",
        "a,b,c,d")]
    [InlineData(
        "struct Item { public int A; public int B; public int C; public int D; public int M => System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref A, 1)[0]; }",
        "a,b,c,d")]
    [InlineData(
        "struct Item { public int A; public int B; public int C; public int D; [System.Diagnostics.CodeAnalysis.UnscopedRef] public ref int M => ref A; }",
        "a,b,c,d")]
    [InlineData(
        "class Item { private static int _last; public Item(int a, int b, int c, int d) { A = a; B = b; C = c; D = d; _last = d; } public int A { get; } public int B { get; } public int C { get; } public int D { get; } public int M => A; }",
        "a,d")]
    [InlineData(
        "class Item { private static int _last; public int A { get; set; } public int B { get => _last; set => _last = value; } public int C { get; set; } public int D { get; set; } public int M => A; }",
        "a,b")]
    [InlineData(
        "class Item { private int _x; public int A { get; set; } public int B { get => 1; set => Twice = value; } public int C { get; set; } public int D { get; set; } private int Twice { get => _x; set => _x = 2 * value; } public int M => _x; }",
        "b")]
    [InlineData(
        "class Item { public int A { get; set; } public int B { get; set; } public int C { get; set; } public int D { get; set; } ~Item() => Console.WriteLine(B); public int M => A; }",
        "a,b,c,d")]
    [InlineData(
        "class Item { public Item(int a, int b, int c, int d) { A = a; B = b; C = c; D = d; Kept.Add(this); } private static readonly List<Item> Kept = []; public int A { get; } public int B { get; } public int C { get; } public int D { get; } public int M => A; }",
        "a,b,c,d")]
    [InlineData(
        "partial class Item { public partial Item(int a, int b, int c, int d); public int A { get; } public int B { get; } public int C { get; } public int D { get; } public int M { get; } } public partial class Item { public partial Item(int a, int b, int c, int d) { A = a; B = b; C = c; D = d; M = a + b; } }",
        "a,b,c,d")]
    [InlineData(
        "partial class Item { private int _x; public int A { get; set; } public partial int B { get; set; } public int C { get; set; } public int D { get; set; } public int M => _x; } public partial class Item { public partial int B { get => _x; set => _x = 2 * value; } }",
        "a,b,c,d")]
    [InlineData(
        "partial record Item(int A, int B, int C, int D) { public int M { get { var a = A; return a + Other; } } private const int Other = 1; }",
        "a")]
    [InlineData("partial record Item(int A, int B, int C, int D) { public int M => Math.Max(A, 1); }", "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => Math.Max(A, 1); }", "a")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M => MemberwiseClone() is Item { A: 1 } ? 1 : 0; }", "a,b,c,d")]
    [InlineData("record Item(int A, int B, int C, int D) { public int M { get { var (a, _, _, _) = this; return a; } } }", "a,b,c,d")]
    [InlineData(
        "record Item(int A, int B, int C, int D) { public int M => PrintMembers(new System.Text.StringBuilder()) ? 1 : 0; }",
        "a,b,c,d")]
    [InlineData(
        "interface ISum { int Sum => 1; } public record Item(int A, int B, int C, int D) : ISum { public int M => ((ISum)this).Sum; }",
        "a,b,c,d")]
    [InlineData(
        "record Item(int A, int B, int C, int D) { private static readonly Dictionary<Item, int> Known = []; public int M => Known.GetValueOrDefault(this); }",
        "a,b,c,d")]
    public void A_member_needs_the_columns_that_it_reads(string type, string expected) =>
        Assert.Equal(expected.Split(','), ReadColumns($$"""
            public {{type}}
            [Operator] public sealed partial class Number { [Map] private static int Of(in Item item) => item.M; }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] public partial Stream<Item> Rows { get; }
                [Apply<Number>(nameof(Rows))] [Sink<Nowhere<int>>] public partial Stream<int> Numbers { get; }
            }
            """));

    [Theory]
    [InlineData("[EventTime(\"When\")]", "Text", "at,text")]
    [InlineData("[EventTime(\"At\", Unit = TimeUnit.Milliseconds)]", "Length", "at,text")]
    public void Event_time_and_key_need_the_columns_that_they_read(string time, string key, string expected) =>
        Assert.Equal(expected.Split(','), ReadColumns($$"""
            public record Visit(string Text, long At, int Other) { public DateTimeOffset When => DateTimeOffset.FromUnixTimeMilliseconds(At); public int Length => Text.Length; }

            [Operator, KeyBy("{{key}}"), TumblingWindow("1h")]
            public sealed partial class Counts
            {
                [State] private partial ref int Number { get; }
                [Accumulate] private void Add(in Visit visit) => Number++;
                [Fire] private int Close(in Window<{{(key == "Text" ? "string" : "int")}}> window) => Number;
            }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] {{time}} public partial Stream<Visit> Visits { get; }
                [Apply<Counts>(nameof(Visits))] [Sink<Nowhere<int>>] public partial Stream<int> Totals { get; }
            }
            """));

    [Theory]
    [InlineData("[StructLayout(LayoutKind.Explicit)]", "[FieldOffset(0)]", "a,b")]
    [InlineData("[StructLayout(LayoutKind.Sequential)]", "", "a")]
    [InlineData("[StructLayout(LayoutKind.Auto)]", "", "a")]
    [InlineData("", "", "a")]
    public void Fields_that_may_overlap_need_each_other_also_in_another_assembly(string layout, string offset, string expected)
    {
        var row = $$"""
            using System.Runtime.InteropServices;
            namespace Library;
            {{layout}} public struct Item { {{offset}} public int A; {{offset}} public int B; }
            """;
        const string program = """
            using Library;
            [Operator] public sealed partial class Number { [Map] private static int Of(in Item item) => item.A; }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] public partial Stream<Item> Rows { get; }
                [Apply<Number>(nameof(Rows))] [Sink<Nowhere<int>>] public partial Stream<int> Numbers { get; }
            }
            """;
        using var image = new MemoryStream();
        var library = TestCompiler.Compile(row);
        Assert.True(library.Emit(image).Success);

        Assert.Equal(expected.Split(','), ColumnsIn(TestCompiler.Build(ProgramText.Connectors, row, program)));
        Assert.Equal(
            expected.Split(','),
            ColumnsIn(TestCompiler.Build(TestCompiler
                .Compile(ProgramText.Connectors, program)
                .AddReferences(MetadataReference.CreateFromImage(image.ToArray())))));
        Assert.Equal(
            expected.Split(','),
            ColumnsIn(TestCompiler.Build(TestCompiler
                .Compile(ProgramText.Connectors, program)
                .AddReferences(library.ToMetadataReference()))));
    }

    [Theory]
    [InlineData("public unsafe int M { get { fixed (int* a = &A) { return a[1]; } } }", "item.M", "a,b,c,d")]
    [InlineData("private fixed int _more[2]; public int M => _more[-4];", "item.M", "a,b,c,d")]
    [InlineData("", "*(&item.A + 1)", "a,b,c,d")]
    [InlineData("", "item.A + (new int[1] is var array && array.Length > 0 ? 1 : 0)", "a")]
    public void Pointers_lead_anywhere(string member, string read, string expected)
    {
        var compilation = TestCompiler.Compile(ProgramText.Connectors, $$"""
            public unsafe struct Item { public int A; public int B; public int C; public int D; {{member}} }
            [Operator] public sealed unsafe partial class Number { [Map] private static int Of(Item item) => {{read}}; }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] public partial Stream<Item> Rows { get; }
                [Apply<Number>(nameof(Rows))] [Sink<Nowhere<int>>] public partial Stream<int> Numbers { get; }
            }
            """);

        Assert.Equal(
            expected.Split(','),
            ColumnsIn(TestCompiler.Build(compilation.WithOptions(compilation.Options.WithAllowUnsafe(true)))));
    }

    private static IEnumerable<string> ReadColumns(string program) => ColumnsIn(TestCompiler.Build(Row, ProgramText.Connectors, program));

    private static IEnumerable<string> ColumnsIn(BuildResult result) =>
        Column().Matches(result.AssertClean().Text("Job.Codecs.g.cs")).Select(static match => match.Groups[1].Value).Order();

    [GeneratedRegex("""^ +new\("(\w+)"(?:, is(?:Optional|Nullable): true)*\),$""", RegexOptions.Multiline)]
    private static partial Regex Column();
}
