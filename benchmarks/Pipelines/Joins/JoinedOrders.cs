using Penstock.Connectors;

namespace Penstock.Benchmarks.Pipelines.Joins;

/// <summary>An order.</summary>
/// <param name="At">The event time, in microseconds.</param>
public readonly record struct JoinOrder(long Id, double Amount, long At);

/// <summary>A payment of an order.</summary>
/// <param name="At">The event time, in microseconds.</param>
public readonly record struct JoinPayment(long Order, double Amount, long At);

/// <summary>An order with one of its payments.</summary>
public readonly record struct PaidOrder(long Id, double Missing);

/// <summary>Joins orders with the payments that come within a second before or after them.</summary>
[Operator, IntervalJoin("-1s", "1s")]
public sealed partial class PayOrders
{
    [Match]
    private static PaidOrder Pay(
        [KeyBy(nameof(JoinOrder.Id))] in JoinOrder order,
        [KeyBy(nameof(JoinPayment.Order))] in JoinPayment payment) =>
        new(order.Id, order.Amount - payment.Amount);
}

/// <summary>The join as a pipeline.</summary>
[Pipeline]
public sealed partial class JoinedPipeline
{
    /// <summary>The orders.</summary>
    [Source<MemorySource<JoinOrder>>]
    [EventTime(nameof(JoinOrder.At), Unit = TimeUnit.Microseconds, MaxDelay = "100ms")]
    public partial Stream<JoinOrder> Orders { get; }

    /// <summary>The payments.</summary>
    [Source<MemorySource<JoinPayment>>]
    [EventTime(nameof(JoinPayment.At), Unit = TimeUnit.Microseconds, MaxDelay = "100ms")]
    public partial Stream<JoinPayment> Payments { get; }

    /// <summary>Orders with their payments.</summary>
    [Apply<PayOrders>(nameof(Orders), nameof(Payments))]
    [Sink<JoinSink>]
    public partial Stream<PaidOrder> Paid { get; }
}

/// <summary>Counts results.</summary>
public sealed class JoinSink : ISink<PaidOrder>
{
    /// <summary>The number of results so far.</summary>
    public static long Count;

    /// <inheritdoc/>
    public ISinkWriter<PaidOrder> OpenWriter(int subtask) => new Writer();

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer : ISinkWriter<PaidOrder>
    {
        public void Write(Batch<PaidOrder> batch, long checkpoint) => Interlocked.Add(ref Count, batch.Count);

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
