using System.Globalization;
using Penstock.Runtime.Tests.Tasks.Reading;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

/// <summary>
/// Files that exist together do not make each other's rows late, whatever their number, and wherever the job is killed and resumed.
/// </summary>
public sealed class PolledListingTests
{
    private const int Files = 50;
    private const int Rows = 30;

    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    [InlineData(3, 0)]
    public void What_was_there_together_is_on_time(int parallelism, int seed)
    {
        // More files than lanes, each with rows of the same minutes.
        var options = new PipelineOptions
        {
            Parallelism = parallelism,
            BatchSize = 7,
            Sources = { ["Clicks"] = new SourceOptions { Path = "in/*.csv", Poll = Interval } }
        };
        var random = new Random(seed);
        using var harness = new StreamingHarness<CountPipeline>(options, prepare: static harness =>
        {
            for (var file = 0; file < Files; file++)
            {
                Put(harness, file);
            }
        });
        for (var crash = 0; crash < seed * 3; crash++)
        {
            for (var step = random.Next(40); step > 0; step--)
            {
                harness.Time.Advance(Interval);
                harness.Step();
            }

            harness.Checkpoint(steps: 3);
            harness.Crash();
            harness.Start();
        }

        // A file with a much later time advances the watermark past all windows of the others.
        RunUntil(harness, () => IsIdle(harness));
        Put(harness, Files, hours: 5);
        RunUntil(harness, () => Counted(harness) + Late(harness) == Files * Rows);

        Assert.Equal(0, Late(harness));
    }

    private static bool IsIdle(StreamingHarness<CountPipeline> harness) =>
        harness.Graph.Subtasks.Where(static subtask => subtask.Source != null)
            .SelectMany(static subtask => subtask.Source!.SplitTimes())
            .All(static split => split.IsIdle);

    private static int Counted(StreamingHarness<CountPipeline> harness) => harness.Committed<UserClicks>(nameof(CountPipeline.Counts))
        .Where(static row => row.Start < Noon.AddHours(1))
        .Sum(static row => row.Count);

    private static int Late(StreamingHarness<CountPipeline> harness) => harness.Committed<Click>(nameof(CountPipeline.Late)).Count;

    private static void Put(StreamingHarness<CountPipeline> harness, int number, int hours = 0)
    {
        var rows = string.Concat(Enumerable
            .Range(0, Rows)
            .Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"user{row % 3},{Noon.AddHours(hours).AddSeconds(row * 10):O},1\n")));
        var path = string.Create(CultureInfo.InvariantCulture, $"in/{number:D3}.csv");
        harness.Files.Publish(path, "User,At,Value\n" + rows);
    }

    private static void RunUntil(StreamingHarness<CountPipeline> harness, Func<bool> isDone)
    {
        for (var until = DateTime.UtcNow + Timeout; ;)
        {
            harness.AdvanceClock(Interval);
            harness.Checkpoint();
            if (isDone())
            {
                return;
            }

            Assert.True(DateTime.UtcNow < until, $"The rows do not come: {Counted(harness)} counted, {Late(harness)} late.");
        }
    }
}
