using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Connectors;

namespace Penstock.Tasks;

/// <summary>
/// Sends rows to the next task regardless of their keys: to the subtask of the same index, to the only one, or in whole batches to each
/// subtask in turn. All subtasks get the watermarks, so that each has the watermark of the sender before a row.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ForwardOutput<T> : IOutput
{
    private readonly BatchSender<T> _sender;

    // One batch for each target. Rows go to the current target; the batches of the others contain only watermark updates.
    private readonly Batch<T>[] _batches;
    private Batch<T> _batch = null!;
    private int _target;

    internal ForwardOutput(Subtask owner, OutputEdge edge, int batchSize)
    {
        _sender = new BatchSender<T>(owner, edge, batchSize);
        _batches = [.. Enumerable.Range(0, _sender.Targets).Select(_ => _sender.Begin())];

        // Senders start with different targets.
        SwitchTo(owner.Context.Subtask % _batches.Length);
    }

    private int Next => (_target + 1) % _batches.Length;

    /// <summary>Sends a row of a stream without event time.</summary>
    /// <param name="row">The row to send.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row)
    {
        if (_batch.Add(in row))
        {
            Send();
        }
    }

    /// <summary>Sends a row.</summary>
    /// <param name="row">The row to send.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row, long time)
    {
        if (_batch.Add(in row, time))
        {
            Send();
        }
    }

    void IOutput.EmitWatermark(long split, long combined)
    {
        foreach (var batch in _batches)
        {
            batch.AddWatermark(split, combined);
        }
    }

    void IOutput.Flush()
    {
        // A batch with watermark updates only does not count as a turn: otherwise every second target would get all rows of a source that
        // sends one row at a time.
        var next = _batch.Count > 0 ? Next : _target;
        for (var target = 0; target < _batches.Length; target++)
        {
            if (!_batches[target].IsEmpty)
            {
                _batches[target] = _sender.Send(target, _batches[target]);
            }
        }

        SwitchTo(next);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Send()
    {
        _batches[_target] = _sender.Send(_target, _batch);
        SwitchTo(Next);
    }

    private void SwitchTo(int target)
    {
        _target = target;
        _batch = _batches[target];
    }
}
