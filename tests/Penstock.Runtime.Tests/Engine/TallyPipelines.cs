namespace Penstock.Runtime.Tests.Engine;

public readonly record struct Payment(string Shop, string Customer, decimal Amount);

/// <summary>How often something came, and how many different ones did.</summary>
public readonly record struct Tally(string Key, int Count, int Customers, int Amounts, int Pairs);

/// <summary>Counts by keys of several kinds, of operators and of maps.</summary>
[Pipeline]
public sealed partial class TallyPipeline
{
    [FileSource("payments.csv")]
    public partial Stream<Payment> Payments { get; }

    [Apply<TallyShops>(nameof(Payments))]
    [FileSink("shops.csv")]
    public partial Stream<Tally> Shops { get; }

    [Apply<TallyAmounts>(nameof(Payments))]
    [FileSink("amounts.csv")]
    public partial Stream<Tally> Amounts { get; }
}

[Operator, KeyBy(nameof(Payment.Shop))]
public sealed partial class TallyShops
{
    [State] private partial ref int Count { get; }
    [State] private partial MapState<string, int> Customers { get; }
    [State] private partial MapState<decimal, int> Amounts { get; }
    [State] private partial MapState<((int Place, decimal? Rest) First, decimal? Amount), int> Pairs { get; }

    [Process]
    private void OnPayment(in Payment payment, ref Output<Tally> output)
    {
        Count++;
        Customers.GetOrAdd(payment.Customer)++;
        Amounts.GetOrAdd(payment.Amount)++;
        Pairs.GetOrAdd(((1, payment.Amount), payment.Amount))++;
        output.Emit(new Tally(payment.Shop, Count, Customers.Count, Amounts.Count, Pairs.Count));
    }
}

[Operator, KeyBy(nameof(Payment.Amount))]
public sealed partial class TallyAmounts
{
    [State] private partial ref int Count { get; }

    [Process]
    private void OnPayment(in Payment payment, ref Output<Tally> output) => output.Emit(new Tally(payment.Shop, ++Count, 0, 0, 0));
}
