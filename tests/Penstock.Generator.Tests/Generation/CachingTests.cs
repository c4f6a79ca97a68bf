using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Generation;

/// <summary>An edit that does not change a pipeline or an operator regenerates nothing.</summary>
public sealed class CachingTests
{
    private const string Elsewhere = "namespace Elsewhere; public static class Other { public static int Answer() => 41; }";

    [Theory]
    [InlineData("FlightDelays")]
    [InlineData("Movements")]
    [InlineData("Diamond")]
    public void Edit_in_another_file_regenerates_nothing(string sample) =>
        AssertNothingChanges(Elsewhere, Elsewhere.Replace("41", "42", StringComparison.Ordinal), file: 2, sample);

    [Fact]
    public void New_type_in_another_file_regenerates_nothing() =>
        AssertNothingChanges(Elsewhere, Elsewhere + " public sealed class Another;", file: 2);

    [Fact]
    public void Comments_and_blank_lines_above_regenerate_nothing()
    {
        var sample = Repository.Sample("FlightDelays");
        AssertNothingChanges(
            Elsewhere,
            "// a comment\n\n\n" + sample.Replace("[Operator", "/* another */\n\n[Operator", StringComparison.Ordinal),
            file: 1);
    }

    [Fact]
    public void Edit_inside_of_an_operators_method_regenerates_nothing() =>
        AssertNothingChanges(Elsewhere, Repository
            .Sample("FlightDelays")
            .Replace("DelaySum += flight.Delay ?? 0;", "DelaySum += Math.Max(0, flight.Delay ?? 0);", StringComparison.Ordinal), file: 1);

    [Fact]
    public void Change_of_one_operator_regenerates_what_depends_on_it()
    {
        var (driver, compilation) = Start(Elsewhere);
        var changed = Repository
            .Sample("FlightDelays")
            .Replace("TumblingWindow(\"1h\")", "TumblingWindow(\"30m\")", StringComparison.Ordinal);
        var result = driver.RunGenerators(Replace(compilation, 1, changed)).GetRunResult().Results.Single();

        var modified = Outputs(result, StepNames.OperatorCode).Count(static reason => reason == IncrementalStepRunReason.Modified);
        Assert.Equal(1, modified);
        Assert.Equal([IncrementalStepRunReason.Modified], Outputs(result, StepNames.PipelineCode));
        Assert.Equal([IncrementalStepRunReason.Unchanged], Outputs(result, StepNames.CodecCode));
    }

    [Theory]
    [InlineData("public const string File = \"rows.csv\";", "public const string File = \"others.csv\";", "others.csv")]
    [InlineData("public record Row(int Key);", "public record Row(long Key);", "\"int64\"")]
    [InlineData("public record Row(int Key);", "public record Row(int Key) { public int A { get; set; } }", "int32")]
    public void Change_of_what_a_declaration_depends_on_is_seen(string before, string after, string expected)
    {
        const string rows = "public static class Names { public const string File = \"rows.csv\"; } public record Row(int Key);";
        const string job = """
            [Operator, KeyBy("Key")] public sealed partial class Same { [State] private partial ref int N { get; } [Process] private void On(in Row row, ref Output<Row> output) => output.Emit(in row); }
            [Pipeline]
            public sealed partial class Job
            {
                [FileSource(Names.File)] public partial Stream<Row> Rows { get; }
                [Apply<Same>(nameof(Rows))] [FileSink("out.csv")] public partial Stream<Row> Out { get; }
            }
            """;
        var compilation = TestCompiler.Compile(rows, job);
        var driver = TestCompiler.CreateDriver().RunGenerators(compilation);
        var changed = Replace(compilation, 1, rows.Replace(before, after, StringComparison.Ordinal));

        static string Text(GeneratorDriver driver) =>
            string.Concat(driver.GetRunResult().GeneratedTrees
                .OrderBy(static tree => tree.FilePath, StringComparer.Ordinal)
                .Select(static tree => tree.ToString()));
        Assert.Equal(Text(TestCompiler.CreateDriver().RunGenerators(changed)), Text(driver.RunGenerators(changed)));
        Assert.Contains(expected, Text(driver.RunGenerators(changed)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public int M => A;", "public int M => B;")]
    [InlineData("public int M { get { return A; } }", "public int M { get { return B; } }")]
    [InlineData("public int M => N(); private int N() => A;", "public int M => N(); private int N() => B;")]
    [InlineData("public int M => N(); private int N() { return A; }", "public int M => N(); private int N() { return B; }")]
    public void Change_of_what_a_member_of_a_row_reads_is_seen(string before, string after)
    {
        const string item = "public record struct Item(int A, int B) { $members }";
        const string job = """
            [Operator] public sealed partial class Number { [Map] private static int Of(in Item item) => item.M; }
            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv")] public partial Stream<Item> Rows { get; }
                [Apply<Number>(nameof(Rows))] [Sink<Nowhere<int>>] public partial Stream<int> Numbers { get; }
            }
            """;
        var compilation = TestCompiler.Compile(item.Replace("$members", before, StringComparison.Ordinal), job, ProgramText.Connectors);
        var driver = TestCompiler.CreateDriver().RunGenerators(compilation);
        var changed = driver.RunGenerators(Replace(compilation, 1, item.Replace("$members", after, StringComparison.Ordinal)));

        static string Codecs(GeneratorDriver driver) => driver.GetRunResult().GeneratedTrees
            .Single(static tree => tree.FilePath.EndsWith("Job.Codecs.g.cs", StringComparison.Ordinal))
            .ToString();
        Assert.Contains("new(\"b\", isRead: false)", Codecs(driver), StringComparison.Ordinal);
        Assert.Contains("new(\"a\", isRead: false)", Codecs(changed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ get; set; }", "{ get => 1; set { } }")]
    [InlineData("{ get; set; }", "{ get; set => field = value + 1; }")]
    [InlineData("{ get => 1; set { } }", "{ get; set => field = value + 1; }")]
    [InlineData("{ get; set; }", "=> 1;")]
    [InlineData(";", "=> 1;")]
    public void Change_of_what_a_type_of_state_stores_is_seen(string before, string after)
    {
        const string item = "public record struct Item(int Count) { public int More $body }";
        const string once = """
            [Operator, KeyBy("Count")]
            public sealed partial class Once { [State] private partial ref Item Kept { get; } [Process] private void On(in Item row, ref Output<Item> output) => output.Emit(in row); }
            """;
        var compilation = TestCompiler.Compile(item.Replace("$body", before, StringComparison.Ordinal), once);
        var driver = TestCompiler.CreateDriver().RunGenerators(compilation);
        var changed = Replace(compilation, 1, item.Replace("$body", after, StringComparison.Ordinal));

        Assert.Equal(Texts(TestCompiler.CreateDriver().RunGenerators(changed)), Texts(driver.RunGenerators(changed)));

        static IEnumerable<string> Texts(GeneratorDriver driver) =>
            driver.GetRunResult().GeneratedTrees.Select(static tree => tree.ToString());
    }

    [Fact]
    public void Change_in_a_method_of_another_part_is_seen()
    {
        const string first = "public readonly record struct Pair(int A, int B); [Operator] public sealed partial class Once { }";
        const string second = "partial class Once { [Map] private int On(in Pair row) { return row.A; } }";
        var compilation = TestCompiler.Compile(first, second);
        var driver = TestCompiler.CreateDriver().RunGenerators(compilation);
        Assert.Contains(
            "Reads = new string[] { \"A\" }",
            driver.GetRunResult().GeneratedTrees.Single().ToString(),
            StringComparison.Ordinal);

        var changed = Replace(compilation, 2, second.Replace("row.A", "row.B", StringComparison.Ordinal));
        Assert.Contains(
            "Reads = new string[] { \"B\" }",
            driver.RunGenerators(changed).GetRunResult().GeneratedTrees.Single().ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("using Op = Penstock.OperatorAttribute;", "[Op]")]
    [InlineData("", "[Penstock.Operator]")]
    [InlineData("", "[global::Penstock.OperatorAttribute]")]
    [InlineData("", "[Short]")]
    public void Attribute_by_any_name_is_found(string alias, string attribute)
    {
        var result = TestCompiler.Build(
            $"{alias} {attribute} public sealed partial class Keep {{ [Filter] private static bool Yes(in int row) => true; }}",
            attribute == "[Short]" ? "global using Short = Penstock.OperatorAttribute;" : "");

        Assert.Equal(["Keep.Operator.g.cs"], result.AssertClean().Files);
    }

    [Fact]
    public void Order_of_files_does_not_matter()
    {
        var first = Repository.Sample("FlightDelays");
        var second = Repository.Sample("Shop");
        static Dictionary<string, string> Texts(BuildResult result) =>
            result.Run.Results
                .Single().GeneratedSources
                .ToDictionary(static source => source.HintName, static source => source.SourceText.ToString());

        Assert.Equal(Texts(TestCompiler.Build(first, second)), Texts(TestCompiler.Build(second, first)));
    }

    [Fact]
    public void Models_contain_no_symbols_syntax_or_compilations()
    {
        var (driver, _) = Start(Elsewhere);
        var result = driver.GetRunResult().Results.Single();
        foreach (var step in StepNames.All)
        {
            foreach (var value in result.TrackedSteps[step].SelectMany(static run => run.Outputs).Select(static output => output.Value))
            {
                AssertPlain(value, step, []);
            }
        }
    }

    private static void AssertPlain(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(value is ISymbol or SyntaxNode or Compilation or Location or SyntaxTree, path);
        if (value is System.Collections.IEnumerable items)
        {
            foreach (var item in items)
            {
                AssertPlain(item, path + "[]", seen);
            }

            return;
        }

        foreach (var field in value.GetType().GetFields(System.Reflection.BindingFlags.Instance
            | System.Reflection.BindingFlags.NonPublic
            | System.Reflection.BindingFlags.Public))
        {
            AssertPlain(field.GetValue(value), $"{path}.{field.Name}", seen);
        }
    }

    private static void AssertNothingChanges(string other, string replacement, int file, string sample = "FlightDelays")
    {
        var (driver, compilation) = Start(other, sample);
        var result = driver.RunGenerators(Replace(compilation, file, replacement)).GetRunResult().Results.Single();
        foreach (var step in StepNames.All)
        {
            Assert.All(Outputs(result, step), reason => Assert.True(
                reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step}: {reason}"));
        }

        var outputs = result.TrackedOutputSteps.SelectMany(static step => step.Value).SelectMany(static run => run.Outputs);
        Assert.All(outputs, static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    private static (GeneratorDriver Driver, CSharpCompilation Compilation) Start(string other, string sample = "FlightDelays")
    {
        var compilation = TestCompiler.Compile(Repository.Sample(sample), other);
        return (TestCompiler.CreateDriver().RunGenerators(compilation), compilation);
    }

    private static CSharpCompilation Replace(CSharpCompilation compilation, int file, string text)
    {
        var tree = compilation.SyntaxTrees[file];
        return compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, TestCompiler.ParseOptions, tree.FilePath));
    }

    private static IEnumerable<IncrementalStepRunReason> Outputs(GeneratorRunResult result, string step) =>
        result.TrackedSteps[step].SelectMany(static run => run.Outputs).Select(static output => output.Reason);
}
