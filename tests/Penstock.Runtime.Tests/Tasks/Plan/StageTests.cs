using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Plan;

/// <summary>Streams with their own parallelism in generated pipelines, compared with plain loops.</summary>
public sealed class StageTests
{
    private const int Splits = 3;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_task_begins_at_each_stream_with_a_number_of_its_own() => Assert.Equal(
        [
            "Visits 1: Visits Bad Bad/bad.csv",
            "Doubled 4: Doubled",
            "Kept 3: Kept",
            "Always 1: Always Always/always.csv",
            "Counts : Counts Late",
            "Twice 1: Twice Twice/counts.csv",
            "LateOnes 3: LateOnes LateOnes/late.csv"
        ],
        StagePipeline.Plan.Tasks
            .Select(static task => $"{task.Id} {task.Parallelism}: {string.Join(' ', task.Nodes)}")
            .Order(Comparer<string>.Create(static (left, right) => Place(left).CompareTo(Place(right)))));

    [Fact]
    public void The_picture_shows_what_is_not_usual()
    {
        var picture = StagePipeline.Plan.ToMermaid();
        string[] labels = [
            "Visits",
            "Doubled, parallelism 4",
            "Kept, parallelism 3",
            "Counts, parallelism 2",
            "LateOnes, parallelism 3",
            "Twice",
            "Always"
        ];
        Assert.All(labels, label => Assert.Contains($": {label}\"]", picture, StringComparison.Ordinal));
        var boxes = StagePipeline.Plan.Nodes
            .Select(static (node, index) => (node.Id, Box: $"n{index}"))
            .ToDictionary(static node => node.Id, static node => node.Box);
        foreach (var (from, arrow, to) in new[]
        {
            ("Visits", "-->|\"rebalance\"|", "Doubled"), ("Doubled", "-->|\"rebalance\"|", "Kept"), ("Kept", "==>|\"by Page\"|", "Counts"),
            ("Counts", "-.->", "Late"), ("Late", "-->|\"rebalance\"|", "LateOnes"),
            ("Counts", "-->|\"global\"|", "Twice"), ("Visits", "==>|\"by Page\"|", "Always"), ("Twice", "-->", "Twice/counts.csv"),
        })
        {
            Assert.Contains($"  {boxes[from]} {arrow} {boxes[to]}\n", picture, StringComparison.Ordinal);
        }

        PlanTask[] tasks = [new("A", [], ["A"]) { Parallelism = 3 }, new("B", [new("A", 0, Partitioning.Hash)], ["B"])];
        var toOne = new PipelinePlan(
            "Test",
            [new("A", PlanNodeKind.Source, "", [], ""), new("B", PlanNodeKind.Operator, "", ["A"], "", Key: "K")],
            tasks);
        Assert.Contains("n0 ==>|\"by K, global\"| n1", toOne.ToMermaid(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_shows_what_rows_mean_where_they_are_not_all_new()
    {
        Changelog upsert = new(ChangelogMode.Upsert, ["Shop", "Start"]);
        PlanTask[] tasks = [new("A", [], ["A"]), new("B", [new("A", 0, Partitioning.Hash)], ["B", "C", "D"])];
        var picture = new PipelinePlan("Test", [
            new("A", PlanNodeKind.Source, "", [], "") { Changelog = upsert },
            new("B", PlanNodeKind.Operator, "", ["A"], "", Key: "K") { Changelog = new(ChangelogMode.Upsert, []) },
            new("C", PlanNodeKind.Operator, "", ["B"], "") { Changelog = new(ChangelogMode.Retract, []) },
            new("D", PlanNodeKind.Sink, "", ["C"], "")], tasks).ToMermaid();
        Assert.Contains("n0 ==>|\"by K, upsert by Shop, Start\"| n1", picture, StringComparison.Ordinal);
        Assert.Contains("n1 -->|\"upsert\"| n2", picture, StringComparison.Ordinal);
        Assert.Contains("n2 -->|\"retract\"| n3", picture, StringComparison.Ordinal);
        Assert.Equal("append", $"{Changelog.Append}");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 64)]
    public void Text_goes_through_all_stages(int seed, int batch)
    {
        var input = new VisitsInput(new Random(seed), withBadRows: true);
        using var test = Test(options => options.BatchSize = batch);
        for (var split = 0; split < Splits; split++)
        {
            test.SendText(nameof(StagePipeline.Visits), input.Text(split), split);
        }

        test.End(nameof(StagePipeline.Visits));
        Assert.Equal(input.Counts, Sorted(test.Read<PageCount>(nameof(StagePipeline.Twice))));
        Assert.Equal(
            input.Late,
            test.Read<Visit>(nameof(StagePipeline.LateOnes)).Select(static visit => (visit.Page, visit.Number)).Order());
        Assert.Equal(input.Bad, test.Read<BadRow>(nameof(StagePipeline.Bad)).Count);
        Assert.Equal(input.Always, test.Read<Running>(nameof(StagePipeline.Always))
            .GroupBy(static row => row.Page)
            .Select(static page => (page.Key, page.Count(), page.Max(static row => row.Count)))
            .Order());
        Assert.True(input is { Late.Count: > 0, Bad: > 0 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void After_a_crash_any_task_continues_with_another_parallelism(int seed)
    {
        var random = new Random(seed);
        var input = new VisitsInput(random, withBadRows: false);
        string[] streams = [.. StagePipeline.Plan.Tasks.Select(static task => task.Id)];
        using var test = Test(options => options.BatchSize = random.Next(1, 20));
        for (var part = 0; part < 2 * streams.Length; part++)
        {
            for (var split = 0; split < Splits; split++)
            {
                test.SendTo<Visit>(nameof(StagePipeline.Visits), split, input.Part(split, part, 2 * streams.Length));
            }

            if (random.Next(4) > 0)
            {
                test.Checkpoint();
            }

            test.CrashAndRestore(configure: options =>
                options.Streams[streams[part % streams.Length]] = new StreamOptions { Parallelism = random.Next(1, 5) });
        }

        test.End(nameof(StagePipeline.Visits));
        test.Checkpoint();
        Assert.Equal(input.Counts, Sorted(test.Committed<PageCount>(nameof(StagePipeline.Twice))));
        Assert.Equal(
            input.Late,
            test.Committed<Visit>(nameof(StagePipeline.LateOnes)).Select(static visit => (visit.Page, visit.Number)).Order());
        Assert.Equal(input.Always, test.Committed<Running>(nameof(StagePipeline.Always))
            .GroupBy(static row => row.Page)
            .Select(static page => (page.Key, page.Count(), page.Max(static row => row.Count)))
            .Order());
    }

    [Fact]
    public void Subtasks_get_the_same_number_of_rows()
    {
        var loads = new Loads();
        using var test = Test(static options => options.BatchSize = 5, loads);
        test.Send<Visit>(
            nameof(StagePipeline.Visits),
            [.. Enumerable.Range(0, 400).Select(static number => new Visit("a", number, Start.AddSeconds(number)))]);
        Assert.Equal([100, 100, 100, 100], loads.Rows);
    }

    [Fact]
    public void Few_rows_at_a_time_are_spread_too()
    {
        var loads = new Loads();
        using var test = Test(static options => options.BatchSize = 1000, loads);
        for (var number = 0; number < 40; number++)
        {
            test.Send(nameof(StagePipeline.Visits), new Visit("a", number, Start.AddSeconds(number)));
        }

        Assert.Equal([10, 10, 10, 10], loads.Rows);
    }

    [Fact]
    public void Subtasks_without_rows_do_not_hold_back_the_watermark()
    {
        using var test = Test(static options => options.BatchSize = 1000);
        test.Send(nameof(StagePipeline.Visits), new Visit("a", 1, Start));
        Assert.Empty(test.Read<PageCount>(nameof(StagePipeline.Twice)));
        test.AdvanceWatermark(nameof(StagePipeline.Visits), Start.AddMinutes(10));
        Assert.Equal(
            [new PageCount("a", Start, -1, 2), new PageCount("a", Start, 1, 2)],
            Sorted(test.Read<PageCount>(nameof(StagePipeline.Twice))));
    }

    [Fact]
    public void An_operator_that_fails_in_a_task_of_its_own_is_named()
    {
        using var test = Test(static options => options.IncludeRowText = true);
        var error = Assert.Throws<OperatorException>(() => test.Send(
            nameof(StagePipeline.Visits),
            new Visit("a", 1, Start),
            new Visit("b", -1, Start)));
        Assert.Contains("'Doubled'", error.Message, StringComparison.Ordinal);
        Assert.Contains("a row that task 'Visits' sent", error.Message, StringComparison.Ordinal);
        Assert.Contains("A visit without a number.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_of_every_stream_sees_the_streams_between()
    {
        using var test = PipelineTest.For<StagePipeline>(services: Services(new Loads()), everyStream: true);
        test.Send(nameof(StagePipeline.Visits), new Visit("a", 1, Start), new Visit("b", 3, Start));
        Assert.Equal([2, 6], test.Read<Visit>(nameof(StagePipeline.Doubled)).Select(static visit => visit.Number).Order());
        Assert.Equal([2], test.Read<Visit>(nameof(StagePipeline.Kept)).Select(static visit => visit.Number));
    }

    private static PipelineTest<StagePipeline> Test(Action<PipelineOptions> configure, Loads? loads = null) =>
        PipelineTest.For<StagePipeline>(configure, Services(loads ?? new Loads()), splitsPerSource: Splits);

    private static ServiceProvider Services(Loads loads) => new ServiceCollection().AddSingleton(loads).BuildServiceProvider();

    private static IEnumerable<PageCount> Sorted(IEnumerable<PageCount> counts) =>
        counts.OrderBy(static count => (count.Page, count.Start, count.Count));

    // The expected order of tasks, because the order in the plan does not matter, except that a task follows its inputs.
    private static int Place(string task) =>
        Array.IndexOf(
            ["Visits", "Doubled", "Kept", "Always", "Counts", "Twice", "LateOnes"],
            task[..task.IndexOf(' ', StringComparison.Ordinal)]);

    /// <summary>Visits in splits, some of them late, and the expected results of the pipeline.</summary>
    private sealed class VisitsInput
    {
        private readonly Visit[][] _visits;
        private readonly bool _withBadRows;

        public VisitsInput(Random random, bool withBadRows)
        {
            _withBadRows = withBadRows;
            _visits = [.. Enumerable.Range(0, Splits).Select(_ => Enumerable.Range(0, 250).Select(row =>
                new Visit(
                    "" + (char)('a' + random.Next(7)),
                    random.Next(100),
                    Start.AddSeconds((row * 20) - (random.Next(6) == 0 ? random.Next(1500) : 0)))).ToArray())];
            var counts = new Dictionary<(string Page, DateTimeOffset Start), (int Count, long Sum)>();
            foreach (var split in _visits)
            {
                var newest = DateTimeOffset.MinValue.AddDays(1);
                foreach (var visit in split)
                {
                    var (number, window) = (visit.Number * 2, visit.At.AddTicks(-(visit.At.Ticks % TimeSpan.FromMinutes(10).Ticks)));
                    if (number % 6 != 0 && window.AddMinutes(10) <= newest.AddMinutes(-1))
                    {
                        Late.Add((visit.Page, number));
                    }
                    else if (number % 6 != 0)
                    {
                        var (count, sum) = counts.GetValueOrDefault((visit.Page, window));
                        counts[(visit.Page, window)] = (count + 1, sum + number);
                    }

                    newest = visit.At > newest ? visit.At : newest;
                }
            }

            Late.Sort();
            Counts = [
                .. Sorted(
                    counts.SelectMany(static entry => new[]
                    {
                        entry.Value.Count,
                        -entry.Value.Count
                    }.Select(count => new PageCount(entry.Key.Page, entry.Key.Start, count, entry.Value.Sum))))
            ];
            Always = [.. _visits.SelectMany(static split => split)
                .GroupBy(static visit => visit.Page)
                .Select(static page => (page.Key, page.Count(), page.Count()))
                .Order()];
        }

        public List<PageCount> Counts { get; }

        public List<(string Page, int Number)> Late { get; } = [];

        public List<(string Page, int Rows, int Last)> Always { get; }

        public int Bad { get; private set; }

        public Visit[] Part(int split, int part, int parts) => _visits[split][(250 * part / parts)..(250 * (part + 1) / parts)];

        public string Text(int split) => "page,number,at\n" + string.Concat(_visits[split].Select((visit, index) =>
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{visit.Page},{visit.Number},{visit.At:yyyy-MM-ddTHH:mm:ssZ}\n");
            if (!_withBadRows || index % 40 != 7)
            {
                return line;
            }

            Bad++;
            return $"{line}x,many,{visit.At:yyyy-MM-dd}\n";
        }));
    }
}
