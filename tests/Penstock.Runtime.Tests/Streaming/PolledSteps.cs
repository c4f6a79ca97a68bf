using System.Globalization;
using System.Text;
using Penstock.Runtime.Tests.Engine;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Streaming;

/// <summary>Counts clicks in windows, of a stream without idleness.</summary>
[Pipeline]
public sealed partial class CountPipeline
{
    [FileSource("clicks.csv")]
    [EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountClicks>(nameof(Clicks))]
    [FileSink("counts.csv")]
    public partial Stream<UserClicks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Click> Late { get; }
}

/// <summary>Common steps of tests with polled files: create files in a folder, and run until rows have arrived.</summary>
internal static class PolledSteps
{
    public static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static PipelineOptions Options(int parallelism = 1) => new()
    {
        Parallelism = parallelism,
        BatchSize = 4,
        Sources = { ["Clicks"] = new SourceOptions { Path = "in/*.csv", Poll = Interval } },
    };

    // As writers should: a file exists completely or not at all.
    public static void Put<TPipeline>(StreamingRig<TPipeline> rig, string path, int[] values, int second = 0)
        where TPipeline : class, IPipeline
    {
        Write(rig, "in/.new", [.. values.Select(value => (value, second))]);
        rig.Files.Rename("in/.new", path);
    }

    public static void Write<TPipeline>(StreamingRig<TPipeline> rig, string path, (int Value, int Second)[] values)
        where TPipeline : class, IPipeline
    {
        var rows =
            string.Concat(values.Select(static row => string.Create(
                CultureInfo.InvariantCulture,
                $"u{row.Value % 5},{Noon.AddSeconds(row.Second):O},{row.Value}\n")));
        using var file = rig.Files.Create(path);
        file.Append(Encoding.UTF8.GetBytes("User,At,Value\n" + rows));
    }

    public static int LaneOf(string path) => (int)(ReadFiles.KeyOf(path) % PolledFileSource<Click>.Lanes);

    // One message after the other, so that it stops in the middle of a file.
    public static void StepUntilRowsCome(StreamingRig<CopyPipeline> rig)
    {
        for (var until = DateTime.UtcNow + Patience; rig.RowsIn == 0;)
        {
            Assert.True(DateTime.UtcNow < until, "The rows do not come.");
            rig.Time.Advance(Interval);
            rig.Step();
        }
    }

    public static void Step<TPipeline>(StreamingRig<TPipeline> rig)
        where TPipeline : class, IPipeline => rig.AdvanceClock(Interval);

    public static void RunUntil<TPipeline>(StreamingRig<TPipeline> rig, Func<bool> isDone)
        where TPipeline : class, IPipeline
    {
        for (var until = DateTime.UtcNow + Patience; ;)
        {
            Step(rig);
            rig.Checkpoint();
            if (isDone())
            {
                return;
            }

            Assert.True(DateTime.UtcNow < until, "The rows do not come.");
        }
    }

    public static IEnumerable<int> Committed(StreamingRig<CopyPipeline> rig) =>
        rig.Committed<Click>(nameof(CopyPipeline.Clicks)).Select(static row => row.Value);

    public static IEnumerable<int> Counts(StreamingRig<CountPipeline> rig) =>
        rig.Committed<UserClicks>(nameof(CountPipeline.Counts)).Select(static row => row.Count);
}
