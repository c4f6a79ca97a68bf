using Penstock.State;
using Penstock.Testing;
using Penstock.Time;
using Penstock.Windows;

namespace Penstock.Runtime.Tests.Windows.Lateness;

[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s", AllowedLateness = "1s")]
public sealed partial class CountBriefly
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Fire]
    private UserClicks Close(in Window<string> window) => new(window.Key, window.Start, Count, 0);
}

[Operator, KeyBy(nameof(Click.User)), TumblingWindow("10s", AllowedLateness = "1m")]
public sealed partial class CountPatiently
{
    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Fire]
    private UserClicks Close(in Window<string> window) => new(window.Key, window.Start, Count, 0);
}

/// <summary>A program that accepts late rows for a second.</summary>
[Pipeline(Name = "Lateness")]
public sealed partial class BriefPipeline
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountBriefly>(nameof(Clicks)), FileSink("counts.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<UserClicks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late), FileSink("late.csv")]
    public partial Stream<Click> Late { get; }
}

/// <summary>The same program, accepting late rows for a minute.</summary>
[Pipeline(Name = "Lateness")]
public sealed partial class PatientPipeline
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At), MaxDelay = "2s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountPatiently>(nameof(Clicks)), FileSink("counts.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<UserClicks> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late), FileSink("late.csv")]
    public partial Stream<Click> Late { get; }
}

/// <summary>The allowed lateness may change between two starts: a window that was closed stays closed.</summary>
public sealed class LatenessChangeTests
{
    private const int KeyGroups = 128;
    private const int Keys = 12;

    private static readonly long[] Latenesses = [0, 3, 17, 70];

    public static TheoryData<WindowForm?> Forms => [(WindowForm?)null, WindowForm.Sliding, WindowForm.Cumulative];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Windows_have_the_counts_of_a_plain_loop_with_any_lateness_and_parallelism(WindowForm? form)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var counts = new Dictionary<(long Key, long End), int>();
            var results = new Dictionary<(long Key, long End), int>();
            var closed = long.MinValue;
            var (drivers, lateness) = Start(form, random, [], 0, results);
            for (var start = 0; start < 6; start++)
            {
                for (var row = 0; row < 100; row++)
                {
                    var key = random.Next(Keys);
                    var index = Array.FindIndex(drivers, driver => driver.Range.Owns(new LongKey(key)));
                    var time = drivers[index].Watermark + random.Next(-110, 40);

                    // The split of the row may be ahead of those that other subtasks read.
                    var watermark = drivers[index].Watermark + Math.Max(0, random.Next(-20, 20));
                    var ends = WindowDriver.Ends(form, time)
                        .Where(end => end + lateness > watermark && end > closed)
                        .ToList();
                    ends.ForEach(end => counts[(key, end)] = counts.GetValueOrDefault((key, end)) + 1);
                    Assert.Equal(ends.Count > 0, drivers[index].Windows.Add(key, time, watermark));
                    if (random.Next(4) == 0)
                    {
                        // One subtask is ahead of the others.
                        drivers[index].Windows.TakeLate(results);
                        drivers[index].Watermark += random.Next(12);
                        drivers[index].Windows.Fire(drivers[index].Watermark, results);
                    }
                }

                Array.ForEach(drivers, driver => driver.Windows.TakeLate(results));
                var furthest = drivers.Max(static driver => driver.Watermark);
                closed = Math.Max(closed, furthest - lateness);
                var saved = drivers.Select(static driver => (driver.Range, driver.Windows.Save())).ToArray();
                random.Shuffle(saved);
                (drivers, lateness) = Start(form, random, saved, furthest, results);
            }

            Array.ForEach(drivers, driver => driver.Windows.Fire(Watermarks.End, results));
            Assert.Equal(
                counts.Select(static window => (window.Key.Key, window.Key.End, window.Value)).Order(),
                results.Select(static window => (window.Key.Key, window.Key.End, window.Value)).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Windows_that_the_end_of_input_has_fired_stay_closed_and_no_others_are(WindowForm? form)
    {
        foreach (var before in Latenesses)
        {
            foreach (var after in Latenesses)
            {
                var range = new KeyRange(0, 1, KeyGroups);
                var results = new Dictionary<(long Key, long End), int>();
                var ended = WindowDriver.Create(form, range, before);
                Assert.True(ended.Add(1, 3));
                ended.Fire(Watermarks.End, results);
                Assert.Equal(WindowDriver.Ends(form, 3), results.Keys.Select(static window => window.End).Order());

                // The job resumes with more input.
                var resumed = WindowDriver.Create(form, range, after);
                resumed.Restore([(range, ended.Save())]);
                results.Clear();
                Assert.False(resumed.Add(1, 4));
                long[] times = [58, 61];
                foreach (var time in times)
                {
                    Assert.Equal(WindowDriver.Ends(form, time).Any(static end => end > 60), resumed.Add(2, time));
                }

                resumed.TakeLate(results);
                resumed.Fire(Watermarks.End, results);
                Assert.Equal(
                    times.SelectMany(time => WindowDriver.Ends(form, time)).Where(static end => end > 60).Distinct().Order(),
                    results.Keys.Select(static window => window.End).Order());
            }
        }
    }

    [Fact]
    public void A_longer_one_opens_no_closed_window_again()
    {
        using var folder = new Folder();
        using (var test = PipelineTest.For<BriefPipeline>(checkpoints: folder.Path))
        {
            test.Send(nameof(BriefPipeline.Clicks), WindowTests.At(1), WindowTests.At(2), WindowTests.At(14));
            Assert.Equal(2, Assert.Single(test.Read<UserClicks>(nameof(BriefPipeline.Counts))).Count);
            test.Checkpoint();
        }

        // The bound that the first program had reached must survive a second start.
        for (var start = 0; start < 2; start++)
        {
            using var test = PipelineTest.For<PatientPipeline>(checkpoints: folder.Path);
            test.Send(nameof(PatientPipeline.Clicks), WindowTests.At(5), WindowTests.At(11));
            Assert.Equal([WindowTests.At(5)], test.Read<Click>(nameof(PatientPipeline.Late)));
            Assert.Empty(test.Read<UserClicks>(nameof(PatientPipeline.Counts)));
            Assert.Equal(1, test.Counters.Late);
            test.Checkpoint();
        }

        using var last = PipelineTest.For<PatientPipeline>(checkpoints: folder.Path);
        last.Send(nameof(PatientPipeline.Clicks), WindowTests.At(25));
        last.Send(nameof(PatientPipeline.Clicks), WindowTests.At(12));
        Assert.Equal([3, 4], Counts(last.ReadChanges<UserClicks>(nameof(PatientPipeline.Counts))));
    }

    [Fact]
    public void A_shorter_one_closes_windows_at_once()
    {
        using var folder = new Folder();
        using (var test = PipelineTest.For<PatientPipeline>(checkpoints: folder.Path))
        {
            test.Send(nameof(PatientPipeline.Clicks), WindowTests.At(1), WindowTests.At(14));
            test.Send(nameof(PatientPipeline.Clicks), WindowTests.At(2));
            Assert.Equal([1, 2], Counts(test.ReadChanges<UserClicks>(nameof(PatientPipeline.Counts))));
            test.Checkpoint();
        }

        using (var test = PipelineTest.For<BriefPipeline>(checkpoints: folder.Path))
        {
            test.Send(nameof(BriefPipeline.Clicks), WindowTests.At(5), WindowTests.At(11));
            Assert.Equal([WindowTests.At(5)], test.Read<Click>(nameof(BriefPipeline.Late)));
            test.Checkpoint();
        }

        // What the shorter one has closed stays closed.
        using var last = PipelineTest.For<PatientPipeline>(checkpoints: folder.Path);
        last.Send(nameof(PatientPipeline.Clicks), WindowTests.At(6));
        Assert.Equal([WindowTests.At(6)], last.Read<Click>(nameof(PatientPipeline.Late)));
        Assert.Empty(last.ReadChanges<UserClicks>(nameof(PatientPipeline.Counts)));
    }

    private static IEnumerable<int> Counts(IEnumerable<Change<UserClicks>> changes) => changes.Select(static change => change.Row.Count);

    private static (Driver[] Drivers, long Lateness) Start(
        WindowForm? form,
        Random random,
        (KeyRange Writer, byte[] State)[] saved,
        long watermark,
        Dictionary<(long Key, long End), int> results)
    {
        var lateness = Latenesses[random.Next(Latenesses.Length)];
        var parallelism = random.Next(1, 4);
        var drivers = Enumerable.Range(0, parallelism).Select(subtask =>
        {
            var range = new KeyRange(subtask, parallelism, KeyGroups);
            var windows = WindowDriver.Create(form, range, lateness);
            windows.Restore(saved);
            windows.Fire(watermark, results);
            return new Driver(range, windows) { Watermark = watermark };
        }).ToArray();
        return (drivers, lateness);
    }

    private sealed record Driver(KeyRange Range, WindowDriver Windows)
    {
        public long Watermark { get; set; }
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("penstock-lateness").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
