using Penstock.Checkpoints;
using Penstock.Runtime.Tests.Tasks.Reading;
using Penstock.Sources.Files;
using static Penstock.Runtime.Tests.Sources.Files.Polling.PolledSteps;

namespace Penstock.Runtime.Tests.Sources.Files.Polling;

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
        using var harness = new StreamingHarness<CopyPipeline>(Options());
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
                    Put(harness, path, values);
                    break;
                case 3:
                    harness.Checkpoint();
                    break;
                case 4:
                    harness.Crash();
                    harness.Start(random.Next(1, 5));
                    break;
                case 5 when there.Count > 0:
                    // A file may only be deleted when it is known to be in a checkpoint.
                    var gone = there[random.Next(there.Count)];
                    RunUntil(harness, () => Committed(harness).Intersect(gone.Values).Count() == gone.Values.Length);
                    harness.Files.Delete(gone.Path);
                    there.Remove(gone);
                    break;
                default:
                    Step(harness);
                    break;
            }
        }

        RunUntil(harness, () => Committed(harness).Count() >= expected.Count);
        Assert.Equal(expected, Committed(harness).Order());
        output.WriteLine($"{expected.Count} rows");
    }

    [Fact]
    public void A_name_that_is_used_again_after_its_file_was_gone_is_a_new_file()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/other.csv", [1]);
        Put(harness, "in/a.csv", [2]);
        RunUntil(harness, () => Committed(harness).Count() == 2);
        harness.Files.Delete("in/a.csv");
        Put(harness, "in/seen.csv", [3]);
        RunUntil(harness, () => Committed(harness).Count() == 3);
        Put(harness, "in/a.csv", [4]);
        RunUntil(harness, () => Committed(harness).Count() == 4);
        Assert.Equal([1, 2, 3, 4], Committed(harness).Order());
    }

    [Fact]
    public void A_place_that_shows_nothing_for_a_while_makes_nobody_forget()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/a.csv", [1]);
        RunUntil(harness, () => Committed(harness).Any());
        harness.Files.Rename("in/a.csv", "elsewhere/a.csv");
        for (var poll = 0; poll < 5; poll++)
        {
            Step(harness);
        }

        harness.Checkpoint();
        harness.Crash();
        harness.Start(2);
        harness.Files.Rename("elsewhere/a.csv", "in/a.csv");
        Put(harness, "in/b.csv", [2]);
        RunUntil(harness, () => Committed(harness).Count() >= 2);
        Assert.Equal([1, 2], Committed(harness));
    }

    [Fact]
    public void A_file_that_is_changed_after_it_was_read_is_an_error_with_its_name()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/a.csv", [1]);
        RunUntil(harness, () => Committed(harness).Any());
        Put(harness, "in/a.csv", [1, 2]);
        var error = Assert.Throws<SourceChangedException>(() => RunUntil(harness, static () => false));
        Assert.StartsWith("PSR205: Source 'Clicks': 'in/a.csv' was changed after it was read.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_gone_before_its_first_row_is_read_is_left_out()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/00.csv", [.. Enumerable.Range(0, 100)]);
        Put(harness, "in/01.csv", [1000]);
        StepUntilRowsCome(harness);

        // The listing knows of it, and the watermark is held back until everything is read.
        harness.Files.Delete("in/01.csv");
        harness.Run();
        harness.Checkpoint();
        Assert.Equal(Enumerable.Range(0, 100), Committed(harness));
        Put(harness, "in/02.csv", [100]);
        RunUntil(harness, () => Committed(harness).Count() == 101);
    }

    [Fact]
    public void A_file_that_is_replaced_while_the_job_is_down_is_not_read_on()
    {
        using var harness = new StreamingHarness<CopyPipeline>(Options());
        Put(harness, "in/a.csv", [.. Enumerable.Range(0, 100)]);
        StepUntilRowsCome(harness);
        harness.Checkpoint(steps: 3);
        var before = Committed(harness).ToList();
        Assert.InRange(before.Count, 1, 99);
        harness.Crash();
        Put(harness, "in/a.csv", [.. Enumerable.Range(500, 100)]);
        Assert.Throws<SourceChangedException>(() =>
        {
            harness.Start();
            RunUntil(harness, static () => false);
        });
        Assert.Equal(before, Committed(harness));
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
    public void Settings_that_differ_from_the_checkpoint_are_logged(
        string path,
        bool polls,
        string laterPath,
        bool pollsLater,
        string message)
    {
        var options = Options();
        Set(options, path, polls);
        using var harness = new StreamingHarness<CopyPipeline>(
            options,
            prepare: static harness => Put(harness, "in/a.csv", [.. Enumerable.Range(0, 100)]));
        RunUntil(harness, () => Committed(harness).Count() == 100);
        harness.Crash();
        Set(options, laterPath, pollsLater);
        Assert.StartsWith(message, Assert.Throws<SourceChangedException>(() => harness.Start()).Message, StringComparison.Ordinal);

        // With the original settings the job resumes.
        harness.Crash();
        Set(options, path, polls);
        harness.Start();
        if (polls)
        {
            Put(harness, "in/b.csv", [100]);
            RunUntil(harness, () => Committed(harness).Count() > 100);
        }

        Assert.Equal(Enumerable.Range(0, polls ? 101 : 100), Committed(harness));
    }

    [Fact]
    public void A_finished_job_that_polls_later_is_refused_because_of_that()
    {
        var options = Options();
        Set(options, "in/*.csv", polls: false);
        using var harness = new StreamingHarness<CopyPipeline>(options, prepare: static harness => Put(harness, "in/a.csv", [1, 2, 3]));
        Assert.True(harness.HasEnded);
        harness.Checkpoint(CheckpointMode.Terminal);
        harness.Crash();
        Set(options, "in/*.csv", polls: true);
        Assert.StartsWith(
            "PSR208: Source 'Clicks' looks for new files at 'in/*.csv' now, and did not when the checkpoint was taken",
            Assert.Throws<SourceChangedException>(() => harness.Start()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_read_takes_24_bytes_a_file_in_a_checkpoint()
    {
        var files = new CompletedFiles();
        for (var number = 0; number < 1000; number++)
        {
            files.Add(CompletedFiles.KeyOf($"s3://bucket/a/rather/long/prefix/object-{number}.csv.gz"), $"{number} bytes, ETag \"x\"");
        }

        Assert.Equal(1000 * 24, files.Save().Length);
        var restored = new CompletedFiles();
        restored.Restore(files.Save());
        Assert.True(restored.Contains(
            CompletedFiles.KeyOf("s3://bucket/a/rather/long/prefix/object-7.csv.gz"),
            "7 bytes, ETag \"x\"",
            out var isSame));
        Assert.True(isSame);
        Assert.True(restored.Contains(
            CompletedFiles.KeyOf("s3://bucket/a/rather/long/prefix/object-7.csv.gz"),
            "8 bytes, ETag \"x\"",
            out isSame));
        Assert.False(isSame);
        Assert.False(restored.Contains(CompletedFiles.KeyOf("s3://bucket/another"), "7 bytes, ETag \"x\"", out _));
    }

    private static void Set(PipelineOptions options, string path, bool polls) =>
        (options.Sources["Clicks"].Path, options.Sources["Clicks"].Poll) = (path, polls ? Interval : null);
}
