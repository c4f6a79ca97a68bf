using System.Collections.Concurrent;
using Penstock.Connectors;

namespace Penstock.Streams;

/// <summary>A pool for the batches of one output, accessed once per batch, not per row.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="capacity">The capacity of a batch in rows, at least 1.</param>
/// <param name="maxFree">
/// The maximum number of unused batches to keep. Further returned batches, needed for a burst, are left to the garbage collector.
/// </param>
internal sealed class BatchPool<T>(int capacity, int maxFree = 2)
{
    private readonly ConcurrentQueue<Batch<T>> _free = new();
    private int _count;

    /// <summary>Takes an empty batch.</summary>
    /// <returns>A batch that the caller owns until it is released.</returns>
    public Batch<T> Rent()
    {
        if (!_free.TryDequeue(out var batch))
        {
            return new Batch<T>(this, capacity);
        }

        Interlocked.Decrement(ref _count);
        return batch;
    }

    internal void Return(Batch<T> batch)
    {
        if (Interlocked.Increment(ref _count) <= maxFree)
        {
            _free.Enqueue(batch);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
