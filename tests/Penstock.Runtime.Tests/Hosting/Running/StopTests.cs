using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Errors;

namespace Penstock.Runtime.Tests.Hosting.Running;

/// <summary>A stop completes in time, whatever blocks, and is never reported as a success if it was not one.</summary>
public sealed class StopTests : IDisposable
{
    private static readonly Step[] Rows = [.. Enumerable.Range(0, 10).Select(number => new Step("a", number))];

    // The blocked call is released at the end, so that it does not occupy a thread of other tests.
    private readonly ManualResetEventSlim _open = new();

    public static TheoryData<string> Calls => [.. HookedConnectors.SourceCalls, .. HookedConnectors.SinkCalls, "Operator"];

    public void Dispose() => _open.Set();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_that_never_returns_does_not_delay_a_stop(string call)
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.ShutdownTimeout = TimeSpan.FromMilliseconds(50);
        var blocks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Block(string name)
        {
            if (name == call)
            {
                blocks.TrySetResult();
                _open.Wait();
            }
        }

        job.Connectors.Hook = Block;
        job.Gate.OnStep = _ => Block("Operator");
        job.Start<GatedPipeline>();
        await job.UntilAsync(blocks.Task);
        await job.StopAsync();
        Assert.Null(await job.EndAsync());
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, job.Status.State);
        Assert.Contains(job.Logged(LogLevel.Error), text => text.Contains("could not take its last checkpoint", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, CheckpointMode.Savepoint)]
    [InlineData(true, CheckpointMode.StopWithSavepoint)]
    public async Task A_commit_that_waits_at_the_end_of_input_or_for_a_savepoint_does_not_delay_a_stop(bool isEndless, object? mode)
    {
        using var job = new HookedJob(new HookedConnectors(Rows, isEndless));
        job.Options.ShutdownTimeout = TimeSpan.FromMilliseconds(50);
        job.Options.Checkpoints.Interval = mode == null ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromHours(1);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var comes = new TaskCompletionSource();
        job.Connectors.Committing = () =>
        {
            waits.TrySetResult();
            return comes.Task;
        };
        job.Start<GatedPipeline>();
        var savepoint = mode is CheckpointMode asked ? job.Runner.SavepointAsync(asked, "/savepoint") : null;
        await job.UntilAsync(waits.Task);
        await job.StopAsync();
        Assert.Null(await job.EndAsync());
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, job.Status.State);
        if (savepoint != null)
        {
            var error = await Assert.ThrowsAsync<PipelineException>(() => savepoint.WaitAsync(HookedJob.Timeout));
            Assert.Contains("the savepoint failed", error.Message, StringComparison.Ordinal);
        }

        // It is abandoned, and releases its resources when it ends.
        comes.SetResult();
        await Waiting.UntilAsync(
            () => job.Connectors.Count("DisposeCommitter") == job.Connectors.Count("CreateCommitter"),
            static () => null);
    }

    [Fact]
    public async Task A_stop_during_the_delay_before_a_restart_is_a_clean_one()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.Restart.Delay = job.Options.Restart.MaxDelay = TimeSpan.FromHours(1);
        job.Gate.OnStep = static _ => throw new InvalidOperationException("The service is down.");
        job.Start<GatedPipeline>();
        await job.UntilAsync(() => job.Status.State == PipelineState.Restarting);
        await job.StopAsync();
        Assert.Null(await job.EndAsync());
        Assert.Equal(PipelineState.Stopped, job.Status.State);
        Assert.Empty(job.Logged(LogLevel.Critical));
        Assert.Contains(
            job.Logged(LogLevel.Information),
            text => text.Contains("was stopped while it waited for its restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_while_it_stops_is_no_failure_for_good_and_no_success()
    {
        using var job = new HookedJob(new HookedConnectors(Rows, isEndless: true));
        job.Options.ShutdownTimeout = TimeSpan.FromSeconds(20);
        job.Options.Checkpoints.Interval = TimeSpan.FromHours(1);
        job.Connectors.Hook = call =>
        {
            if (call == "Prepare")
            {
                throw new InvalidOperationException("The disk is gone.");
            }
        };
        job.Start<GatedPipeline>();
        await job.UntilAsync(() => job.Connectors.Count("Read") > 0);
        await job.StopAsync();
        Assert.Null(await job.EndAsync());
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, job.Status.State);
        Assert.Contains("The disk is gone.", job.Status.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(job.Logged(LogLevel.Critical));
    }

    [Fact]
    public async Task A_restart_gives_up_a_commit_that_waits()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.ShutdownTimeout = TimeSpan.FromMinutes(10);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var commits = 0;
        job.Connectors.Committing = () =>
        {
            waits.TrySetResult();
            return Interlocked.Increment(ref commits) == 1 ? interrupted.Task : Task.CompletedTask;
        };
        job.Connectors.Hook = call =>
        {
            if (call == "InterruptCommitter")
            {
                interrupted.TrySetException(new TimeoutException("The broker does not answer."));
            }
        };
        var failures = 0;
        job.Gate.OnStep = step =>
        {
            if (step.Number == Rows.Length - 1 && Interlocked.Increment(ref failures) == 1)
            {
                waits.Task.Wait();
                throw new InvalidOperationException("The service is down.");
            }
        };
        job.Options.BatchSize = 1;
        job.Start<GatedPipeline>();
        Assert.Null(await job.EndAsync());
        Assert.Equal((PipelineState.Finished, 1), (job.Status.State, job.Status.Restarts));
        Assert.Equal(Rows.Select(static row => $"{row.Name}{row.Number}"), job.Connectors.Committed);
    }

    [Fact]
    public async Task Where_it_cannot_be_given_up_the_pipeline_ends_and_says_why()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.ShutdownTimeout = TimeSpan.FromMilliseconds(50);
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var comes = new TaskCompletionSource();
        job.Connectors.Committing = () =>
        {
            waits.TrySetResult();
            return comes.Task;
        };
        job.Gate.OnStep = step =>
        {
            if (step.Number == Rows.Length - 1)
            {
                waits.Task.Wait();
                throw new InvalidOperationException("The service is down.");
            }
        };
        job.Options.BatchSize = 1;
        job.Start<GatedPipeline>();
        var error = Assert.IsType<StuckAttemptException>(await job.EndAsync());
        Assert.Contains("Pipeline 'Test' cannot restart in this process", error.Message, StringComparison.Ordinal);
        Assert.Contains("the checkpoint that was under way", error.Message, StringComparison.Ordinal);
        Assert.Contains("The service is down.", error.Message, StringComparison.Ordinal);
        Assert.Equal(PipelineState.Failed, job.Status.State);
        comes.SetResult();
    }

    [Fact]
    public async Task An_operator_that_does_not_return_ends_the_pipeline_and_is_named()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.ShutdownTimeout = TimeSpan.FromMilliseconds(50);
        job.Options.Parallelism = 2;
        var blocks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        job.Gate.OnStep = step =>
        {
            blocks.TrySetResult();
            _open.Wait();
        };
        job.Connectors.Hook = call =>
        {
            // A barrier may come before all rows.
            if (call == "Prepare" && blocks.Task.IsCompleted)
            {
                throw new InvalidOperationException("The disk is gone.");
            }
        };

        // If both subtasks wait for the operator, no writer prepares anything, and the checkpoint times out.
        job.Options.Checkpoints.Timeout = TimeSpan.FromSeconds(1);
        job.Options.Checkpoints.ToleratedFailures = 0;
        job.Start<GatedPipeline>();
        var error = Assert.IsType<StuckAttemptException>(await job.EndAsync());
        Assert.Matches("subtask [01] of task 'Steps'", error.Message);
        Assert.Equal(PipelineState.Failed, job.Status.State);
    }

    // The other subtask has not reached the barrier yet, so no checkpoint waits for the writer.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_waits_for_what_a_sink_still_prepares(bool isGivenUp)
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.ShutdownTimeout = isGivenUp ? TimeSpan.FromMinutes(1) : TimeSpan.FromMilliseconds(50);
        job.Options.Parallelism = 2;
        var prepares = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var prepared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        job.Connectors.Preparing = () => prepares.TrySetResult() ? prepared.Task : Task.CompletedTask;
        var failures = 0;
        job.Gate.OnStep = step =>
        {
            prepares.Task.Wait();
            if (Interlocked.Increment(ref failures) == 1)
            {
                throw new InvalidOperationException("The service is down.");
            }
        };
        job.Connectors.Hook = call =>
        {
            if (call == "InterruptWriter" && isGivenUp)
            {
                prepared.TrySetException(new TimeoutException("The store does not answer."));
            }
        };
        job.Start<GatedPipeline>();
        if (isGivenUp)
        {
            Assert.Null(await job.EndAsync());
            Assert.Equal((PipelineState.Finished, 1), (job.Status.State, job.Status.Restarts));
        }
        else
        {
            var error = Assert.IsType<StuckAttemptException>(await job.EndAsync());
            Assert.Contains("what sink 'Out/out.jsonl' prepares", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, job.Connectors.Count("DisposeWriter"));
        }

        prepared.TrySetResult();
    }
}
