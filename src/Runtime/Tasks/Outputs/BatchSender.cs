using Penstock.Connectors;
using Penstock.Network;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>
/// Sends the batches of an output over its edge. Who is called directly gives a batch back at once, unless it is held up; what goes over a
/// channel belongs to the receiver.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="owner">The sender.</param>
/// <param name="edge">The way to the receivers.</param>
/// <param name="batchSize">The rows a batch holds.</param>
internal sealed class BatchSender<T>(Subtask owner, OutputEdge edge, int batchSize)
{
    // As many as are under way when every channel is full, and one that is being filled for each.
    private readonly BatchPool<T> _pool = new(batchSize, Math.Max(1, edge.Channels.Length) * (owner.Context.Options.ChannelCapacity + 2));

    /// <summary>How many receivers there are.</summary>
    public int Targets => edge.Target == null ? edge.Channels.Length : 1;

    /// <summary>A batch to fill.</summary>
    public Batch<T> Begin() => _pool.Rent();

    /// <summary>Sends a batch.</summary>
    /// <param name="target">The receiver.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>The batch to fill next.</returns>
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
