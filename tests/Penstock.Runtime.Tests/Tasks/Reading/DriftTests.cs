using CsCheck;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Sources.Files.Polling;
using Penstock.Tasks;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>
/// Sources are paused if others are too far behind in event time: the rows that wait after them are bounded, and nothing waits for ever.
/// </summary>
public sealed class DriftTests
{
    private const string Left = nameof(DriftPipeline.Left);
    private const string Right = nameof(DriftPipeline.Right);
    private const string Counts = nameof(DriftPipeline.Counts);
    private const int BatchSize = 4;

    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly LiveTopic<Click> _left = new();
    private readonly LiveTopic<Click> _right = new();

    private Dictionary<string, LiveTopic<Click>> Topics => new() { [Left] = _left, [Right] = _right };

    [Fact]
    public void A_source_that_is_ahead_waits_for_the_other_one_and_few_windows_are_open()
    {
        _left.Add("s0");
        _right.Add("s0");
        using var harness = Start();
        _left.Send("s0", Rows("ann", 0, 300));
        harness.Run();

        // A source without a watermark holds the other one after its first batch. A checkpoint passes nevertheless.
        Assert.Equal(BatchSize, ReadBy(harness, Left));
        harness.Checkpoint();
        var most = 0L;
        for (var row = 0; row < 300; row++)
        {
            _right.Send("s0", Row("bob", row));
            while (harness.Step())
            {
                most = Math.Max(most, harness.RowsIn - harness.Graph.Subtasks.Sum(static subtask => subtask.Counters.Windows));
            }

            // The row that is more than a minute ahead, and at most the rest of its batch.
            Assert.InRange(ReadBy(harness, Left) - row, Math.Min(8, 300 - row), 7 + BatchSize);
            Assert.InRange(ReadBy(harness, Right), row + 1, row + 1);
            if (row % 50 == 0)
            {
                harness.Checkpoint();
            }
        }

        Assert.InRange(most, 8, 8 + (2 * BatchSize));
        harness.Checkpoint();
        harness.AdvanceClock(TimeSpan.FromSeconds(31));
        harness.AdvanceClock(TimeSpan.FromSeconds(31));
        harness.Checkpoint();

        // Two clicks each, one of them on the other path to the union. The newest windows wait for rows that do not arrive.
        Assert.Equal(
            Enumerable.Range(0, 298).SelectMany(static row => new[] { ("ann", row * 10, 2), ("bob", row * 10, 2) }),
            harness.Committed<UserClicks>(Counts)
                .Select(static count => (count.User, Second: (int)(count.Start.UtcDateTime - Noon).TotalSeconds, count.Count))
                .OrderBy(static count => count.Second)
                .ThenBy(static count => count.User));
    }

    [Fact]
    public void Without_a_limit_it_reads_all_that_there_is()
    {
        _left.Add("s0");
        _right.Add("s0");
        using var harness = new StreamingHarness<MeetingPipeline>(
            new PipelineOptions { BatchSize = BatchSize },
            new LiveTopic<Click>(),
            topics: Topics);
        _left.Send("s0", Rows("ann", 0, 300));
        harness.Run();
        Assert.Equal(300, ReadBy(harness, Left));
    }

    [Fact]
    public void An_idle_or_ended_source_pauses_no_other_one()
    {
        _left.Add("s0");
        _right.Add("s0");
        _right.IsUnbounded = false;
        using var harness = Start();
        _left.Send("s0", Rows("ann", 0, 100));
        _right.Send("s0", Row("bob", 1));
        harness.Run();
        Assert.InRange(ReadBy(harness, Left), 9, 8 + BatchSize);
        Assert.True(DriverOf(harness, Left).IsPaused);
        Pass(harness, 29);
        Assert.InRange(ReadBy(harness, Left), 9, 8 + BatchSize);
        Pass(harness, 3);
        Assert.Equal(100, ReadBy(harness, Left));
        Assert.False(DriverOf(harness, Left).IsPaused);

        // It has rows again, which are far behind.
        _right.Send("s0", Row("bob", 2));
        harness.Run();
        _left.Send("s0", Rows("ann", 100, 100));
        harness.Run();
        Assert.Equal(100, ReadBy(harness, Left));
        _right.End("s0");
        Pass(harness, 1);
        Assert.Equal(200, ReadBy(harness, Left));
    }

    [Fact]
    public void Subtasks_of_one_source_wait_for_each_other()
    {
        _left.Add("s0", "s1");
        _right.Add("s0", "s1");
        using var harness = Start(new PipelineOptions { BatchSize = BatchSize, Parallelism = 2 });
        _right.Send("s0", Rows("bob", 1000, 1));
        _right.Send("s1", Rows("bob", 1000, 1));
        _left.Send("s0", Rows("ann", 0, 100));
        _left.Send("s1", Row("cid", 1));
        harness.Run();
        Assert.InRange(ReadBy(harness, Left), 10, 9 + BatchSize);
        _left.Send("s1", Row("cid", 200));
        harness.Run();
        Assert.Equal(102, ReadBy(harness, Left));
    }

    [Fact]
    public void Sources_that_do_not_meet_do_not_wait_and_configuration_overrides_the_attribute()
    {
        var far = new LiveTopic<Click>();
        _left.Add("s0");
        _right.Add("s0");
        far.Add("s0");
        var topics = Topics;
        topics["Far"] = far;
        using var harness = new StreamingHarness<MeetingPipeline>(
            new PipelineOptions { BatchSize = BatchSize, MaxDrift = TimeSpan.FromSeconds(100) },
            topics: topics);
        _left.Send("s0", Row("ann", 0));
        _right.Send("s0", Rows("bob", 0, 100));
        far.Send("s0", Rows("eve", 0, 100));
        harness.Run();
        Assert.InRange(ReadBy(harness, Right), 12, 11 + BatchSize);

        // It is in a union with the right source, which waits for the left one.
        Assert.InRange(ReadBy(harness, "Far"), ReadBy(harness, Right) + 11, ReadBy(harness, Right) + 10 + BatchSize);
        _left.Send("s0", Row("ann", 200));
        harness.Run();
        Assert.Equal([2, 100, 100], [ReadBy(harness, Left), ReadBy(harness, Right), ReadBy(harness, "Far")]);
    }

    [Fact]
    public void The_source_that_others_wait_for_is_named_even_if_nothing_progresses()
    {
        _left.Add("s0");
        _right.Add("s0");
        var far = new LiveTopic<Click>();
        var topics = Topics;
        topics["Far"] = far;
        using var harness = new StreamingHarness<MeetingPipeline>(
            new PipelineOptions { BatchSize = BatchSize, MaxDrift = TimeSpan.FromMinutes(1) },
            topics: topics);
        using var watch = new SourceWatch(harness.Graph);
        _right.Send("s0", Row("bob", 0));
        _left.Send("s0", Rows("ann", 0, 100));
        harness.Run();
        Pass(harness, 40);
        Assert.Equal(["s0"], watch.StalledSplits(Right));
        Assert.True(watch.IsPaused(Left));
        Assert.False(watch.IsPaused(Right));
    }

    [Fact]
    public void A_paused_subtask_reports_the_time_of_newly_listed_files_so_that_others_continue()
    {
        // Subtask 0 reads the input of lane 4, and subtask 1 the rest.
        string[] paths = [.. Enumerable.Range(0, 1000).Select(static number => $"in/{number:D3}.csv")];
        var ahead = paths.First(static path => PolledSteps.LaneOf(path) == 4);
        var behind = paths.Where(static path => PolledSteps.LaneOf(path) == 7).ToArray();
        var options = PolledSteps.Options(parallelism: 2);
        options.MaxDrift = TimeSpan.FromMinutes(1);
        using var harness = new StreamingHarness<CountPipeline>(options, prepare: harness =>
        {
            Put(harness, ahead, 7200);
            Put(harness, behind[0], 0);

            // Nothing is read before the poller has reported the result of the first listing.
            harness.Unscheduled = 1;
        });
        harness.Unscheduled = null;
        while (!harness.Graph.SubtaskOf("Clicks", 0).Source!.IsPaused || harness.Graph.SubtaskOf("Clicks", 1).Counters.RowsIn == 0)
        {
            Assert.True(harness.Step(), "No subtask is paused.");
        }

        Assert.InRange(harness.Graph.SubtaskOf("Clicks", 1).Counters.RowsIn, 1, 19);

        // The next file appears while the first one is read.
        harness.Unscheduled = 1;
        Put(harness, behind[1], 30);
        harness.Poll(PolledSteps.Interval);
        harness.Poll(PolledSteps.Interval);
        Assert.InRange(harness.Graph.SubtaskOf("Clicks", 1).Counters.RowsIn, 1, 19);
        harness.Unscheduled = null;
        PolledSteps.RunUntil(harness, () => harness.RowsIn == 60);

        static void Put(StreamingHarness<CountPipeline> harness, string path, int second)
        {
            PolledSteps.Write(harness, "in/.new", [.. Enumerable.Range(0, 20).Select(number => (number, second))]);
            harness.Files.Rename("in/.new", path);
        }
    }

    [Fact]
    public void The_result_is_the_same_whichever_subtasks_are_paused_and_wherever_it_crashes() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400]).Array[1, 60], Gen.Int[0, 200], Gen.Int[1, 3], Gen.Int).Sample(
            static (sent, drift, parallelism, seed) =>
            {
                var random = new Random(seed);
                var topics = new Dictionary<string, LiveTopic<Click>>
                {
                    [Left] = new() { IsUnbounded = false },
                    [Right] = new() { IsUnbounded = false }
                };
                foreach (var topic in topics.Values)
                {
                    topic.Add("s0", "s1");
                }

                using var harness = new StreamingHarness<DriftPipeline>(
                    new PipelineOptions
                    {
                        BatchSize = random.Next(1, 8),
                        Parallelism = parallelism,
                        MaxDrift = TimeSpan.FromSeconds(drift)
                    }, topics: topics);
                foreach (var (where, second) in sent)
                {
                    topics[where < 2 ? Left : Right].Send($"s{where % 2}", new Click($"u{where}", Noon.AddSeconds(second), 1));
                    for (var step = random.Next(20); step > 0; step--)
                    {
                        harness.Step();
                    }

                    if (random.Next(10) == 0)
                    {
                        harness.Checkpoint();
                    }

                    if (random.Next(20) == 0)
                    {
                        harness.Crash();
                        harness.Start(random.Next(1, 4));
                    }
                }

                foreach (var topic in topics.Values)
                {
                    topic.End("s0");
                    topic.End("s1");
                    topic.Send("s0");
                }

                // No timer wakes a subtask.
                harness.Run();
                Assert.True(harness.HasEnded);
                harness.Checkpoint();
                Assert.Equal(
                    Expected(sent),
                    harness.Committed<UserClicks>(Counts)
                        .Select(static count => (count.User, (int)(count.Start.UtcDateTime - Noon).TotalSeconds, count.Count))
                        .Order());
            },
            iter: Thoroughness.Times(300, brief: 60));

    // In its split, a row is late if it is two seconds or more behind the end of its window. Every other row is counted on both paths.
    private static IEnumerable<(string User, int Start, int Count)> Expected(IEnumerable<(int Where, int Second)> sent) => sent
        .GroupBy(static row => row.Where)
        .SelectMany(static split =>
        {
            var (newest, kept) = (int.MinValue / 2, new List<(string User, int Start)>());
            foreach (var (where, second) in split)
            {
                var start = second / 10 * 10;
                if (start + 10 > newest - 2)
                {
                    kept.Add(($"u{where}", start));
                }

                newest = Math.Max(newest, second);
            }

            return kept;
        })
        .GroupBy(static row => row)
        .Select(static window => (window.Key.User, window.Key.Start, window.Count() * 2))
        .Order();

    private static long ReadBy<T>(StreamingHarness<T> harness, string source)
        where T : class, IPipeline => harness.Graph.SubtasksOf(source).Sum(static subtask => subtask.Counters.RowsIn);

    private static ISourceDriver DriverOf<T>(StreamingHarness<T> harness, string source)
        where T : class, IPipeline => harness.Graph.SubtaskOf(source, 0).Source!;

    private static void Pass<T>(StreamingHarness<T> harness, int seconds)
        where T : class, IPipeline
    {
        for (var second = 0; second < seconds; second++)
        {
            harness.AdvanceClock(TimeSpan.FromSeconds(1));
        }
    }

    private static Click Row(string user, int number) => new(user, Noon.AddSeconds(number * 10), 1);

    private static Click[] Rows(string user, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => Row(user, number))];

    private StreamingHarness<DriftPipeline> Start(PipelineOptions? options = null) =>
        new(options ?? new PipelineOptions { BatchSize = BatchSize }, topics: Topics);
}
