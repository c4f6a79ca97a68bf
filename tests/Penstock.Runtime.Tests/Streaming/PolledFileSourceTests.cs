using System.Globalization;
using System.Text;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Engine;
using Penstock.Sources.Files;
using Penstock.Tasks;

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
        var rows = string.Concat(values.Select(value => string.Create(CultureInfo.InvariantCulture, $"u{value % 5},{Noon.AddSeconds(second):O},{value}\n")));
        using (var file = rig.Files.Create("in/.new"))
        {
            file.Append(Encoding.UTF8.GetBytes("User,At,Value\n" + rows));
        }

        rig.Files.Rename("in/.new", path);
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
        for (var until = DateTime.UtcNow.AddSeconds(60); ;)
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
