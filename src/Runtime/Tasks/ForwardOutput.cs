using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>The way of rows to the subtask of the next task that has the same index. Rows gather in a batch.</summary>
/// <typeparam name="T">The row type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ForwardOutput<T> : IOutput
{
    private readonly BatchSender<T> _sender;
    private Batch<T> _batch;

    internal ForwardOutput(Subtask owner, OutputEdge edge, int batchSize)
    {
        _sender = new BatchSender<T>(owner, edge, batchSize);
        _batch = _sender.Begin();
    }

    /// <summary>Sends a row of a stream without event time.</summary>
    /// <param name="row">The row to send on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row)
    {
        if (_batch.Add(in row))
        {
            Send();
        }
    }

    /// <summary>Sends a row.</summary>
    /// <param name="row">The row to send on.</param>
    /// <param name="time">Its event time in microseconds since the Unix epoch.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(in T row, long time)
    {
        if (_batch.Add(in row, time))
        {
            Send();
        }
    }

    void IOutput.Step(long split, long overall) => _batch.AddStep(split, overall);

    void IOutput.Flush()
    {
        if (!_batch.IsEmpty)
        {
            Send();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Send() => _batch = _sender.Send(0, _batch);
}
