using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Hosting;

/// <summary>Says that a pipeline is to stop, and when its time for that is over.</summary>
internal sealed class StopSignal : IDisposable
{
    // What is given up gets a moment to close what it holds: as long as the timeout itself, and at most this. The documents name it.
    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _requested;
    private readonly TaskCompletionSource _deadline;
    private readonly TaskCompletionSource _over;
    private readonly CancellationTokenSource _disposed = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeProvider _time;
    private readonly IBackground _background;

    /// <summary>Creates the signal.</summary>
    /// <param name="stop">Asks the pipeline to stop.</param>
    /// <param name="timeout">How long the last checkpoint may take.</param>
    /// <param name="environment">Has the clock.</param>
    public StopSignal(CancellationToken stop, TimeSpan timeout, ExecutionEnvironment environment)
    {
        Timeout = timeout;
        _time = environment.Time;
        _background = environment.Background;
        (_requested, _deadline, _over) = (
            new(environment.Background.Completion),
            new(environment.Background.Completion),
            new(environment.Background.Completion));
        _registration = stop.Register(Begin);
    }

    /// <summary>How long the last checkpoint may take.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Completes when the pipeline is to stop.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Completes when the last checkpoint is too late.</summary>
    public Task Deadline => _deadline.Task;

    /// <summary>Completes when nothing is waited for any more.</summary>
    public Task Over => _over.Task;

    /// <summary>Whether the pipeline is to stop.</summary>
    public bool IsRequested => _requested.Task.IsCompleted;

    public void Dispose()
    {
        _registration.Dispose();
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private void Begin()
    {
        _requested.TrySetResult();
        var disposed = _disposed.Token;
        _ = _background.RunAsync(() => CountDownAsync(disposed));
    }

    private async Task CountDownAsync(CancellationToken disposed)
    {
        try
        {
            await Task.Delay(Timeout, _time, disposed);
            _deadline.TrySetResult();
            await Task.Delay(Timeout < LongestClosing ? Timeout : LongestClosing, _time, disposed);
            _over.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            // The pipeline has ended in time.
        }
    }
}
