using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Emit.Values;

/// <summary>
/// Generated code has no warnings in a project whose own code has none, whatever may be null. Here all warnings are errors, and nullable
/// annotations are everywhere where C# allows them.
/// </summary>
public sealed class NullableShapeTests
{
    private const string Types = """
        using System.Collections.Immutable;
        using Penstock.Connectors;

        public readonly record struct Box<T>(T Value);

        public sealed record StateCell<T>(T Value, string Id = "");

        public sealed class Open<T> { public T? Value { get; set; } public required string? Id { get; init; } }

        public readonly record struct Pair<TFirst, TSecond>(TFirst First, TSecond Second);

        public sealed record Row(string Name, string? Note, List<string?>? Notes = null);

        public readonly record struct Keyed<T>(string? Key, DateTime At, T Value);
        """;

    [Theory]
    [InlineData("Box<string?>")]
    [InlineData("Box<string>")]
    [InlineData("Box<string?>?")]
    [InlineData("StateCell<string?>")]
    [InlineData("StateCell<string?>?")]
    [InlineData("Row?")]
    [InlineData("Box<Row?>")]
    [InlineData("Box<StateCell<string?>?>")]
    [InlineData("Open<string?>")]
    [InlineData("Open<Row?>?")]
    [InlineData("Pair<string?, Box<Row?>>")]
    [InlineData("Box<List<string?>?>")]
    [InlineData("Box<(string? Name, Row? Row)>")]
    [InlineData("Box<Dictionary<string, Row?>>")]
    [InlineData("Box<ImmutableArray<string?>>")]
    [InlineData("Box<string?[]?>")]
    [InlineData("Box<byte[]?>")]
    [InlineData("Box<int?>")]
    [InlineData("string?")]
    [InlineData("(string? Name, Row? Row)")]
    [InlineData("List<Row?>?")]
    public void Operators_and_states(string row) => TestCompiler.Build(Types, ProgramText.Connectors, $$"""
        using System.Collections.Immutable;

        [Operator] public sealed partial class Copy { [Map] private static {{row}} Make(in {{row}} row) => row; }

        [Operator] public sealed partial class Keep { [Filter] private static bool Is(in {{row}} row) => !Equals(row, null); }

        [Operator]
        public sealed partial class Split
        {
            [FlatMap]
            private static void Each(in {{row}} row, ref Output<{{row}}> output, ref Output<{{row}}> aside)
            {
                output.Emit(row);
                aside.Emit(row);
            }
        }

        [Operator] public sealed partial class Wrap { [Map] private static Keyed<{{row}}> Make(in {{row}} row) => new(null, default, row); }

        public sealed class From : Nothing<{{row}}>;
        public sealed class FromTimed : Nothing<Keyed<{{row}}>>;
        public sealed class To : Nowhere<{{row}}>;

        public struct First : IReducer<{{row}}> { public static {{row}} Reduce({{row}} left, {{row}} right) => left; }

        [Operator, KeyBy("Key")]
        public sealed partial class Remember
        {
            [State] private partial ref {{row}} Last { get; }
            [State] private partial ref List<{{row}}>? All { get; }
            [State] private partial MapState<string, {{row}}> ByName { get; }
            [State] private partial ListState<{{row}}> Lines { get; }
            [State] private partial ReducingState<{{row}}, First> Earliest { get; }

            [Process]
            private void On(in Keyed<{{row}}> row, ref Output<{{row}}> output)
            {
                output.Emit(Last);
                Last = row.Value;
                All ??= [];
            }
        }

        [Operator, KeyBy("Key"), TumblingWindow("1m")]
        public sealed partial class Window
        {
            [State] private partial ref {{row}} Last { get; }
            [Accumulate] private void Add(in Keyed<{{row}}> row) => Last = row.Value;
            [Fire] private {{row}} Close(in Window<string?> window) => Last;
        }

        [Pipeline]
        public sealed partial class Job
        {
            [Source<From>] public partial Stream<{{row}}> Rows { get; }
            [Source<From>] public partial Stream<{{row}}> Others { get; }
            [Source<FromTimed>, EventTime("At")] public partial Stream<Keyed<{{row}}>> Timed { get; }
            [Apply<Copy>(nameof(Rows))] public partial Stream<{{row}}> Copies { get; }
            [Apply<Keep>(nameof(Copies)), Sink<To>] public partial Stream<{{row}}> Kept { get; }
            [Union(nameof(Rows), nameof(Others)), Sink<To>] public partial Stream<{{row}}> Both { get; }
            [Apply<Split>(nameof(Both)), Sink<To>] public partial Stream<{{row}}> Parts { get; }
            [SideOutput(nameof(Parts), "aside"), Sink<To>] public partial Stream<{{row}}> Aside { get; }
            [Apply<Wrap>(nameof(Both))] public partial Stream<Keyed<{{row}}>> Wrapped { get; }
            [Apply<Remember>(nameof(Wrapped)), Sink<To>] public partial Stream<{{row}}> Remembered { get; }
            [Apply<Window>(nameof(Timed)), Sink<To>] public partial Stream<{{row}}> Windows { get; }
        }
        """).AssertClean();

    [Theory]
    [InlineData("Box<string?>")]
    [InlineData("Box<string>")]
    [InlineData("StateCell<string?>")]
    [InlineData("StateCell<string?>?")]
    [InlineData("Row?")]
    [InlineData("Box<Row?>")]
    [InlineData("Box<StateCell<string?>?>")]
    [InlineData("Open<string?>")]
    [InlineData("Open<Row?>?")]
    [InlineData("Pair<string?, Box<Row?>>")]
    [InlineData("Box<List<string?>?>")]
    [InlineData("Box<Dictionary<string, Row?>>")]
    [InlineData("Box<Box<string?>?>")]
    [InlineData("Box<string?[]?>")]
    [InlineData("Box<byte[]?>")]
    [InlineData("Box<int?>")]
    public void Codecs(string row) => TestCompiler.Build(Types, ProgramText.Connectors, $$"""
        [Pipeline]
        public sealed partial class Job
        {
            [FileSource("a.jsonl"), FileSink("b.jsonl"), FileSink("b.csv"), Penstock.KafkaSink("topic")] public partial Stream<{{row}}> Lines { get; }
            [FileSource("a.csv"), FileSink("c.jsonl")] public partial Stream<{{row}}> Table { get; }
            [Penstock.KafkaSource("topic"), FileSink("d.jsonl")] public partial Stream<{{row}}> Messages { get; }
        }
        """).AssertClean();
}
