using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Penstock.Generator;

namespace Penstock.Benchmarks.Generator;

/// <summary>Measures the time to generate fifty operators in ten pipelines, and the time after an unrelated edit.</summary>
internal static class GeneratorBenchmark
{
    private const int Operators = 50;

    // Enough for the compiler of .NET to optimize the generator, as in an editor: after 20 rounds most of it is not.
    private const int Rounds = 200;
    private const double FullBar = 30;
    private const double EditBar = 2;

    /// <summary>Runs both measurements and prints the times.</summary>
    /// <returns>Whether both bars were met.</returns>
    public static bool Run()
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var program = CSharpSyntaxTree.ParseText(Program(), options);
        var other = CSharpSyntaxTree.ParseText("namespace Other; class Unrelated { int M() => 1; }", options);
        var compilation = CSharpCompilation.Create(
            "Fifty",
            [program, other],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        var full = double.MaxValue;
        var edit = double.MaxValue;
        var generated = 0;
        for (var round = 0; round < Rounds; round++)
        {
            // A clone without bound symbols, as at the start of a build.
            var fresh = CSharpCompilation.Create("Fifty", [program, other], compilation.References, compilation.Options);
            GeneratorDriver driver = CSharpGeneratorDriver.Create([new PipelineGenerator().AsSourceGenerator()], parseOptions: options);
            full = Math.Min(full, Time(() => driver = driver.RunGenerators(fresh)));
            generated = driver.GetRunResult().GeneratedTrees.Length;
            var edited = fresh.ReplaceSyntaxTree(
                other,
                CSharpSyntaxTree.ParseText($"namespace Other; class Unrelated {{ int M() => {round + 2}; }}", options));
            edit = Math.Min(edit, Time(() => driver = driver.RunGenerators(edited)));
        }

        if (generated < Operators)
        {
            throw new InvalidOperationException($"Only {generated} files were generated; the program of the benchmark does not validate.");
        }

        Console.WriteLine("name | ms | bar");
        Console.WriteLine("---|---:|---:");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"`generator-50-operators` | {full:F1} | {FullBar}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"`generator-unrelated-edit` | {edit:F2} | {EditBar}"));
        return full <= FullBar && edit <= EditBar;
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));

    private static string Program()
    {
        var code = new StringBuilder("""
            using System;
            using Penstock;
            namespace Fifty;
            public readonly record struct Row(string Key, DateTime At, int Value, decimal Amount);
            public readonly record struct Sum(string Key, DateTimeOffset Start, long Total);

            """);
        for (var index = 0; index < Operators / 5; index++)
        {
            code.Append(CultureInfo.InvariantCulture, $$"""
                [Operator] public sealed partial class Keep{{index}} { [Filter] private bool Keep(in Row row) => row.Value > {{index}}; }
                [Operator] public sealed partial class Change{{index}} { [Map] private Row Change(in Row row) => row with { Value = row.Value + 1 }; }
                [Operator, KeyBy(nameof(Row.Key))] public sealed partial class Count{{index}}
                {
                    [State] private partial ref int Seen { get; }
                    [Process] private void On(in Row row, ref Output<Row> output) { if (Seen++ == 0) output.Emit(in row); }
                }
                [Operator, KeyBy(nameof(Row.Key)), TumblingWindow("10m")] public sealed partial class Add{{index}}
                {
                    [State] private partial ref long Total { get; }
                    [Accumulate] private void Add(in Row row) => Total += row.Value;
                    [Fire] private Sum Close(in Window<string> window) => new(window.Key, window.Start, Total);
                }
                [Operator] public sealed partial class Split{{index}} { [FlatMap] private void Split(in Sum sum, ref Output<Sum> output) => output.Emit(in sum); }
                [Pipeline] public sealed partial class Pipeline{{index}}
                {
                    [FileSource("rows.csv"), EventTime(nameof(Row.At), MaxDelay = "5s")] public partial Stream<Row> Rows { get; }
                    [Apply<Keep{{index}}>(nameof(Rows))] public partial Stream<Row> Kept { get; }
                    [Apply<Change{{index}}>(nameof(Kept))] public partial Stream<Row> Changed { get; }
                    [Apply<Count{{index}}>(nameof(Changed)), FileSink("first.jsonl")] public partial Stream<Row> First { get; }
                    [Apply<Add{{index}}>(nameof(Changed))] public partial Stream<Sum> Sums { get; }
                    [Apply<Split{{index}}>(nameof(Sums)), FileSink("sums.csv")] public partial Stream<Sum> Parts { get; }
                }

                """);
        }

        return code.ToString();
    }
}
