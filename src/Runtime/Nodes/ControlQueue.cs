using Penstock.Threads;

namespace Penstock.Nodes;

/// <summary>
/// Handles messages of job control one after the other, outside of the thread that reads them: handling may block, and may call user code.
/// </summary>
/// <param name="background">Runs the handlers.</param>
internal sealed class ControlQueue(IBackground background)
{
    private readonly Lock _gate = new();
    private Task _awaited = Task.CompletedTask;
    private Task _last = Task.CompletedTask;

    /// <summary>Completes when all posted work for which the coordinator waits is done.</summary>
    public Task Awaited
    {
        get
        {
            lock (_gate)
            {
                return _awaited;
            }
        }
    }

    /// <summary>Completes when all posted work is done.</summary>
    public Task All
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Runs work after all work posted before.</summary>
    /// <param name="work">The work; it must not throw.</param>
    /// <param name="isAwaited"><c>true</c> if the coordinator waits for it.</param>
    public void Post(Func<Task> work, bool isAwaited)
    {
        var done = new TaskCompletionSource(background.Completion);
        Task before;
        lock (_gate)
        {
            (before, _last) = (_last, done.Task);
            _awaited = isAwaited ? done.Task : _awaited;
        }

        _ = DoAsync(before, work, done);
    }

    private async Task DoAsync(Task before, Func<Task> work, TaskCompletionSource done)
    {
        await before;
        await background
            .RunAsync(work)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        done.SetResult();
    }
}
