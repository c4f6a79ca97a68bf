namespace Movements;

public readonly record struct Sale(string Shop, decimal Amount, DateTime SoldAt, string Clerk);

public readonly record struct Refund(string Shop, decimal Amount, DateTime PaidAt, string Reason);

public readonly record struct Movement(string Shop, decimal Amount);

public readonly record struct Balance(string Shop, DateTimeOffset Day, decimal Amount);

[Operator]
public sealed partial class OfSale
{
    [Map]
    private static Movement Convert(in Sale sale) => new(sale.Shop, sale.Amount);
}

[Operator]
public sealed partial class OfRefund
{
    [Map]
    private static Movement Convert(in Refund refund) => new(refund.Shop, -refund.Amount);
}

[Operator]
public sealed partial class Large
{
    [Filter]
    private static bool Keep(in Movement movement) => Math.Abs(movement.Amount) >= 1000;
}

[Operator, KeyBy(nameof(Movement.Shop)), TumblingWindow("1d")]
public sealed partial class BalancePerDay
{
    [State] private partial ref decimal Sum { get; }

    [Accumulate]
    private void Add(in Movement movement) => Sum += movement.Amount;

    [Fire]
    private Balance Close(in Window<string> window) => new(window.Key, window.Start, Sum);
}

[Pipeline]
public sealed partial class Balances
{
    [FileSource("sales/*.csv")]
    [EventTime(nameof(Sale.SoldAt), MaxDelay = "1h")]
    public partial Stream<Sale> Sales { get; }

    [FileSource("refunds/*.jsonl")]
    [EventTime(nameof(Refund.PaidAt), MaxDelay = "2h")]
    public partial Stream<Refund> Refunds { get; }

    [Apply<OfSale>(nameof(Sales))]
    public partial Stream<Movement> FromSales { get; }

    [Apply<OfRefund>(nameof(Refunds))]
    public partial Stream<Movement> FromRefunds { get; }

    [Union(nameof(FromSales), nameof(FromRefunds))]
    [FileSink("movements.csv")]
    public partial Stream<Movement> All { get; }

    [Apply<Large>(nameof(All))]
    [FileSink("large.csv")]
    public partial Stream<Movement> LargeOnes { get; }

    [Apply<BalancePerDay>(nameof(All))]
    [FileSink("balances.jsonl")]
    public partial Stream<Balance> PerDay { get; }
}
