namespace Penstock.Runtime.Tests.Tasks.Operators;

public readonly record struct ShopOrder(long Id, int Amount, DateTime At, string Note);

public readonly record struct OrderPayment(int Amount, long Order, DateTime At);

/// <summary>What became of an order: how much of its amount was paid in time.</summary>
public readonly record struct Settlement(long Order, int Amount, int Paid, long At);

public readonly record struct SettledMinute(long Order, long Start, int Paid);

/// <summary>An operator with two inputs and timers, with a side output, and windows over what it emits.</summary>
[Pipeline]
public sealed partial class SettlementPipeline
{
    [FileSource("orders-*.csv")]
    [EventTime(nameof(ShopOrder.At), MaxDelay = "8s")]
    public partial Stream<ShopOrder> Orders { get; }

    [FileSource("payments-*.csv")]
    [EventTime(nameof(OrderPayment.At), MaxDelay = "5s")]
    public partial Stream<OrderPayment> Payments { get; }

    [Apply<SettleOrders>(nameof(Orders), nameof(Payments))]
    [FileSink("settled.csv")]
    public partial Stream<Settlement> Settled { get; }

    [SideOutput(nameof(Settled), "stray")]
    [FileSink("stray.csv")]
    public partial Stream<OrderPayment> Stray { get; }

    [Apply<SettledPerMinute>(nameof(Settled))]
    [FileSink("minutes.csv")]
    public partial Stream<SettledMinute> Minutes { get; }

    [SideOutput(nameof(Minutes), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Settlement> Late { get; }
}

/// <summary>
/// Adds up the payments of an order within 30 seconds before and after it, and puts the others aside. Whether the order or its payments
/// come first does not matter: a timer decides when all of them have come.
/// </summary>
[Operator]
public sealed partial class SettleOrders
{
    private const long Near = 30_000_000;

    [State] private partial ref long OrderedAt { get; }
    [State] private partial ref int Amount { get; }
    [State] private partial MapState<long, int> Payments { get; }

    [Process, KeyBy(nameof(ShopOrder.Id))]
    private void OnOrder(in ShopOrder order, in Context context, ref Output<Settlement> output, ref Output<OrderPayment> stray)
    {
        if (order.Amount == 0)
        {
            output.Emit(new Settlement(order.Id, 0, 0, context.EventTimeMicros));
            return;
        }

        (OrderedAt, Amount) = (context.EventTimeMicros, order.Amount);
        context.Timers.Set(context.EventTimeMicros + Near);
    }

    [Process, KeyBy(nameof(OrderPayment.Order))]
    private void OnPayment(in OrderPayment payment, in Context context, ref Output<Settlement> output, ref Output<OrderPayment> stray)
    {
        if (payment.Amount == 0)
        {
            stray.Emit(in payment);
            return;
        }

        Payments.GetOrAdd(context.EventTimeMicros) += payment.Amount;
        context.Timers.Set(context.EventTimeMicros + (2 * Near));
    }

    [OnTimer]
    private void OnTimer(in Timer<long> timer, in Context context, ref Output<Settlement> output, ref Output<OrderPayment> stray)
    {
        if (OrderedAt != 0 && timer.TimeMicros == OrderedAt + Near)
        {
            var paid = 0;
            for (var second = OrderedAt - Near; second <= OrderedAt + Near; second += 1_000_000)
            {
                if (Payments.TryGetValue(second, out var amount))
                {
                    paid += amount;
                    Payments.Remove(second);
                }
            }

            output.Emit(new Settlement(timer.Key, Amount, paid, timer.TimeMicros));
            OrderedAt = 0;
        }

        // An order that this payment belongs to would have come by now.
        var at = timer.TimeMicros - (2 * Near);
        if (Payments.TryGetValue(at, out var left))
        {
            Payments.Remove(at);
            stray.Emit(new OrderPayment(left, timer.Key, EventTimes.ToDateTimeOffset(at).UtcDateTime));
        }
    }
}

[Operator, KeyBy(nameof(Settlement.Order)), TumblingWindow("1m")]
public sealed partial class SettledPerMinute
{
    [State] private partial ref int Paid { get; }

    [Accumulate] private void Add(in Settlement settlement) => Paid += settlement.Paid;

    [Fire] private SettledMinute Close(in Window<long> window) => new(window.Key, window.StartMicros, Paid);
}
