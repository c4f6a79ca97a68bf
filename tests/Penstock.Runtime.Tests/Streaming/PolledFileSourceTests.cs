using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Files;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Engine;
using Penstock.Sources.Files;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Streaming;

/// <summary>Counts clicks in windows, of a stream that says nothing of idleness.</summary>
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

/// <summary>A source of files that looks for new ones: each is read once, whatever happens, and time goes on between them.</summary>
public sealed class PolledFileSourceTests(ITestOutputHelper output)
{
    private static readonly DateTime Noon = new(2001, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_file_is_read_once_whatever_happens(int seed)
    {
        // Files come and go, checkpoints are taken, the process dies and comes back at another parallelism.
        var random = new Random(seed);
        using var rig = new StreamingRig<CopyPipeline>(Options());
        var expected = new List<int>();
        var there = new List<(string Path, int[] Values)>();
        for (var step = 0; step < 300; step++)
        {
            switch (random.Next(8))
            {
                case < 3:
                    var values = Enumerable.Range(expected.Count, random.Next(1, 40)).ToArray();
                    var path = $"in/{random.Next(1000):D4}-{step}.csv";
                    expected.AddRange(values);
                    there.Add((path, values));
                    Put(rig, path, values);
                    break;
                case 3:
                    rig.Checkpoint();
                    break;
                case 4:
                    rig.Crash();
                    rig.Start(random.Next(1, 5));
                    break;
                case 5 when there.Count > 0:
                    // Whoever deletes a file must know that it is in a checkpoint.
                    var gone = there[random.Next(there.Count)];
                    RunUntil(rig, () => Committed(rig).Intersect(gone.Values).Count() == gone.Values.Length);
                    rig.Files.Delete(gone.Path);
                    there.Remove(gone);
                    break;
                default:
                    Step(rig);
                    break;
            }
        }

        RunUntil(rig, () => Committed(rig).Count() >= expected.Count);
        Assert.Equal(expected, Committed(rig).Order());
        output.WriteLine($"{expected.Count} rows");
    }

    [Fact]
    public void A_name_that_is_used_again_after_its_file_was_gone_is_a_new_file()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        Put(rig, "in/other.csv", [1]);
        Put(rig, "in/a.csv", [2]);
        RunUntil(rig, () => Committed(rig).Count() == 2);
        rig.Files.Delete("in/a.csv");
        Put(rig, "in/seen.csv", [3]);
        RunUntil(rig, () => Committed(rig).Count() == 3);
        Put(rig, "in/a.csv", [4]);
        RunUntil(rig, () => Committed(rig).Count() == 4);
        Assert.Equal([1, 2, 3, 4], Committed(rig).Order());
    }

    [Fact]
    public void A_place_that_shows_nothing_for_a_while_makes_nobody_forget()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        Put(rig, "in/a.csv", [1]);
        RunUntil(rig, () => Committed(rig).Any());
        rig.Files.Rename("in/a.csv", "elsewhere/a.csv");
        for (var poll = 0; poll < 5; poll++)
        {
            Step(rig);
        }

        rig.Checkpoint();
        rig.Crash();
        rig.Start(2);
        rig.Files.Rename("elsewhere/a.csv", "in/a.csv");
        Put(rig, "in/b.csv", [2]);
        RunUntil(rig, () => Committed(rig).Count() >= 2);
        Assert.Equal([1, 2], Committed(rig));
    }

    [Fact]
    public void A_file_that_is_changed_after_it_was_read_is_an_error_with_its_name()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        Put(rig, "in/a.csv", [1]);
        RunUntil(rig, () => Committed(rig).Any());
        Put(rig, "in/a.csv", [1, 2]);
        var error = Assert.Throws<SourceChangedException>(() => RunUntil(rig, static () => false));
        Assert.StartsWith("Source 'Clicks': 'in/a.csv' was changed after it was read.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Time_goes_on_when_there_is_no_more_and_waits_for_files_that_are_known(int parallelism)
    {
        using var rig = new StreamingRig<CountPipeline>(Options(parallelism));

        // One file after the other, each ten seconds further: the window before it closes, although most lanes have never had a file.
        for (var file = 0; file < 12; file++)
        {
            var at = file;
            Put(rig, $"in/{file:D2}.csv", [file], at * 10);
            RunUntil(rig, () => Counts(rig).Sum() >= at - 1);
            if (file % 4 == 3)
            {
                rig.Crash();
                rig.Start(1 + ((parallelism + file) % 3));
            }
        }

        Assert.Equal(10, Counts(rig).Sum());
        Assert.Empty(rig.Committed<Click>(nameof(CountPipeline.Late)));
    }

    [Fact]
    public void Files_of_one_listing_are_read_in_the_order_of_their_names()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        foreach (var number in Enumerable.Range(0, 40).Reverse())
        {
            Put(rig, $"later/{number:D2}.csv", [number]);
        }

        Step(rig);
        foreach (var number in Enumerable.Range(0, 40))
        {
            // Moved there between two listings.
            rig.Files.Rename($"later/{number:D2}.csv", $"in/{number:D2}.csv");
        }

        RunUntil(rig, () => Committed(rig).Count() == 40);
        Assert.Equal(Enumerable.Range(0, 40), Committed(rig));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    public void A_file_that_is_known_and_waits_holds_time_back(int parallelism, int? heldUp)
    {
        // In two lanes of one subtask, or of two, that were idle: both files appear together, and each alone is in order.
        using var rig = new StreamingRig<CountPipeline>(Options(parallelism));
        string[] paths = [.. Enumerable.Range(0, 1000).Select(static number => $"in/{number:D3}.csv")];
        var one = paths.First(static path => LaneOf(path) == 4);
        var other = paths.First(path => LaneOf(path) == (parallelism == 1 ? 6 : 7));
        Put(rig, paths.Last(static path => LaneOf(path) == 4), [0]);
        Put(rig, paths.Last(static path => LaneOf(path) == 5), [0]);
        RunUntil(rig, () => rig.RowsIn == 2);
        foreach (var path in (string[])[one, other])
        {
            Write(rig, path + ".new", [.. Enumerable.Range(1, 6).Select(static number => (number, number * 10))]);
        }

        rig.ChangeFiles(() =>
        {
            rig.Files.Rename(one + ".new", one);
            rig.Files.Rename(other + ".new", other);
        });
        rig.HeldUp = heldUp;
        for (var step = 0; step < 50; step++)
        {
            Step(rig);
        }

        rig.HeldUp = null;
        RunUntil(rig, () => rig.RowsIn == 14);
        Assert.Empty(rig.Committed<Click>(nameof(CountPipeline.Late)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_subtask_that_waits_for_credits_has_not_said_yet_what_it_has(int capacity)
    {
        // One of the numbers of earlier messages is that which leaves no credit for the word that a lane is idle no more.
        string[] paths = [.. Enumerable.Range(0, 1000).Select(static number => $"in/{number:D3}.csv")];
        var ones = paths.Where(static path => LaneOf(path) == 4).ToArray();
        var others = paths.Where(static path => LaneOf(path) == 7).ToArray();
        for (var earlier = 0; earlier < 6; earlier++)
        {
            for (var heldUp = 2; heldUp < 4; heldUp++)
            {
                var options = Options(parallelism: 2);
                options.ChannelCapacity = capacity;
                using var rig = new StreamingRig<CountPipeline>(options);
                Put(rig, ones[0], [0]);
                Put(rig, others[0], [0]);
                RunUntil(rig, () => rig.RowsIn == 2);
                rig.HeldUp = heldUp;
                for (var file = 1; file <= earlier; file++)
                {
                    Put(rig, ones[file], [0]);
                    Step(rig);
                    Step(rig);
                }

                Write(rig, "in/one.new", [.. Enumerable.Range(1, 6).Select(static number => (0, number * 10))]);
                Write(rig, "in/other.new", [.. Enumerable.Range(1, 6).Select(static number => (0, number * 10))]);
                rig.ChangeFiles(() =>
                {
                    rig.Files.Rename("in/one.new", ones[^1]);
                    rig.Files.Rename("in/other.new", others[^1]);
                });
                for (var step = 0; step < 20; step++)
                {
                    Step(rig);
                }

                rig.HeldUp = null;
                RunUntil(rig, () => rig.RowsIn == 14 + earlier);
                Assert.Empty(rig.Committed<Click>(nameof(CountPipeline.Late)));
            }
        }
    }

    [Fact]
    public void What_is_known_was_taken()
    {
        var time = new ManualTimeProvider();
        using var poller = new FilePoller("Clicks", 2, static () => [new InputFile("in/a.csv", "")], Interval, time, NullLogger.Instance, new ConnectorHealth("", time));
        using var listed = new AutoResetEvent(false);
        Assert.False(poller.IsKnown(0));
        poller.Start(0, () => listed.Set());
        Assert.True(listed.WaitOne(Patience));
        Assert.False(poller.IsKnown(0));
        var first = poller.Take(0)!;
        Assert.True(poller.IsKnown(first.Number));

        // Not to be read before both have said what they have.
        poller.Announce(0, first.Number);
        Assert.False(poller.IsAnnounced(first.Number));
        poller.Announce(1, first.Number + 1);
        Assert.True(poller.IsAnnounced(first.Number));
    }

    [Fact]
    public void A_file_that_is_gone_before_its_first_row_is_read_is_left_out()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        Put(rig, "in/00.csv", [.. Enumerable.Range(0, 100)]);
        Put(rig, "in/01.csv", [1000]);
        StepUntilRowsCome(rig);

        // The listing knows of it, and the clock stands still until all is read.
        rig.Files.Delete("in/01.csv");
        rig.Run();
        rig.Checkpoint();
        Assert.Equal(Enumerable.Range(0, 100), Committed(rig));
        Put(rig, "in/02.csv", [100]);
        RunUntil(rig, () => Committed(rig).Count() == 101);
    }

    [Fact]
    public void A_file_that_is_replaced_while_the_job_is_down_is_not_read_on()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        Put(rig, "in/a.csv", [.. Enumerable.Range(0, 100)]);
        StepUntilRowsCome(rig);
        rig.CheckpointInBetween();
        var before = Committed(rig).ToList();
        Assert.InRange(before.Count, 1, 99);
        rig.Crash();
        Put(rig, "in/a.csv", [.. Enumerable.Range(500, 100)]);
        Assert.Throws<SourceChangedException>(() =>
        {
            rig.Start();
            RunUntil(rig, static () => false);
        });
        Assert.Equal(before, Committed(rig));
    }

    [Fact]
    public void A_bounded_source_does_not_go_on_as_one_that_polls()
    {
        var options = Options();
        options.Sources["Clicks"].Poll = null;
        using var rig = new StreamingRig<CopyPipeline>(options, prepare: static rig => Put(rig, "in/a.csv", [1, 2, 3]));
        rig.Checkpoint();
        Assert.Equal([1, 2, 3], Committed(rig));
        rig.Crash();
        options.Sources["Clicks"].Poll = Interval;
        Assert.Contains("did not look for new files", Assert.Throws<SourceChangedException>(() => rig.Start()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Listings_do_not_pile_up()
    {
        var time = new ManualTimeProvider();
        var listed = 0;
        using var poller = new FilePoller("Clicks", 1, () => [new InputFile($"{Interlocked.Increment(ref listed)}", "")], Interval, time, NullLogger.Instance, new ConnectorHealth("", time));
        poller.Start(0, static () => { });
        for (var until = DateTime.UtcNow + Patience; Volatile.Read(ref listed) < 100;)
        {
            Assert.True(DateTime.UtcNow < until, "Nothing is listed.");
            time.Advance(Interval);
            Thread.Yield();
        }

        Assert.InRange(int.Parse(Assert.Single(poller.Take(0)!.Files).Path, CultureInfo.InvariantCulture), 99, 101);
    }

    [Fact]
    public async Task A_listing_that_ends_after_its_attempt_changes_nothing()
    {
        foreach (var fails in (bool[])[false, true])
        {
            using var begun = new ManualResetEventSlim();
            using var end = new ManualResetEventSlim();
            var health = new ConnectorHealth("source 'Clicks'", TimeProvider.System);
            using var log = new CollectedLogs();
            var woken = 0;
            var poller = new FilePoller("Clicks", 1, List, Interval, TimeProvider.System, log.CreateLogger("Test"), health);
            poller.Start(0, () => Interlocked.Increment(ref woken));
            Assert.True(begun.Wait(Patience));
            poller.Dispose();
            end.Set();
            await poller.Ended.WaitAsync(Patience);
            Assert.Equal(0, woken);
            Assert.Null(poller.Take(0));
            Assert.Null(health.FailingFor(TimeSpan.Zero));
            Assert.Empty(log.Entries);

            IReadOnlyList<InputFile> List()
            {
                begun.Set();
                end.Wait(Patience);
                return fails ? throw new IOException("The place is gone.") : [new InputFile("in/a.csv", "")];
            }
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error_and_a_file_that_is_not_there_is_not()
    {
        Assert.Throws<PipelineException>(() => Local("no-such-folder/*.csv").Discover());
        Assert.Throws<PipelineException>(() => Local("no-such-folder").Discover());
        Assert.Equal(16, Local("no-such-file.csv").Discover().Count);
        Assert.Equal(16, Local("no-such-*.csv").Discover().Count);

        static PolledFileSource<Click> Local(string path) =>
            new(null!, new FileSourceOptions(new FileSourceSettings(path, 1 << 20), LocalFileSystem.Instance), new FilePoller("Clicks", 1, () => FilePattern.Find(LocalFileSystem.Instance, path, [".csv"]).Select(static found => new InputFile(found, "")).ToList(), Interval, TimeProvider.System, NullLogger.Instance, new ConnectorHealth("", TimeProvider.System)), null!);
    }

    [Fact]
    public void What_was_read_takes_24_bytes_a_file_in_a_checkpoint()
    {
        var files = new ReadFiles();
        for (var number = 0; number < 1000; number++)
        {
            files.Add(ReadFiles.KeyOf($"s3://bucket/a/rather/long/prefix/object-{number}.csv.gz"), $"{number} bytes, ETag \"x\"");
        }

        Assert.Equal(1000 * 24, files.Save().Length);
        var restored = new ReadFiles();
        restored.Restore(files.Save());
        Assert.True(restored.Contains(ReadFiles.KeyOf("s3://bucket/a/rather/long/prefix/object-7.csv.gz"), "7 bytes, ETag \"x\"", out var isSame));
        Assert.True(isSame);
        Assert.True(restored.Contains(ReadFiles.KeyOf("s3://bucket/a/rather/long/prefix/object-7.csv.gz"), "8 bytes, ETag \"x\"", out isSame));
        Assert.False(isSame);
        Assert.False(restored.Contains(ReadFiles.KeyOf("s3://bucket/another"), "7 bytes, ETag \"x\"", out _));
    }

    private static PipelineOptions Options(int parallelism = 1) => new()
    {
        Parallelism = parallelism,
        BatchSize = 4,
        Sources = { ["Clicks"] = new SourceOptions { Path = "in/*.csv", Poll = Interval } },
    };

    // As writers should: a file is there as a whole or not at all.
    private static void Put<TPipeline>(StreamingRig<TPipeline> rig, string path, int[] values, int second = 0)
        where TPipeline : class, IPipeline
    {
        Write(rig, "in/.new", [.. values.Select(value => (value, second))]);
        rig.Files.Rename("in/.new", path);
    }

    private static void Write<TPipeline>(StreamingRig<TPipeline> rig, string path, (int Value, int Second)[] values)
        where TPipeline : class, IPipeline
    {
        var rows = string.Concat(values.Select(static row => string.Create(CultureInfo.InvariantCulture, $"u{row.Value % 5},{Noon.AddSeconds(row.Second):O},{row.Value}\n")));
        using var file = rig.Files.Create(path);
        file.Append(Encoding.UTF8.GetBytes("User,At,Value\n" + rows));
    }

    private static int LaneOf(string path) => (int)(ReadFiles.KeyOf(path) % PolledFileSource<Click>.Lanes);

    // One message after the other, so that it stops in the middle of a file.
    private static void StepUntilRowsCome(StreamingRig<CopyPipeline> rig)
    {
        for (var until = DateTime.UtcNow + Patience; rig.RowsIn == 0;)
        {
            Assert.True(DateTime.UtcNow < until, "The rows do not come.");
            rig.Time.Advance(Interval);
            Thread.Yield();
            rig.Step();
        }
    }

    private static void Step<TPipeline>(StreamingRig<TPipeline> rig)
        where TPipeline : class, IPipeline
    {
        rig.AdvanceClock(Interval);

        // The listing is made on another thread.
        Thread.Yield();
        rig.Run();
    }

    private static void RunUntil<TPipeline>(StreamingRig<TPipeline> rig, Func<bool> isDone)
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

    private static IEnumerable<int> Committed(StreamingRig<CopyPipeline> rig) => rig.Committed<Click>(nameof(CopyPipeline.Clicks)).Select(static row => row.Value);

    private static IEnumerable<int> Counts(StreamingRig<CountPipeline> rig) => rig.Committed<UserClicks>(nameof(CountPipeline.Counts)).Select(static row => row.Count);
}
