using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Hosting;

/// <summary>The request to stop a pipeline, with its deadlines.</summary>
internal sealed class StopSignal : IDisposable
{
    // Abandoned work gets some time to close its resources: as long as the timeout itself, but at most this. The documentation mentions the
    // value.
    private static readonly TimeSpan MaxClosingTime = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _requested;
    private readonly TaskCompletionSource _deadline;
    private readonly TaskCompletionSource _waitEnded;
    private readonly CancellationTokenSource _disposed = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeProvider _time;
    private readonly IBackground _background;

    /// <summary>Creates the signal.</summary>
    /// <param name="stop">Requests the pipeline to stop.</param>
    /// <param name="timeout">The maximum duration of the last checkpoint.</param>
    /// <param name="environment">Provides the clock.</param>
    public StopSignal(CancellationToken stop, TimeSpan timeout, ExecutionEnvironment environment)
    {
        Timeout = timeout;
        _time = environment.Time;
        _background = environment.Background;
        (_requested, _deadline, _waitEnded) = (
            new(environment.Background.Completion),
            new(environment.Background.Completion),
            new(environment.Background.Completion));
        _registration = stop.Register(Begin);
    }

    /// <summary>The maximum duration of the last checkpoint.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Completes when the pipeline is to stop.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Completes when the time for the last checkpoint is over.</summary>
    public Task Deadline => _deadline.Task;

    /// <summary>Completes when all waiting ends.</summary>
    public Task WaitEnded => _waitEnded.Task;

    /// <summary>Indicates whether the pipeline is to stop.</summary>
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
            await Task.Delay(Timeout < MaxClosingTime ? Timeout : MaxClosingTime, _time, disposed);
            _waitEnded.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            // The pipeline has ended in time.
        }
    }
}
