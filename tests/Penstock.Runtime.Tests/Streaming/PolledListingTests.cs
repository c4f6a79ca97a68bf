using System.Globalization;
using System.Text;
using Penstock.Runtime.Tests.Engine;

namespace Penstock.Runtime.Tests.Streaming;

/// <summary>
/// Files that exist together do not make each other's rows late, whatever their number, and wherever the job is killed and resumed.
/// </summary>
public sealed class PolledListingTests
{
    private const int Files = 50;
    private const int Rows = 30;

    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
        using var rig = new StreamingRig<CountPipeline>(options, prepare: static rig =>
        {
            for (var file = 0; file < Files; file++)
            {
                Put(rig, file);
            }
        });
        for (var crash = 0; crash < seed * 3; crash++)
        {
            for (var step = random.Next(40); step > 0; step--)
            {
                rig.Time.Advance(Interval);
                rig.Step();
            }

            rig.CheckpointInBetween();
            rig.Crash();
            rig.Start();
        }

        // A file with a much later time advances the watermark past all windows of the others.
        RunUntil(rig, () => IsIdle(rig));
        Put(rig, Files, hours: 5);
        RunUntil(rig, () => Counted(rig) + Late(rig) == Files * Rows);

        Assert.Equal(0, Late(rig));
    }

    private static bool IsIdle(StreamingRig<CountPipeline> rig) =>
        rig.Graph.Subtasks.Where(static subtask => subtask.Source != null)
            .SelectMany(static subtask => subtask.Source!.SplitTimes())
            .All(static split => split.IsIdle);

    private static int Counted(StreamingRig<CountPipeline> rig) => rig.Committed<UserClicks>(nameof(CountPipeline.Counts))
        .Where(static row => row.Start < Noon.AddHours(1))
        .Sum(static row => row.Count);

    private static int Late(StreamingRig<CountPipeline> rig) => rig.Committed<Click>(nameof(CountPipeline.Late)).Count;

    private static void Put(StreamingRig<CountPipeline> rig, int number, int hours = 0)
    {
        var rows = string.Concat(Enumerable
            .Range(0, Rows)
            .Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"user{row % 3},{Noon.AddHours(hours).AddSeconds(row * 10):O},1\n")));
        var path = string.Create(CultureInfo.InvariantCulture, $"in/{number:D3}.csv");
        using (var file = rig.Files.Create(path + ".new"))
        {
            file.Append(Encoding.UTF8.GetBytes("User,At,Value\n" + rows));
        }

        rig.Files.Rename(path + ".new", path);
    }

    private static void RunUntil(StreamingRig<CountPipeline> rig, Func<bool> isDone)
    {
        for (var until = DateTime.UtcNow + Patience; ;)
        {
            rig.AdvanceClock(Interval);
            rig.Checkpoint();
            if (isDone())
            {
                return;
            }

            Assert.True(DateTime.UtcNow < until, $"The rows do not come: {Counted(rig)} counted, {Late(rig)} late.");
        }
    }
}
