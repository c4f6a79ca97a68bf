using Penstock.Generator.Tests.Schemas;

namespace Penstock.Generator.Tests.Operators;

/// <summary>
/// A small program for each kind of operator. A new kind needs a row here: <see cref="KindSampleTests"/> builds it in one assembly and in
/// two, restarts it, and compares what it saves with what its build locks.
/// </summary>
internal static class KindSamples
{
    private static readonly KindSample[] All =
    [
        new(
            "Map",
            "[Operator] CLASS { [Map] private static Row Make(in Row row) => row with { Number = row.Number * 2 }; }",
            static rows => rows.Select(static row => (row.Key, row.Number * 2))),
        new(
            "Filter",
            "[Operator] CLASS { [Filter] private static bool Keep(in Row row) => row.Number > 5; }",
            static rows => rows.Where(static row => row.Number > 5)),
        new(
            "FlatMap",
            """
            [Operator] CLASS
            {
                [FlatMap] private static void Split(in Row row, ref Output<Row> output)
                {
                    for (var i = 0; i < row.Number % 3; i++) output.Emit(row with { Number = i });
                }
            }
            """,
            static rows => rows.SelectMany(static row => Enumerable.Range(0, row.Number % 3).Select(i => (row.Key, i)))),
        new(
            "AsyncMap",
            """
            [Operator] CLASS
            {
                [AsyncMap(Concurrency = 3)]
                private static ValueTask<Row?> MakeAsync(Row row, CancellationToken cancellation) =>
                    new(row.Number % 4 == 0 ? null : row with { Number = row.Number * 2 });
            }
            """,
            static rows => rows.Where(static row => row.Number % 4 != 0).Select(static row => (row.Key, row.Number * 2))),
        new(
            "Process",
            """
            [Operator, KeyBy("Key")] CLASS
            {
                [State] private partial ref int Sum { get; }
                [State] private partial MapState<int, int> Counts { get; }
                [Process] private void On(in Row row, ref Output<Row> output)
                {
                    Sum += row.Number;
                    output.Emit(row with { Number = 1000 * Sum + ++Counts.GetOrAdd(row.Number) });
                }
            }
            """,
            static rows => ByKey(rows, static numbers => numbers.Select((number, index) =>
                1000 * numbers.Take(index + 1).Sum() + numbers.Take(index + 1).Count(other => other == number)))),
        new(
            "Timer",
            """
            [Operator, KeyBy("Key")] CLASS
            {
                [State] private partial ref int Sum { get; }
                [State] private partial ListState<int> Numbers { get; }
                [Process] private void On(in Row row, in Context context, ref Output<Row> output)
                {
                    Sum += row.Number;
                    Numbers.Add(row.Number);
                    context.Timers.Set(row.At.AddDays(1).Date);
                }

                [OnTimer] private void OnTimer(in Timer<string> timer, in Context context, ref Output<Row> output) =>
                    output.Emit(new(timer.Key, 1000 * Sum + Numbers.Count, timer.Time.UtcDateTime));
            }
            """,
            static rows => ByKey(rows, static numbers => [1000 * numbers.Sum() + numbers.Count])),
        new(
            "Timer",
            """
            public readonly record struct Mark(int Number, string Owner, DateTime At);

            [Operator] public sealed partial class Marks { [Map] private static Mark Make(in Row row) => new(row.Number, row.Key, row.At); }

            [Operator] CLASS
            {
                [State] private partial ref int Sum { get; }
                [State] private partial ListState<int> Numbers { get; }
                [Process, KeyBy("Key")] private void OnRow(in Row row, ref Output<Row> output) => Sum += row.Number;
                [Process, KeyBy("Owner")] private void OnMark(in Mark mark, in Context context, ref Output<Row> output)
                {
                    Numbers.Add(mark.Number);
                    context.Timers.Set(mark.At.AddDays(1).Date);
                }

                [OnTimer] private void OnTimer(in Timer<string> timer, in Context context, ref Output<Row> output) =>
                    output.Emit(new(timer.Key, 1000 * Sum + Numbers.Count, timer.Time.UtcDateTime));
            }
            """,
            static rows => ByKey(rows, static numbers => [1000 * numbers.Sum() + numbers.Count]))
        {
            Name = "Timer with two inputs",
            Streams = "[Apply<Marks>(nameof(Rows))] public partial Stream<Mark> More { get; }",
            Produced = "Apply<Op>(nameof(Rows), nameof(More), Id = \"Result\")",
        },
        new(
            "Window",
            """
            [Operator, KeyBy("Key"), TumblingWindow("20m", Offset = "5m")] CLASS
            {
                [State] private partial ref int Sum { get; }
                [State(Scope = StateScope.Key)] private partial ref int Rows { get; }
                [State] private partial ListState<int> Numbers { get; }
                [Accumulate] private void Add(in Row row) { Sum += row.Number; Rows++; Numbers.Add(row.Number); }
                [Fire] private Row Close(in Window<string> window) =>
                    new(window.Key, 1000 * Sum + Rows + Numbers.Count, window.Start.UtcDateTime);
            }
            """,
            static rows => ByKey(rows, static numbers => [1000 * numbers.Sum() + 2 * numbers.Count])),
        new(
            "SlidingWindow",
            """
            [Operator, KeyBy("Key"), SlidingWindow("20m", Slide = "10m", Offset = "5m")] CLASS
            {
                [State] private partial ref int Sum { get; }
                [State] private partial ref List<int>? Numbers { get; }
                [State(Scope = StateScope.Key)] private partial MapState<int, int> Counts { get; }
                [Accumulate] private void Add(in Row row)
                {
                    Sum += row.Number;
                    (Numbers ??= []).Add(row.Number);
                    Counts.GetOrAdd(row.Number)++;
                }

                [Merge] private void Merge(in Accumulator other)
                {
                    Sum += other.Sum;
                    if (other.Numbers != null) (Numbers ??= []).AddRange(other.Numbers);
                }
                [Fire] private Row Close(in Window<string> window) =>
                    new(window.Key, 1000 * Sum + Counts.Count + Numbers!.Count, window.Start.UtcDateTime);
            }
            """,
            static rows => ByKey(rows, static numbers =>
            [
                1000 * numbers.Sum() + numbers.Distinct().Count() + numbers.Count,
                1000 * numbers.Sum() + numbers.Distinct().Count() + numbers.Count,
            ])),
        new(
            "CumulativeWindow",
            """
            [Operator, KeyBy("Key"), CumulativeWindow("1h", Step = "20m")] CLASS
            {
                [State] private partial ref long Sum { get; }
                [Accumulate] private void Add(in Row row) => Sum += row.Number;
                [Merge] private void Merge(in Accumulator other) => Sum += other.Sum;
                [Fire] private Row Close(in Window<string> window) => new(window.Key, (int)Sum, window.Start.UtcDateTime);
            }
            """,
            static rows => ByKey(rows, static numbers => [numbers.Sum(), numbers.Sum()])),
        new(
            "SessionWindow",
            """
            [Operator, KeyBy("Key"), SessionWindow("30m")] CLASS
            {
                [State] private partial ref int Sum { get; }
                [State] private partial ref List<int>? Numbers { get; }
                [State(Scope = StateScope.Key)] private partial MapState<int, int> Counts { get; }
                [Accumulate] private void Add(in Row row)
                {
                    Sum += row.Number;
                    (Numbers ??= []).Add(row.Number);
                    Counts.GetOrAdd(row.Number)++;
                }

                [Merge] private void Merge(in Accumulator other)
                {
                    Sum += other.Sum;
                    Numbers!.AddRange(other.Numbers!);
                }
                [Fire] private Row Close(in Window<string> window) =>
                    new(window.Key, 1000 * Sum + Counts.Count + Numbers!.Count, window.Start.UtcDateTime);
            }
            """,
            static rows => ByKey(rows, static numbers => [1000 * numbers.Sum() + numbers.Distinct().Count() + numbers.Count])),
        new(
            "IntervalJoin",
            """
            [Operator, KeyBy(nameof(Row.Key)), IntervalJoin("500d", "1000d")]
            CLASS
            {
                [Match]
                private static void Both(in Row row, in Row other)
                {
                }

                [Unmatched] private Row Alone(in Row row) => row;
            }
            """,
            static rows => rows)
        {
            Streams = "[SortByTime(nameof(Rows))] public partial Stream<Row> More { get; }",
            Produced = "Apply<Op>(nameof(Rows), nameof(More), Id = \"Result\")",
        },
        new("Union", "", static rows => rows)
        {
            Streams = "[FileSource(\"more.csv\"), EventTime(nameof(Row.At))] public partial Stream<Row> More { get; }",
            Produced = "Union(nameof(Rows), nameof(More), Id = \"Result\")",
        },
        new("Distinct", "", static rows => rows.DistinctBy(static row => row.Key))
        {
            Produced = "Distinct(nameof(Rows), Unbounded = true, Id = \"Result\"), KeyBy(nameof(Row.Key))",
        },
        new("KeepFirst", "", static rows => Kept(rows, static (number, kept) => number < kept))
        {
            Produced = "KeepFirst(nameof(Rows), OrderBy = nameof(Row.Number), Unbounded = true, Id = \"Result\"), KeyBy(nameof(Row.Key))",
            Changelog = "EveryVersion",
        },
        new("KeepLast", "", static rows => Kept(rows, static (number, kept) => number >= kept))
        {
            Produced = "KeepLast(nameof(Rows), OrderBy = nameof(Row.Number), Unbounded = true, Id = \"Result\"), KeyBy(nameof(Row.Key))",
            Changelog = "EveryVersion",
        },
        new("SortByTime", "", static rows => rows)
        {
            Produced = "SortByTime(nameof(Rows), Id = \"Result\")",
        },
    ];

    /// <summary>The names of the samples.</summary>
    public static TheoryData<string> Names => [.. All.Select(static sample => sample.Name)];

    /// <summary>The kinds that have samples.</summary>
    public static IEnumerable<string> Kinds => All.Select(static sample => sample.Kind).Distinct();

    /// <summary>The sample with a name.</summary>
    public static KindSample Of(string name) => All.Single(sample => sample.Name == name);

    // All versions of the row of each key.
    private static IEnumerable<(string Key, int Number)> Kept(
        IReadOnlyList<(string Key, int Number)> rows,
        Func<int, int, bool> takesPlace)
    {
        var kept = new Dictionary<string, int>();
        foreach (var (key, number) in rows)
        {
            if (!kept.TryGetValue(key, out var last) || takesPlace(number, last))
            {
                kept[key] = number;
                yield return (key, number);
            }
        }
    }

    private static IEnumerable<(string Key, int Number)> ByKey(
        IReadOnlyList<(string Key, int Number)> rows,
        Func<IReadOnlyList<int>, IEnumerable<int>> results) =>
        rows.GroupBy(static row => row.Key)
            .SelectMany(key => results([.. key.Select(static row => row.Number)]).Select(number => (key.Key, number)));
}

/// <summary>A program of one operator, which makes rows of rows.</summary>
/// <param name="kind">The name of the kind.</param>
/// <param name="operator">The class of the operator, with CLASS for its head; empty for kinds without one.</param>
/// <param name="oracle">What becomes of rows, in any order.</param>
internal sealed class KindSample(
    string kind,
    string @operator,
    Func<IReadOnlyList<(string Key, int Number)>, IEnumerable<(string Key, int Number)>> oracle)
{
    public string Kind { get; } = kind;

    /// <summary>Its name: that of the kind, except for further samples of a kind.</summary>
    public string Name { get; init; } = kind;

    /// <summary>Other streams that it needs.</summary>
    public string Streams { get; init; } = "";

    /// <summary>What declares its result.</summary>
    public string Produced { get; init; } = "Apply<Op>(nameof(Rows), Id = \"Result\")";

    /// <summary>How its result is written.</summary>
    public string Changelog { get; init; } = "AppendOnly";

    /// <summary>The rows and the operator, which may be in an assembly of their own.</summary>
    public string Library =>
        "public readonly record struct Row(string Key, int Number, DateTime At);\n"
        + @operator.Replace("CLASS", "public sealed partial class Op", StringComparison.Ordinal);

    /// <summary>The pipeline, and a class Driver as <see cref="EvolvingProgram"/> wants it.</summary>
    public string Pipeline => $$"""
        using System.Linq;
        using Penstock.Testing;

        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("in.csv"), EventTime(nameof(Row.At))]
            public partial Stream<Row> Rows { get; }

            {{Streams}}

            [{{Produced}}, FileSink("out.csv", Changelog = ChangelogFormat.{{Changelog}})]
            public partial Stream<Row> Result { get; }
        }

        {{EvolvingProgram.Driver("Row", "Row", "Result", "Number", checkpointEvery: 30)}}
        """;

    /// <summary>What becomes of rows, as the driver tells it, in the order of the text.</summary>
    public IEnumerable<string> Expect(IReadOnlyList<(string Key, int Number)> rows) =>
        oracle(rows).Select(static row => $"{row.Key}={row.Number}").Order(StringComparer.Ordinal);
}
