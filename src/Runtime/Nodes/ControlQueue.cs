using Penstock.Threads;

namespace Penstock.Nodes;

/// <summary>
/// Does what messages of job control say, one after the other, beside the thread that reads them: it may block, and what it calls may be
/// what users wrote.
/// </summary>
/// <param name="background">Where it is done.</param>
internal sealed class ControlQueue(IBackground background)
{
    private readonly Lock _gate = new();
    private Task _asked = Task.CompletedTask;
    private Task _last = Task.CompletedTask;

    /// <summary>Completes when all is done that was posted and that the coordinator waits for.</summary>
    public Task Asked
    {
        get
        {
            lock (_gate)
            {
                return _asked;
            }
        }
    }

    /// <summary>Completes when all is done that was posted.</summary>
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

    /// <summary>Does something behind all that was posted before.</summary>
    /// <param name="work">What is done; throws nothing.</param>
    /// <param name="isAsked">Whether the coordinator waits for it.</param>
    public void Post(Func<Task> work, bool isAsked)
    {
        var done = new TaskCompletionSource(background.Completion);
        Task before;
        lock (_gate)
        {
            (before, _last) = (_last, done.Task);
            _asked = isAsked ? done.Task : _asked;
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
