using System.Globalization;
using Penstock.Runtime.Tests.Tasks.Reading;
using Penstock.Sources.Files;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

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
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static PipelineOptions Options(int parallelism = 1) => new()
    {
        Parallelism = parallelism,
        BatchSize = 4,
        Sources = { ["Clicks"] = new SourceOptions { Path = "in/*.csv", Poll = Interval } },
    };

    // As writers should: a file exists completely or not at all.
    public static void Put<TPipeline>(StreamingHarness<TPipeline> harness, string path, int[] values, int second = 0)
        where TPipeline : class, IPipeline
    {
        Write(harness, "in/.new", [.. values.Select(value => (value, second))]);
        harness.Files.Rename("in/.new", path);
    }

    public static void Write<TPipeline>(StreamingHarness<TPipeline> harness, string path, (int Value, int Second)[] values)
        where TPipeline : class, IPipeline
    {
        var rows =
            string.Concat(values.Select(static row => string.Create(
                CultureInfo.InvariantCulture,
                $"u{row.Value % 5},{Noon.AddSeconds(row.Second):O},{row.Value}\n")));
        harness.Files.Add(path, "User,At,Value\n" + rows);
    }

    public static int LaneOf(string path) => (int)(CompletedFiles.KeyOf(path) % PolledFileSource<Click>.Lanes);

    // One message after the other, so that it stops in the middle of a file.
    public static void StepUntilRowsCome(StreamingHarness<CopyPipeline> harness)
    {
        for (var until = DateTime.UtcNow + Limit; harness.RowsIn == 0;)
        {
            Assert.True(DateTime.UtcNow < until, "The rows do not come.");
            harness.Time.Advance(Interval);
            harness.Step();
        }
    }

    public static void Step<TPipeline>(StreamingHarness<TPipeline> harness)
        where TPipeline : class, IPipeline => harness.AdvanceClock(Interval);

    public static void RunUntil<TPipeline>(StreamingHarness<TPipeline> harness, Func<bool> isDone)
        where TPipeline : class, IPipeline
    {
        for (var until = DateTime.UtcNow + Limit; ;)
        {
            Step(harness);
            harness.Checkpoint();
            if (isDone())
            {
                return;
            }

            Assert.True(DateTime.UtcNow < until, "The rows do not come.");
        }
    }

    public static IEnumerable<int> Committed(StreamingHarness<CopyPipeline> harness) =>
        harness.Committed<Click>(nameof(CopyPipeline.Clicks)).Select(static row => row.Value);

    public static IEnumerable<int> Counts(StreamingHarness<CountPipeline> harness) =>
        harness.Committed<UserClicks>(nameof(CountPipeline.Counts)).Select(static row => row.Count);
}
