using System.Collections.Concurrent;

namespace Penstock.Streams;

/// <summary>Recycles the batches of one output. One pool access per batch, none per row.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="capacity">The rows a batch holds, at least 1.</param>
internal sealed class BatchPool<T>(int capacity)
{
    private readonly ConcurrentQueue<Batch<T>> _free = new();

    /// <summary>Takes an empty batch.</summary>
    /// <returns>A batch that the caller owns until it is released.</returns>
    public Batch<T> Rent() => _free.TryDequeue(out var batch) ? batch : new Batch<T>(this, capacity);

    internal void Return(Batch<T> batch) => _free.Enqueue(batch);
}
