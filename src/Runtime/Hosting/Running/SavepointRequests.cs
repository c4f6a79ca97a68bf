using Penstock.Checkpoints;
using Penstock.Threads;

namespace Penstock.Hosting;

/// <summary>The savepoints that were asked for and are not under way yet. Callers come from any thread; one loop takes.</summary>
/// <param name="background">Where the callers go on.</param>
internal sealed class SavepointRequests(IBackground background)
{
    private readonly Lock _gate = new();
    private readonly Queue<SavepointRequest> _waiting = new();
    private TaskCompletionSource _asked = new(background.Completion);
    private string? _whyClosed;

    /// <summary>Completes when there is a request.</summary>
    public Task Asked
    {
        get
        {
            lock (_gate)
            {
                return _asked.Task;
            }
        }
    }

    /// <summary>Asks for a savepoint.</summary>
    /// <exception cref="PipelineException">The pipeline has ended.</exception>
    public Task<Savepoint> AskAsync(CheckpointMode mode, string? path)
    {
        var request = new SavepointRequest(mode, path, new TaskCompletionSource<Savepoint>(background.Completion));
        lock (_gate)
        {
            if (_whyClosed != null)
            {
                throw new PipelineException(ErrorCodes.PipelineEnded, _whyClosed);
            }

            _waiting.Enqueue(request);
            _asked.TrySetResult();
        }

        return request.Done.Task;
    }

    /// <summary>Takes the oldest request.</summary>
    public SavepointRequest Take()
    {
        lock (_gate)
        {
            var request = _waiting.Dequeue();
            if (_waiting.Count == 0)
            {
                _asked = new TaskCompletionSource(background.Completion);
            }

            return request;
        }
    }

    /// <summary>The pipeline has ended: requests that wait, and later ones, fail with the reason why there is no savepoint.</summary>
    public void Close(string why)
    {
        lock (_gate)
        {
            _whyClosed = why;
            while (_waiting.TryDequeue(out var request))
            {
                request.Done.TrySetException(new PipelineException(ErrorCodes.PipelineEnded, why));
            }
        }
    }
}

/// <summary>A savepoint that was asked for.</summary>
/// <param name="Mode">Whether the pipeline stops at it.</param>
/// <param name="Path">Where it goes; null for a new place below the configured one.</param>
/// <param name="Done">Completes with the savepoint.</param>
internal sealed record SavepointRequest(CheckpointMode Mode, string? Path, TaskCompletionSource<Savepoint> Done);
