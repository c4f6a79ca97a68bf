using Penstock.Connectors;
using Penstock.Network;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>
/// Sends the batches of an output over its edge. A receiver that is called directly returns a batch immediately, unless it is suspended; a
/// batch that is sent over a channel belongs to the receiver.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="owner">The sending subtask.</param>
/// <param name="edge">The edge to the receivers.</param>
/// <param name="batchSize">The capacity of a batch in rows.</param>
internal sealed class BatchSender<T>(Subtask owner, OutputEdge edge, int batchSize)
{
    // For each channel the batches in transit when it is full, plus the one that its receiver processes and the one that is being filled.
    private readonly BatchPool<T> _pool = new(batchSize, Math.Max(1, edge.Channels.Length) * (owner.Context.Options.ChannelCapacity + 2));

    /// <summary>The number of receivers.</summary>
    public int Targets => edge.Target == null ? edge.Channels.Length : 1;

    /// <summary>Returns a batch to fill.</summary>
    public Batch<T> Begin() => _pool.Rent();

    /// <summary>Sends a batch.</summary>
    /// <param name="target">The receiver.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>The next batch to fill.</returns>
    public Batch<T> Send(int target, Batch<T> batch)
    {
        owner.Counters.RowsOut += batch.Count;
        if (edge.Target is { } direct)
        {
            if (!direct.Receive(edge.Input!, batch))
            {
                return Begin();
            }

            batch.Empty();
            return batch;
        }

        owner.Send(edge.Channels[target], new Message(MessageKind.Batch, Batch: batch));
        return Begin();
    }
}
