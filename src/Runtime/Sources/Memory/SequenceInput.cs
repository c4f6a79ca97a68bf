using System.Runtime.ExceptionServices;

namespace Penstock.Sources.Memory;

/// <summary>Takes rows from an asynchronous sequence. It asks for a row when the previous one was taken, and never for more.</summary>
internal sealed class SequenceInput<T>(IAsyncEnumerable<T> sequence) : IMemoryInput<T>
{
    private IAsyncEnumerator<T>? _rows;

    // The row that the sequence is about to deliver.
    private Task<bool>? _next;
    private Exception? _failure;
    private bool _hasEnded;

    public bool HasEnded
    {
        get
        {
            // A sequence that has failed looks ended when it is asked again.
            if (_failure != null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }

            return _hasEnded;
        }
    }

    public int Take(Span<T> rows)
    {
        var count = 0;
        while (count < rows.Length && HasNext())
        {
            rows[count++] = _rows!.Current;
        }

        return count;
    }

    public Task WaitAsync() => _next ?? Task.CompletedTask;

    private bool HasNext()
    {
        if (_hasEnded || _failure != null || _next is { IsCompleted: false })
        {
            return false;
        }

        try
        {
            if (_next == null)
            {
                var moving = (_rows ??= sequence.GetAsyncEnumerator()).MoveNextAsync();
                if (!moving.IsCompleted)
                {
                    _next = moving.AsTask();
                    return false;
                }

                return moving.Result || End();
            }

            var next = _next;
            _next = null;
            return next.GetAwaiter().GetResult() || End();
        }
        catch (Exception error)
        {
            _failure = error;
            return false;
        }
    }

    private bool End()
    {
        _hasEnded = true;
        return false;
    }
}
