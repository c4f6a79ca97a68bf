namespace Settlements;

public readonly record struct Order(long Id, string Customer, decimal Amount, DateTime PlacedAt, string Note);

public readonly record struct Payment(long OrderId, decimal Amount, DateTime PaidAt, string Bank);

public readonly record struct Settlement(long OrderId, decimal Missing, DateTimeOffset At);

public readonly record struct Unpaid(DateTimeOffset Hour, int Orders);

/// <summary>An operator with two inputs, timers, state, a map and a side output; windows over what it emits.</summary>
[Pipeline]
public sealed partial class SettledOrders
{
    [FileSource("orders.csv")]
    [EventTime(nameof(Order.PlacedAt), MaxDelay = "1m")]
    public partial Stream<Order> Orders { get; }

    [FileSource("payments.csv")]
    [EventTime(nameof(Payment.PaidAt), MaxDelay = "5m")]
    public partial Stream<Payment> Payments { get; }

    [Apply<MatchPayments>(nameof(Orders), nameof(Payments), Prefer = nameof(Payments))]
    [FileSink("settlements.csv")]
    public partial Stream<Settlement> Settled { get; }

    [SideOutput(nameof(Settled), "stray")]
    [FileSink("stray.csv")]
    public partial Stream<Payment> Stray { get; }

    [Apply<UnpaidPerHour>(nameof(Settled))]
    [FileSink("unpaid.csv")]
    public partial Stream<Unpaid> PerHour { get; }

    [Apply<LargestPerBank>(nameof(Payments), nameof(Stray))]
    [FileSink("largest.csv")]
    public partial Stream<Payment> Largest { get; }
}

[Operator]
public sealed partial class MatchPayments
{
    [State] private partial ref decimal Due { get; }
    [State] private partial MapState<DateTime, decimal> Paid { get; }

    [Process, KeyBy(nameof(Order.Id))]
    private void OnOrder(in Order order, in Context context, ref Output<Settlement> output, ref Output<Payment> stray)
    {
        Due = order.Amount;
        context.Timers.Set(order.PlacedAt.AddHours(1));
    }

    [Process, KeyBy(nameof(Payment.OrderId))]
    private void OnPayment(in Payment payment, ref Output<Settlement> output, ref Output<Payment> stray)
    {
        Paid.GetOrAdd(payment.PaidAt) += payment.Amount;
        if (payment.Amount <= 0)
        {
            stray.Emit(in payment);
        }
    }

    [OnTimer]
    private void OnTimer(in Timer<long> timer, ref Output<Settlement> output, ref Output<Payment> stray)
    {
        foreach (var (_, amount) in Paid)
        {
            Due -= amount;
        }

        output.Emit(new Settlement(timer.Key, Due, timer.Time));
    }
}

[Operator, KeyBy(nameof(Settlement.Missing)), TumblingWindow("1h")]
public sealed partial class UnpaidPerHour
{
    [State] private partial ref int Orders { get; }

    [Accumulate] private void Add(in Settlement settlement) => Orders++;

    [Fire] private Unpaid Close(in Window<decimal> window) => new(window.Start, Orders);
}

/// <summary>Two inputs with the same rows, without timers.</summary>
[Operator, KeyBy(nameof(Payment.Bank), nameof(Payment.OrderId))]
public sealed partial class LargestPerBank
{
    [State] private partial ref decimal Amount { get; }

    [Process]
    private void OnPayment(in Payment payment, ref Output<Payment> output)
    {
        if (payment.Amount > Amount)
        {
            Amount = payment.Amount;
            output.Emit(in payment);
        }
    }

    [Process] private void OnStray(in Payment payment, ref Output<Payment> output) => Amount -= payment.Amount;
}
