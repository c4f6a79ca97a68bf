using Penstock.Connectors;

namespace Penstock.Benchmarks.Pipelines;

/// <summary>A trade.</summary>
/// <param name="At">The event time, in microseconds.</param>
public readonly record struct Trade(long Symbol, double Price, long Volume, long At);

/// <summary>Sorts trades by event time.</summary>
[Pipeline]
public sealed partial class SortedPipeline
{
    /// <summary>The trades.</summary>
    [Source<MemorySource<Trade>>]
    [EventTime(nameof(Trade.At), Unit = TimeUnit.Microseconds, MaxDelay = "1s")]
    public partial Stream<Trade> Trades { get; }

    /// <summary>The trades in the order of time.</summary>
    [SortByTime(nameof(Trades))]
    [Sink<OrderSink>]
    public partial Stream<Trade> Sorted { get; }
}

/// <summary>Counts trades, and checks that they are in the order of time.</summary>
public sealed class OrderSink : ISink<Trade>
{
    /// <summary>The number of trades so far.</summary>
    public static long Count;

    /// <inheritdoc/>
    public ISinkWriter<Trade> OpenWriter(int subtask) => new Writer();

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer : ISinkWriter<Trade>
    {
        private long _last = long.MinValue;

        public void Write(Batch<Trade> batch, long checkpoint)
        {
            foreach (ref readonly var trade in batch.Rows.AsSpan(0, batch.Count))
            {
                _last = trade.At >= _last ? trade.At : throw new InvalidOperationException($"{trade} comes after {_last}.");
            }

            Interlocked.Add(ref Count, batch.Count);
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
