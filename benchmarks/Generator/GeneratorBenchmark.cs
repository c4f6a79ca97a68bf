using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Penstock.Generator;

namespace Penstock.Benchmarks.Generator;

/// <summary>What the compiler of pipelines costs while people type: a first generation of fifty operators, and an edit elsewhere.</summary>
internal static class GeneratorBenchmark
{
    /// <summary>How many operators the measured program has; each pipeline applies ten of them.</summary>
    public const int Operators = 50;

    /// <summary>The most that the first generation may take.</summary>
    public static readonly TimeSpan FirstBar = TimeSpan.FromMilliseconds(100);

    /// <summary>The most that an edit in an unrelated file may take.</summary>
    public static readonly TimeSpan EditBar = TimeSpan.FromMilliseconds(5);

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    /// <summary>Measures both, best of several, in a process that has the compiler warm as an editor's has.</summary>
    /// <param name="rounds">How often to measure.</param>
    /// <returns>The shortest times.</returns>
    public static (TimeSpan First, TimeSpan Edit) Measure(int rounds = 20)
    {
        var first = TimeSpan.MaxValue;
        var edit = TimeSpan.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var compilation = CreateCompilation(round);

            // The compiler binds declarations whether there is a generator or not.
            compilation.GetDeclarationDiagnostics();
            var clock = Stopwatch.StartNew();
            var driver = CSharpGeneratorDriver.Create([new PipelineGenerator().AsSourceGenerator()], parseOptions: Options).RunGenerators(compilation);
            first = Min(first, clock.Elapsed);
            if (driver.GetRunResult().GeneratedTrees.Length < Operators)
            {
                throw new InvalidOperationException("The measured program has not been generated.");
            }

            for (var change = 0; change < 3; change++)
            {
                var other = compilation.SyntaxTrees[^1];
                compilation = compilation.ReplaceSyntaxTree(other, Parse($"public static class Other {{ public static int Answer() => {round}{change}; }}", other.FilePath));
                compilation.GetDeclarationDiagnostics();
                clock.Restart();
                driver = driver.RunGenerators(compilation);
                edit = Min(edit, clock.Elapsed);
            }
        }

        return (first, edit);
    }

    private static CSharpCompilation CreateCompilation(int round)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Penstock.", StringComparison.Ordinal) || name.StartsWith("MemoryPack", StringComparison.Ordinal)))
            .Select(static path => MetadataReference.CreateFromFile(path));
        var trees = Enumerable.Range(0, Operators / 10).Select(pipeline => Parse(PipelineText(pipeline), $"Pipeline{pipeline}.cs"))
            .Append(Parse($"public static class Other {{ public static int Answer() => {round}; }}", "Other.cs"));
        return CSharpCompilation.Create("Measured", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
    }

    private static string PipelineText(int pipeline)
    {
        var text = new StringBuilder("using System; using Penstock;\n").Append(CultureInfo.InvariantCulture, $$"""
            namespace Measured{{pipeline}};

            public readonly record struct Row(string Key, DateTime At, long Amount, int Count, string Note);

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("rows.csv")] [EventTime(nameof(Row.At))] public partial Stream<Row> Stream0 { get; }

            """);
        for (var index = 1; index <= 10; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"    [Apply<Operator{index}>(nameof(Stream{index - 1}))] {(index == 10 ? "[FileSink(\"out.csv\")] " : "")}public partial Stream<Row> Stream{index} {{ get; }}\n");
        }

        text.Append("}\n");
        for (var index = 1; index <= 10; index++)
        {
            text.Append(index % 3 == 0 ? WindowText(index) : $"[Operator] public sealed partial class Operator{index} {{ [Filter] private static bool Keep(in Row row) => row.Amount > {index} && row.Key.Length < 9; }}\n");
        }

        return text.ToString();
    }

    private static string WindowText(int index) => $$"""
        [Operator, KeyBy(nameof(Row.Key)), TumblingWindow("1h")]
        public sealed partial class Operator{{index}}
        {
            [State] private partial ref long Sum { get; }
            [State] private partial ref int Count { get; }
            [Accumulate] private void Add(in Row row) { Sum += row.Amount; Count += row.Count; }
            [Fire] private Row Close(in Window<string> window) => new(window.Key, window.Start.UtcDateTime, Sum, Count, "");
        }

        """;

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, Options, path);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
