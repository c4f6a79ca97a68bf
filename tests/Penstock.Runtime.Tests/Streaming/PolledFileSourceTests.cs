using Penstock.Checkpoints;
using Penstock.Sources.Files;
using static Penstock.Runtime.Tests.Streaming.PolledSteps;

namespace Penstock.Runtime.Tests.Streaming;

/// <summary>A file source that polls for new files: each is read exactly once, whatever happens.</summary>
public sealed class PolledFileSourceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_file_is_read_once_whatever_happens(int seed)
    {
        // Files are added and deleted, checkpoints are taken, and the process dies and restarts at another parallelism.
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
                    // A file may only be deleted when it is known to be in a checkpoint.
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
        Assert.StartsWith("PSR205: Source 'Clicks': 'in/a.csv' was changed after it was read.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_gone_before_its_first_row_is_read_is_left_out()
    {
        using var rig = new StreamingRig<CopyPipeline>(Options());
        Put(rig, "in/00.csv", [.. Enumerable.Range(0, 100)]);
        Put(rig, "in/01.csv", [1000]);
        StepUntilRowsCome(rig);

        // The listing knows of it, and the watermark is held until everything is read.
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

    [Theory]
    [InlineData(
        "in/*.csv",
        true,
        "in/a.csv",
        true,
        "PSR208: Source 'Clicks' polls 'in/a.csv', but polled 'in/*.csv' when the checkpoint was taken. A checkpoint knows files by this path: each would count as a new one and be read again. Set the path back (Sources:Clicks:Path), or")]
    [InlineData(
        "in/*.csv",
        true,
        "./in/*.csv",
        true,
        "PSR208: Source 'Clicks' polls './in/*.csv', but polled 'in/*.csv' when")]
    [InlineData(
        "in/*.csv",
        true,
        "in/*.csv",
        false,
        "PSR208: Source 'Clicks' does not look for new files now, and did at 'in/*.csv' when the checkpoint was taken: files that it has read would be read again. Set Poll back (Sources:Clicks:Poll), or")]
    [InlineData("in/*.csv", true, "in/a.csv", false, "PSR208: Source 'Clicks' does not look for new files now, and did at 'in/*.csv' when")]
    [InlineData(
        "in/*.csv",
        false,
        "in/*.csv",
        true,
        "PSR208: Source 'Clicks' looks for new files at 'in/*.csv' now, and did not when the checkpoint was taken, which has 'in/a.csv': files that it has read would be read again. Take Poll out (Sources:Clicks:Poll), or")]
    [InlineData("in/*.csv", false, "in/a.csv", true, "PSR208: Source 'Clicks' looks for new files at 'in/a.csv' now, and did not when")]
    public void Other_settings_than_those_of_the_checkpoint_are_told(
        string path,
        bool polls,
        string laterPath,
        bool pollsLater,
        string message)
    {
        var options = Options();
        Set(options, path, polls);
        using var rig = new StreamingRig<CopyPipeline>(options, prepare: static rig => Put(rig, "in/a.csv", [.. Enumerable.Range(0, 100)]));
        RunUntil(rig, () => Committed(rig).Count() == 100);
        rig.Crash();
        Set(options, laterPath, pollsLater);
        Assert.StartsWith(message, Assert.Throws<SourceChangedException>(() => rig.Start()).Message, StringComparison.Ordinal);

        // With the original settings the job resumes.
        rig.Crash();
        Set(options, path, polls);
        rig.Start();
        if (polls)
        {
            Put(rig, "in/b.csv", [100]);
            RunUntil(rig, () => Committed(rig).Count() > 100);
        }

        Assert.Equal(Enumerable.Range(0, polls ? 101 : 100), Committed(rig));
    }

    [Fact]
    public void A_finished_job_that_polls_later_is_refused_because_of_that()
    {
        var options = Options();
        Set(options, "in/*.csv", polls: false);
        using var rig = new StreamingRig<CopyPipeline>(options, prepare: static rig => Put(rig, "in/a.csv", [1, 2, 3]));
        Assert.True(rig.IsFinished);
        rig.Checkpoint(CheckpointMode.Terminal);
        rig.Crash();
        Set(options, "in/*.csv", polls: true);
        Assert.StartsWith(
            "PSR208: Source 'Clicks' looks for new files at 'in/*.csv' now, and did not when the checkpoint was taken",
            Assert.Throws<SourceChangedException>(() => rig.Start()).Message,
            StringComparison.Ordinal);
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
        Assert.True(restored.Contains(
            ReadFiles.KeyOf("s3://bucket/a/rather/long/prefix/object-7.csv.gz"),
            "7 bytes, ETag \"x\"",
            out var isSame));
        Assert.True(isSame);
        Assert.True(restored.Contains(
            ReadFiles.KeyOf("s3://bucket/a/rather/long/prefix/object-7.csv.gz"),
            "8 bytes, ETag \"x\"",
            out isSame));
        Assert.False(isSame);
        Assert.False(restored.Contains(ReadFiles.KeyOf("s3://bucket/another"), "7 bytes, ETag \"x\"", out _));
    }

    private static void Set(PipelineOptions options, string path, bool polls) =>
        (options.Sources["Clicks"].Path, options.Sources["Clicks"].Poll) = (path, polls ? Interval : null);
}
