namespace Penstock.Runtime.Tests.State.Keys;

public readonly record struct Payment(string Shop, string Customer, decimal Amount);

/// <summary>The number of payments, and the number of different ones.</summary>
public readonly record struct PaymentTally(string Key, int Count, int Customers, int Amounts, int Pairs);

/// <summary>Counts by keys of several kinds, both of operators and of maps.</summary>
[Pipeline]
public sealed partial class PaymentPipeline
{
    [FileSource("payments.csv")]
    public partial Stream<Payment> Payments { get; }

    [Apply<CountPerShop>(nameof(Payments))]
    [FileSink("shops.csv")]
    public partial Stream<PaymentTally> Shops { get; }

    [Apply<CountPerAmount>(nameof(Payments))]
    [FileSink("amounts.csv")]
    public partial Stream<PaymentTally> Amounts { get; }
}

[Operator, KeyBy(nameof(Payment.Shop))]
public sealed partial class CountPerShop
{
    [State] private partial ref int Count { get; }
    [State] private partial MapState<string, int> Customers { get; }
    [State] private partial MapState<decimal, int> Amounts { get; }
    [State] private partial MapState<((int Place, decimal? Part) First, decimal? Amount), int> Pairs { get; }

    [Process]
    private void OnPayment(in Payment payment, ref Output<PaymentTally> output)
    {
        Count++;
        Customers.GetOrAdd(payment.Customer)++;
        Amounts.GetOrAdd(payment.Amount)++;
        Pairs.GetOrAdd(((1, payment.Amount), payment.Amount))++;
        output.Emit(new PaymentTally(payment.Shop, Count, Customers.Count, Amounts.Count, Pairs.Count));
    }
}

[Operator, KeyBy(nameof(Payment.Amount))]
public sealed partial class CountPerAmount
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnPayment(in Payment payment, ref Output<PaymentTally> output) =>
        output.Emit(new PaymentTally(payment.Shop, ++Count, 0, 0, 0));
}
