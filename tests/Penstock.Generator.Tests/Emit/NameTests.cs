using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit;

/// <summary>No names of the user collide with generated ones.</summary>
public sealed class NameTests
{
    [Fact]
    public void Classes_of_one_name_in_two_namespaces()
    {
        const string text = "namespace {0} { public record Row(int Value); [Operator] public sealed partial class Keep { [Filter] private static bool Yes(in Row row) => true; } "
            + "[Pipeline] public sealed partial class Job { [FileSource(\"a.csv\")] public partial Stream<Row> Rows { get; } [Apply<Keep>(nameof(Rows))] [FileSink(\"b.csv\")] public partial Stream<Row> Kept { get; } } }";
        var result = TestCompiler
            .Build(text.Replace("{0}", "First", StringComparison.Ordinal), text.Replace("{0}", "Second", StringComparison.Ordinal))
            .AssertClean();

        Assert.Contains("First.Job.Pipeline.g.cs", result.Files);
        Assert.Contains("Second.Job.Pipeline.g.cs", result.Files);
        Assert.Equal(10, result.Files.Count);
    }

    [Fact]
    public void Classes_whose_names_differ_in_case_alone()
    {
        const string text =
            "[Operator] public sealed partial class Keep { [Filter] private static bool Yes(in int row) => true; } [Operator] public sealed partial class KEEP { [Filter] private static bool Yes(in int row) => true; }";
        var result = TestCompiler.Build(text).AssertClean();

        Assert.Equal(2, result.Files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Sources_and_sinks_that_are_called_as_generated_classes_would_be() => TestCompiler.Build("""
        using Penstock.Connectors;

        public readonly record struct Row(int Value);

        public sealed class RowsColumns : IColumnSource<Row>
        {
            public void SetProjection(RowSchema columns) => throw new NotSupportedException();
            public IReadOnlyList<SourceSplit> Discover() => throw new NotSupportedException();
            public ISplitReader<Row> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) => throw new NotSupportedException();
        }

        public sealed class RowColumns<T> : IColumnSink<T>
        {
            public void SetSchema(RowSchema schema) => throw new NotSupportedException();
            public ISinkWriter<T> OpenWriter(int subtask) => throw new NotSupportedException();
            public ISinkCommitter CreateCommitter() => throw new NotSupportedException();
        }

        public static class RowsTask
        {
            public sealed class Sink : ISink<Row>
            {
                public ISinkWriter<Row> OpenWriter(int subtask) => throw new NotSupportedException();
                public ISinkCommitter CreateCommitter() => throw new NotSupportedException();
            }
        }

        [Pipeline]
        public sealed partial class Job
        {
            [Source<RowsColumns>] [Sink<RowColumns<Row>>] [Sink<RowsTask.Sink>] public partial Stream<Row> Rows { get; }
        }
        """).AssertClean();

    [Fact]
    public void Nested_classes_in_records_and_structs()
    {
        const string text = """
            namespace A.B
            {
                public partial record Outer
                {
                    public partial struct Middle
                    {
                        public readonly record struct Row(int Value);

                        [Operator]
                        public partial record Keep
                        {
                            [Filter] private static bool Yes(in Row row) => row.Value > 0;
                        }

                        [Pipeline]
                        private sealed partial class Job
                        {
                            [FileSource("a.csv")] public partial Stream<Row> Rows { get; }

                            [Apply<Keep>(nameof(Rows))] [FileSink("b.csv")] internal partial Stream<Row> Kept { get; }
                        }
                    }
                }
            }
            """;
        Assert.Contains("A.B.Outer.Middle.Job.Pipeline.g.cs", TestCompiler.Build(text).AssertClean().Files);
    }

    [Fact]
    public void Types_called_like_ours_and_members_called_like_keywords()
    {
        const string text = """
            namespace System2.Penstock.@class
            {
                public readonly record struct Batch(string @class, int @event, DateTime At, [Column("other")] string record);

                public readonly record struct Window(string Key, int Rows);

                public readonly record struct Context(string batch, string rows, string i);

                public readonly record struct State(int @ref);

                public sealed class Stream;

                public sealed class IPipeline;

                [Operator]
                public sealed partial class @operator(Stream? stream, IPipeline? pipeline)
                {
                    [Filter] private bool @is(in Batch @in) => @in.@class != null && stream != pipeline as object;
                }

                [Operator, KeyBy("class", "event"), TumblingWindow("1h", AllowedLateness = "1s")]
                public sealed partial class Task
                {
                    [State] private partial ref int State { get; }

                    [State] private partial ref long @long { get; }

                    [State] private partial ref string? window { get; }

                    [Accumulate] private void Accumulate(Batch @params) => State++;

                    [Fire] private Window Fire(global::Penstock.Window<(string, int)> window) => new($"{window.Key} {window.Start:O}", State);
                }

                [Operator, KeyBy(nameof(Batch.record))]
                public sealed partial class Output
                {
                    [State] private partial ref State Value { get; }

                    [Process] private void Process(in Batch key, global::Penstock.Context state, ref global::Penstock.Output<Context> error) => error.Emit(new(key.record, "", ""));
                }

                [Operator]
                public sealed partial class Subtask
                {
                    [Map] private static Batch Map(in Context context) => new(context.batch, 1, default, "");
                }

                [Pipeline]
                public sealed partial class @namespace
                {
                    public sealed class WindowTask;

                    public const int WindowKey = 1;

                    [FileSource("a.csv")] [EventTime("At")] public partial global::Penstock.Stream<Batch> batch { get; }

                    [Apply<@operator>(nameof(batch))] internal partial global::Penstock.Stream<Batch> @switch { get; }

                    [Apply<Task>(nameof(@switch))] [FileSink("b.csv", Changelog = global::Penstock.ChangelogFormat.EveryVersion)] [FileSink("c.jsonl", Changelog = global::Penstock.ChangelogFormat.EveryVersion)] internal partial global::Penstock.Stream<Window> window { get; }

                    [SideOutput(nameof(window), SideOutputs.Late)] [FileSink("d.csv")] private partial global::Penstock.Stream<Batch> Watermark { get; }

                    [Apply<Output>(nameof(@switch))] partial global::Penstock.Stream<Context> key { get; }

                    [Apply<Subtask>(nameof(key))] [FileSink("e.csv")] [FileSink("f.csv")] public partial global::Penstock.Stream<Batch> Process { get; }
                }
            }
            """;
        TestCompiler.Build(text.Replace("ref State Value", "ref int Value", StringComparison.Ordinal)).AssertClean();
    }

    [Theory]
    [InlineData(
        "namespace Acme.Tasks;",
        "public sealed class Penstock; public sealed class Formats; public sealed class Acme; public sealed class Tasks;")]
    [InlineData("namespace Acme.Penstock.System;", "public sealed class Windows; public sealed class State; public sealed class Global;")]
    [InlineData("namespace Formats;", "public sealed class Formats; public sealed class MemoryPack;")]
    [InlineData("namespace @global.@record;", "public sealed class Record;")]
    [InlineData("", "public sealed class Formats;")]
    public void Namespaces_types_members_and_aliases_called_like_those_in_generated_code(string place, string types)
    {
        const string aliases = "global using Tasks = System.Text; global using Streams = System.IO; global using Time = System.Int32;";
        const string program = """
            $place

            $types

            public readonly record struct Row(int Time, global::System.DateTime System);

            [Operator, KeyBy("Time"), TumblingWindow("1h", AllowedLateness = "1m")]
            public sealed partial class Sum
            {
                [State] private partial ref int Buffers { get; }
                [State(Scope = StateScope.Key)] private partial MapState<int, long> Generic { get; }
                [Accumulate] private void Add(in Row row) => Buffers++;
                [Fire] private Row Fire(in Window<int> window) => new(window.Key, window.Start.UtcDateTime);
            }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.csv"), EventTime("System")] public partial Stream<Row> Tasks { get; }
                [Apply<Sum>(nameof(Tasks)), FileSink("b.csv", Changelog = ChangelogFormat.EveryVersion)]
                public partial Stream<Row> System { get; }

                [SideOutput(nameof(System), SideOutputs.Late), FileSink("c.jsonl")] public partial Stream<Row> Streams { get; }
            }
            """;
        TestCompiler.Build(
            aliases,
            program.Replace("$place", place, StringComparison.Ordinal).Replace("$types", types, StringComparison.Ordinal)).AssertClean();
    }

    [Fact]
    public void Types_and_members_of_state_called_like_what_is_around_them()
    {
        const string text = """
            namespace First { public sealed record Item(int value, string? writer, int reader, List<int>? count, bool hasValue, int? Value, long i); }

            namespace Second { public record struct Item(int state, First.Item? First, @event? item); public record struct @event(string @class); }

            public sealed record ListOfItem(string State, Buffers? Read);

            public sealed record Buffers(int Write) { public int Detach { get; set; } }

            [Operator, KeyBy("value")]
            public sealed partial class Follow
            {
                [State] private partial ref List<First.Item>? Items { get; }
                [State] private partial ref List<Second.Item>? Others { get; }
                [State] private partial ref ListOfItem? State { get; }
                [State] private partial ref (int state, string? copy)? state { get; }
                [State] private partial ref Dictionary<Second.@event, Second.@event?>? copy { get; }
                [State] private partial ref HashSet<string>? reader { get; }
                [State] private partial ref string? writer { get; }
                [Process] private void On(in First.Item item, ref Output<First.Item> output) => output.Emit(in item);
            }
            """;
        TestCompiler.Build(text).AssertClean();
    }

    [Fact]
    public void Ids_that_are_no_identifiers()
    {
        // Each pair would get one name in generated code.
        string[] ids =
        [
            "a-b c", "a.b_c", "A.B", "A_B", "a.b", "class", "int", "7 days", "_7 days", "größe", "日本", "日-本", "\"quoted\"", "{0}", "x%41",
            "a\u200Db", "ab", "a\u2028b", "😀", "...", "---", "@new", "<summary>", "_", "Orders Sink", "Watermark", "Process",
        ];
        for (var i = 0; i + 3 <= ids.Length; i += 3)
        {
            var text = $$"""
                public record Row(string Shop, int Value, DateTime At);
                [Operator, KeyBy("Shop"), TumblingWindow("1h", AllowedLateness = "1m")] public sealed partial class Sum { [State] private partial ref int Total { get; } [State(Scope = StateScope.Key)] private partial MapState<int, long> Seen { get; } [Accumulate] private void Add(in Row row) => Total++; [Fire] private Row Close(in Window<string> window) => new(window.Key, Total, window.Start.UtcDateTime); }
                [Pipeline]
                public sealed partial class Job
                {
                    [FileSource("a.csv", Id = {{Quoted(ids[i])}}), EventTime("At"), FileSink("b.csv"), FileSink("c.jsonl")] public partial Stream<Row> Rows { get; }
                    [Apply<Sum>(nameof(Rows), Id = {{Quoted(ids[i + 1])}}), FileSink("d.csv", Changelog = ChangelogFormat.EveryVersion)] public partial Stream<Row> Sums { get; }
                    [SideOutput(nameof(Sums), SideOutputs.Late, Id = {{Quoted(ids[i + 2])}}), FileSink("e.csv", Id = {{Quoted(ids[i + 2] + ".")}})] public partial Stream<Row> Late { get; }
                }
                """;
            var files = TestCompiler.Build(text).AssertClean().Run.GeneratedTrees;
            Assert.All(
                ids[i..(i + 3)],
                id => Assert.Contains(
                    files.SelectMany(static tree => tree.GetRoot().DescendantTokens()),
                    token => token.Value as string == id));
        }

        static string Quoted(string id) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(id, quote: true);
    }

    [Fact]
    public void Everything_that_keys_and_state_can_be()
    {
        const string text = """
            public enum Color : ulong { Red }

            public record Row(bool A, char B, sbyte C, byte D, short E, ushort F, int G, uint H, long I, ulong J, string K, Guid L, DateTime M, DateTimeOffset N, DateOnly O, TimeOnly P, TimeSpan Q, decimal R, Color S, int? T, Color? U, DateTimeOffset? V, string? W);

            [Operator, KeyBy("A", "B", "C", "D", "E", "F", "G")] public sealed partial class One { [Process] private void On(in Row row, ref Output<Row> output) => output.Emit(in row); }

            [Operator, KeyBy("H", "I", "J", "K", "L", "M", "N")] public sealed partial class Two { [State] private partial ref int N { get; } [Process] private void On(in Row row, ref Output<Row> output) => output.Emit(in row); }

            [Operator, KeyBy("O", "P", "Q", "R", "S", "T", "U")] public sealed partial class Three { [State] private partial ref int N { get; } [Process] private void On(in Row row, ref Output<Row> output) => output.Emit(in row); }

            [Operator, KeyBy("V", "W")]
            public sealed partial class Four
            {
                [State] private partial ref bool A { get; }
                [State] private partial ref char B { get; }
                [State] private partial ref float C { get; }
                [State] private partial ref double? D { get; }
                [State] private partial ref byte[]? E { get; }
                [State] private partial ref (int, string?, (Color?, DateTime) Last) F { get; }
                [State] private partial ref Guid? G { get; }
                [State] private partial ref Color H { get; }
                [State] private partial ref DateOnly I { get; }
                [State] private partial ref TimeOnly? J { get; }
                [State] private partial ref TimeSpan K { get; }
                [State] private partial ref DateTimeOffset? L { get; }
                [State] private partial ref decimal M { get; }
                [State] private partial ref Packed? N { get; }
                [Process] private void On(in Row row, ref Output<Row> output) => output.Emit(in row);
            }

            public sealed partial class Packed : MemoryPack.IMemoryPackable<Packed>
            {
                public static void RegisterFormatter() { }
                public static void Serialize<TBufferWriter>(ref MemoryPack.MemoryPackWriter<TBufferWriter> writer, scoped ref Packed? value) where TBufferWriter : System.Buffers.IBufferWriter<byte> { }
                public static void Deserialize(ref MemoryPack.MemoryPackReader reader, scoped ref Packed? value) { }
            }

            [Pipeline]
            public sealed partial class Job
            {
                [FileSource("a.jsonl")] public partial Stream<Row> Rows { get; }
                [Apply<One>(nameof(Rows))] public partial Stream<Row> Ones { get; }
                [Apply<Two>(nameof(Ones))] public partial Stream<Row> Twos { get; }
                [Apply<Three>(nameof(Twos))] public partial Stream<Row> Threes { get; }
                [Apply<Four>(nameof(Threes))] [FileSink("b.csv")] public partial Stream<Row> Fours { get; }
            }
            """;
        TestCompiler.Build(text).AssertClean();
    }
}
