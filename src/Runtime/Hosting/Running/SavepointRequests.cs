using Penstock.Checkpoints;
using Penstock.Threads;

namespace Penstock.Hosting;

/// <summary>
/// The savepoints that were requested and not started yet. Callers may be on any thread; a single loop takes the requests.
/// </summary>
/// <param name="background">Determines where callers continue.</param>
internal sealed class SavepointRequests(IBackground background)
{
    private readonly Lock _gate = new();
    private readonly Queue<SavepointRequest> _waiting = new();
    private TaskCompletionSource _requested = new(background.Completion);
    private string? _closeReason;

    /// <summary>Completes when there is a request.</summary>
    public Task Requested
    {
        get
        {
            lock (_gate)
            {
                return _requested.Task;
            }
        }
    }

    /// <summary>Requests a savepoint.</summary>
    /// <exception cref="PipelineException">The pipeline has ended.</exception>
    public Task<Savepoint> RequestAsync(CheckpointMode mode, string? path)
    {
        var request = new SavepointRequest(mode, path, new TaskCompletionSource<Savepoint>(background.Completion));
        lock (_gate)
        {
            if (_closeReason != null)
            {
                throw new PipelineException(ErrorCodes.PipelineEnded, _closeReason);
            }

            _waiting.Enqueue(request);
            _requested.TrySetResult();
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
                _requested = new TaskCompletionSource(background.Completion);
            }

            return request;
        }
    }

    /// <summary>Fails all waiting and later requests with a reason, because the pipeline has ended.</summary>
    public void Close(string why)
    {
        lock (_gate)
        {
            _closeReason = why;
            while (_waiting.TryDequeue(out var request))
            {
                request.Done.TrySetException(new PipelineException(ErrorCodes.PipelineEnded, why));
            }
        }
    }
}

/// <summary>A request for a savepoint.</summary>
/// <param name="Mode">The checkpoint mode, which determines whether the pipeline stops at the savepoint.</param>
/// <param name="Path">The place of the savepoint, or null for a new place below the configured one.</param>
/// <param name="Done">The source of the task that completes with the savepoint.</param>
internal sealed record SavepointRequest(CheckpointMode Mode, string? Path, TaskCompletionSource<Savepoint> Done);
