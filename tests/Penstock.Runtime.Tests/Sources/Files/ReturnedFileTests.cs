using Penstock.Checkpoints;
using Penstock.Runtime.Tests.Tasks.Reading;
using static Penstock.Runtime.Tests.Sources.Files.Polling.PolledSteps;

namespace Penstock.Runtime.Tests.Sources.Files;

/// <summary>A file that a bounded job has read to its end may be moved away. When it comes back, it is not read again.</summary>
public sealed class ReturnedFileTests
{
    private const int Long = 300;
    private const string Short = "in/b.csv";
    private const string Archived = "archive/b.csv";

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 3, 2)]
    [InlineData(3, 1, 4)]
    [InlineData(2, 3, 1)]
    public void A_file_that_is_back_after_a_start_without_it_is_not_read_again(int first, int second, int third)
    {
        using var harness = ReadShort(first);
        harness.Files.Rename(Short, Archived);

        // Two starts without it: the second one knows of it from the first one only.
        for (var start = 0; start < 2; start++)
        {
            harness.Start(second);
            Step(harness);
            harness.Checkpoint();
            Assert.False(harness.HasEnded);
            harness.Crash();
        }

        harness.Files.Rename(Archived, Short);
        harness.Start(third);
        End(harness);
        AssertAllOnce(harness);
    }

    [Fact]
    public void A_file_that_is_back_with_other_rows_is_refused()
    {
        using var harness = ReadShort(1);
        harness.Files.Rename(Short, Archived);
        harness.Start();
        harness.Checkpoint();
        harness.Crash();
        Put(harness, Short, [7, 8, 9]);
        Assert.StartsWith(
            "PSR205: The data of source 'Clicks' in 'in/b.csv' has changed",
            Assert.Throws<SourceChangedException>(() => harness.Start()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_job_does_not_miss_a_file_that_was_gone_before_its_end()
    {
        using var harness = ReadShort(1);
        harness.Files.Rename(Short, Archived);
        harness.Start();
        End(harness);
        harness.Crash();
        harness.Start();
        AssertAllOnce(harness);
        harness.Crash();

        // It is no new file either.
        harness.Files.Rename(Archived, Short);
        harness.Start();
        AssertAllOnce(harness);
    }

    // The short file is read to its end, and the long one is not; then the job is killed.
    private static StreamingHarness<CopyPipeline> ReadShort(int parallelism)
    {
        var options = Options(parallelism);
        options.Sources["Clicks"] = new SourceOptions { Path = "in/*.csv", Rate = 20 };
        var harness = new StreamingHarness<CopyPipeline>(options, prepare: static harness =>
        {
            Put(harness, "in/a.csv", [.. Enumerable.Range(0, Long)]);
            Put(harness, Short, [Long, Long + 1, Long + 2]);
        });
        RunUntil(harness, () => Committed(harness).Count(static value => value >= Long) == 3 && Committed(harness).Count() > 20);
        Assert.InRange(Committed(harness).Count(), 20, Long);
        harness.Crash();
        return harness;
    }

    private static void End(StreamingHarness<CopyPipeline> harness)
    {
        for (var until = DateTime.UtcNow + Limit; !harness.HasEnded;)
        {
            Assert.True(DateTime.UtcNow < until, "The job does not end.");
            Step(harness);
        }

        harness.Checkpoint(CheckpointMode.Terminal);
    }

    private static void AssertAllOnce(StreamingHarness<CopyPipeline> harness) =>
        Assert.Equal(Enumerable.Range(0, Long + 3), Committed(harness).Order());
}
