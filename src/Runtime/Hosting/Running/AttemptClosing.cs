using Penstock.Checkpoints;
using Penstock.Errors;
using Penstock.Nodes;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Hosting;

/// <summary>Closes one attempt to run a pipeline: cancels, awaits and disposes everything that the attempt has started.</summary>
/// <param name="graph">The execution graph of the attempt on this node.</param>
/// <param name="other">The other node, or null if there is none.</param>
internal sealed class AttemptClosing(ExecutionGraph graph, RemoteNode? other)
{
    private Task _subtasks = Task.CompletedTask;
    private Task _checkpoint = Task.CompletedTask;
    private Task _closed = Task.CompletedTask;

    public ExecutionGraph Graph => graph;

    /// <summary>The other node, or null if there is none.</summary>
    public RemoteNode? Other => other;

    /// <summary>The job that takes the checkpoints of the attempt, or null before it takes any.</summary>
    public LocalJob? Job { get; set; }

    /// <summary>Starts to close.</summary>
    /// <returns>A task that completes when no work of the attempt is running and everything is disposed. It never fails.</returns>
    public Task CloseAsync()
    {
        other?.Dispose();
        _checkpoint = Job?.AbandonAsync() ?? Task.CompletedTask;

        // Calls that interrupt or dispose may block.
        _subtasks = graph.Environment.Background.RunAsync(graph.StopAsync);
        return _closed = DisposeAsync();
    }

    /// <summary>
    /// Waits with a timeout until the attempt is closed: a call of an operator, or the commit of a sink, may never return.
    /// </summary>
    /// <returns><c>true</c> if the attempt is closed. Otherwise closing continues in the background.</returns>
    public async Task<bool> IsClosedInTimeAsync(StopSignal stop)
    {
        using var wake = new CancellationTokenSource();
        var timeout = Task.Delay(stop.Timeout, graph.Environment.Time, wake.Token);
        await Task.WhenAny(_closed, timeout, stop.WaitEnded);
        wake.Cancel();
        return _closed.IsCompleted;
    }

    /// <summary>
    /// Creates the exception for an attempt that cannot be followed by another one, since the two would interfere with each other.
    /// </summary>
    /// <param name="failure">The failure that ended the attempt.</param>
    public StuckAttemptException CannotRestart(Exception? failure)
    {
        List<string> busy = [.. graph.Busy];
        if (!_checkpoint.IsCompleted)
        {
            busy.Add("the checkpoint that was under way");
        }

        var environment = graph.Environment;
        var what = busy.Count == 0 ? "closing its sources and sinks" : string.Join(", ", busy);
        return new StuckAttemptException(
            $"Pipeline '{environment.Name}' cannot restart in this process. The following did not end within "
                + $"{environment.Options.ShutdownTimeout} (ShutdownTimeout): {what}. "
            + $"Start the process again: it resumes from the last "
            + $"checkpoint.{(failure == null ? "" : $" The pipeline had failed before: {failure.Message}")}",
            failure);
    }

    private async Task DisposeAsync()
    {
        await Task
            .WhenAll(_subtasks, _checkpoint)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await graph.Environment.Background
            .Run(graph.Dispose)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
