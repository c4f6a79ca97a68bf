using Penstock.Checkpoints;

namespace Penstock.Runtime.Tests.Checkpoints.Coordination;

/// <summary>Checkpoints that fail: the pipeline continues, commits none of their output, and loses nothing.</summary>
public class ToleranceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_store_that_fails_now_and_then_does_not_stop_the_pipeline(int parallelism)
    {
        var files = PowerCutTests.Prepared();

        // Slow enough for many checkpoints, even on a machine with other load.
        var job = new LedgerJob(files, rate: 1_500);
        var random = new Random(parallelism);
        var failures = 0;
        files.Before = (operation, path) =>
        {
            // Sinks write at the same time on other threads, so only operations of checkpoints may change the count.
            if (!path.StartsWith("/checkpoints/0", StringComparison.Ordinal) || operation is not ("append" or "sync" or "rename"))
            {
                return;
            }

            // At most the three consecutive failures that are tolerated.
            if (failures % 4 != 3 && random.Next(3) == 0)
            {
                failures++;
                throw new IOException("The store is down.");
            }

            if (failures % 4 == 3 && operation == "rename")
            {
                failures++;
            }
        };
        var status = await job.RunAsync(parallelism);
        Assert.True(failures > 5);
        Assert.Equal(0, status.Restarts);
        job.AssertAnswer();
    }

    [Fact]
    public async Task Too_many_failures_in_a_row_are_too_many_and_nothing_was_committed_meanwhile()
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 4_000);
        var attempts = 0;
        files.Before = (operation, path) =>
        {
            if (operation == "create" && path.EndsWith(".state", StringComparison.Ordinal))
            {
                attempts++;
                throw new IOException("The store is down.");
            }
        };
        var error = await Assert.ThrowsAsync<CheckpointFailedException>(() => job.RunAsync());
        Assert.Contains("cannot be written to '/checkpoints': The store is down.", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, attempts);
        Assert.Empty(job.Rows("/out"));
        files.Before = null;
        await job.RunAsync();
        job.AssertAnswer();
    }

    [Fact]
    public async Task A_checkpoint_that_fails_on_one_node_while_the_other_one_writes_is_tolerated()
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 4_000) { HasTwoNodes = true };
        var runner = job.Runner(parallelism: 2);
        using var failed = new ManualResetEventSlim();
        var isWriting = false;
        var waits = 0;
        var beside = new List<string>();
        files.Before = (operation, path) =>
        {
            if (!path.StartsWith("/checkpoints/0", StringComparison.Ordinal))
            {
                return;
            }

            var isOfSecond = path.StartsWith("/checkpoints/0000000002", StringComparison.Ordinal);

            // Behind it the name of the other node's file has a random number, which may end alike.
            var isOfFirstNode = path == "/checkpoints/0000000002.state";
            if (Volatile.Read(ref isWriting) && failed.IsSet && (!isOfSecond || (operation == "delete" && !isOfFirstNode)))
            {
                lock (beside)
                {
                    beside.Add($"{operation} {path}");
                }
            }

            // The second file, so that there is state.
            if (operation == "create" && isOfSecond)
            {
                if (isOfFirstNode)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref isWriting), Waiting.Timeout);
                    failed.Set();
                    throw new IOException("The store is down.");
                }

                if (Interlocked.Increment(ref waits) == 1)
                {
                    Volatile.Write(ref isWriting, true);
                    failed.Wait(Waiting.Timeout);

                    // The duration of fifty checkpoints.
                    var rows = runner.Status().Rows;
                    SpinWait.SpinUntil(() => runner.Status().Rows >= rows + 200, Waiting.Timeout);
                    Volatile.Write(ref isWriting, false);
                }
            }
        };
        await runner.RunAsync(CancellationToken.None);
        var status = runner.Status();
        Assert.Equal(1, waits);
        Assert.Empty(beside);
        Assert.Equal(0, status.Restarts);
        job.AssertAnswer();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_checkpoint_that_comes_too_late_has_failed_and_the_next_one_has_its_output(int parallelism)
    {
        var files = PowerCutTests.Prepared();
        var job = new LedgerJob(files, rate: 4_000);
        var failed = await job.RunAndCrashAsync(30, parallelism, isTooLate: checkpoint => checkpoint % 3 != 0);
        Assert.InRange(failed, 1, 20);
        await job.RunAsync(parallelism);
        job.AssertAnswer();
    }
}
