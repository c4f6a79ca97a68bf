using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Schemas;

/// <summary>
/// A program with one stateful operator, compiled as in a build and run in its own context: the old one saves a checkpoint, and the new one
/// resumes from it.
/// </summary>
internal sealed class EvolvingProgram
{
    // Many tests begin with the same program. It has nothing static, so that they share it.
    private static readonly ConcurrentDictionary<string, Lazy<EvolvingProgram>> Loaded = [];

    private readonly Func<string, int, bool, string[], int[], string[]> _run;

    private EvolvingProgram(Func<string, int, bool, string[], int[], string[]> run) => _run = run;

    /// <summary>Compiles a program.</summary>
    /// <param name="members">
    /// The members of the operator: its states, <c>void Add(int number)</c> and <c>string Tell()</c>. Other types follow after a line of
    /// dashes.
    /// </param>
    /// <param name="window">The windows of the operator, if any.</param>
    /// <param name="pipeline">Further arguments of the pipeline attribute.</param>
    /// <param name="id">The id of the operator.</param>
    /// <param name="key">The key member.</param>
    public static EvolvingProgram Compile(
        string members,
        string? window = null,
        string pipeline = "",
        string id = "Result",
        string key = "Key") =>
        Load(Source(members, window, pipeline, id, key));

    /// <summary>Compiles a program from its complete source, which contains a class Driver like that of the others.</summary>
    public static EvolvingProgram Load(string source) =>
        Loaded.GetOrAdd(source, static source => new Lazy<EvolvingProgram>(() => LoadNew(source))).Value;

    private static EvolvingProgram LoadNew(string source)
    {
        var build = TestCompiler.Compile(source);
        TestCompiler.CreateDriver().RunGeneratorsAndUpdateCompilation(build, out var compiled, out _);
        using var image = new MemoryStream();
        var result = compiled.Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics) + "\n" + string.Join("\n", compiled.SyntaxTrees.Skip(2)));
        image.Position = 0;

        // Not collectible: with unloaded contexts, the garbage collector of .NET 10.0.12 crashed twice. The programs are few and small.
        var run = new AssemblyLoadContext("program").LoadFromStream(image).GetType("Driver")!.GetMethod(
            "Run",
            BindingFlags.Public | BindingFlags.Static)!;
        return new EvolvingProgram(run.CreateDelegate<Func<string, int, bool, string[], int[], string[]>>());
    }

    /// <summary>Resumes from the checkpoint in a folder, processes rows, and saves another checkpoint.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="parallelism">The parallelism.</param>
    /// <param name="end">Whether the source ends after the rows, and all windows with it.</param>
    /// <returns>The output of the operator for each row, or when its windows end.</returns>
    public string[] Run(string folder, IReadOnlyList<(string Key, int Number)> rows, int parallelism = 1, bool end = false) =>
        _run(folder, parallelism, end, [.. rows.Select(static row => row.Key)], [.. rows.Select(static row => row.Number)]);

    /// <summary>Returns the class that runs the pipeline <c>Shop</c> of a program, whose source is <c>Rows</c>.</summary>
    /// <param name="input">The type of the rows that it sends, created from a key, a number and a time.</param>
    /// <param name="output">The type of the rows that it reads, which have a key.</param>
    /// <param name="stream">The stream that it reads.</param>
    /// <param name="value">The member of these rows that it returns.</param>
    /// <param name="checkpointEvery">The number of rows between two checkpoints.</param>
    public static string Driver(string input, string output, string stream, string value, int checkpointEvery) => $$"""
        public static class Driver
        {
            public static string[] Run(string folder, int parallelism, bool end, string[] keys, int[] numbers)
            {
                using var test = PipelineTest.For<Shop>(options => options.Parallelism = parallelism, checkpoints: folder);
                for (var i = 0; i < keys.Length; i++)
                {
                    test.Send("Rows", new {{input}}(keys[i], numbers[i], new DateTime(2024, 1, 1, 0, 30, 0, DateTimeKind.Utc)));
                    if (i % {{checkpointEvery}} == {{checkpointEvery - 1}})
                    {
                        test.Checkpoint();
                    }
                }

                test.Checkpoint();
                if (end)
                {
                    test.End("Rows");
                }

                return [.. test.Read<{{output}}>("{{stream}}").Select(row => row.Key + "=" + row.{{value}})];
            }
        }
        """;

    /// <summary>Returns the source of a program.</summary>
    public static string Source(string members, string? window = null, string pipeline = "", string id = "Result", string key = "Key")
    {
        var parts = members.Split("---");
        var behaviour = window != null
            ? """
                [Accumulate] private void On(in In row) => Add(row.Number);
                [Fire] private Out Close(in Window<string> window) => new(window.Key, Tell());
              """
            : """
                [Process] private void On(in In row, ref Output<Out> output) { Add(row.Number); output.Emit(new Out(row.Key, Tell())); }
              """;
        return $$"""
            using System.Collections.Immutable;
            using System.Linq;
            using Penstock.Testing;

            public readonly record struct In(string Key, int Number, DateTime At);

            public readonly record struct Out(string Key, string Text);

            [Operator, KeyBy("{{key}}"){{(window == null ? "" : $", TumblingWindow({window})")}}]
            public sealed partial class Op
            {
            {{parts[0]}}
            {{behaviour}}
            }

            [Pipeline{{pipeline}}]
            public sealed partial class Shop
            {
                [FileSource("in.csv"), EventTime(nameof(In.At))]
                public partial Stream<In> Rows { get; }

                [Apply<Op>(nameof(Rows), Id = "{{id}}"), FileSink("out.csv")]
                public partial Stream<Out> Result { get; }
            }

            {{parts.ElementAtOrDefault(1)}}

            {{Driver("In", "Out", id, "Text", checkpointEvery: 60)}}
            """;
    }
}
