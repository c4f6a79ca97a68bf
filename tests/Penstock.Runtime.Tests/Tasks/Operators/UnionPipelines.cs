namespace Penstock.Runtime.Tests.Tasks.Operators;

public readonly record struct Sale(string Shop, int Amount, DateTimeOffset SoldAt, string Clerk);

public readonly record struct Refund(string Shop, int Amount, DateTimeOffset PaidAt);

public readonly record struct Movement(string Shop, int Amount, int Number);

public readonly record struct Balance(string Shop, DateTimeOffset Hour, int Amount, int Count);

[Operator]
public sealed partial class OfSale
{
    [Map]
    private static Movement Convert(in Sale sale) => new(sale.Shop, sale.Amount, 0);
}

[Operator]
public sealed partial class OfRefund
{
    [Map]
    private static Movement Convert(in Refund refund) => new(refund.Shop, -refund.Amount, 1);
}

[Operator, KeyBy(nameof(Movement.Shop)), TumblingWindow("1h")]
public sealed partial class BalancePerHour
{
    [State] private partial ref int Sum { get; }

    [State] private partial ref int Count { get; }

    [Accumulate]
    private void Add(in Movement movement)
    {
        Sum += movement.Amount;
        Count++;
    }

    [Fire]
    private Balance Close(in Window<string> window) => new(window.Key, window.Start, Sum, Count);
}

/// <summary>Two sources of different row types become one stream, with a sink and a window.</summary>
[Pipeline]
public sealed partial class BalancesPipeline
{
    [FileSource("sales.csv")]
    [EventTime(nameof(Sale.SoldAt))]
    public partial Stream<Sale> Sales { get; }

    [FileSource("refunds.jsonl")]
    [EventTime(nameof(Refund.PaidAt))]
    public partial Stream<Refund> Refunds { get; }

    [Apply<OfSale>(nameof(Sales))]
    public partial Stream<Movement> FromSales { get; }

    [Apply<OfRefund>(nameof(Refunds))]
    public partial Stream<Movement> FromRefunds { get; }

    [Union(nameof(FromSales), nameof(FromRefunds))]
    [FileSink("movements.csv")]
    public partial Stream<Movement> All { get; }

    [Apply<BalancePerHour>(nameof(All))]
    [FileSink("balances.csv")]
    public partial Stream<Balance> PerHour { get; }

    [SideOutput(nameof(PerHour), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Movement> Late { get; }
}

/// <summary>Corrections are preferred to sales.</summary>
[Pipeline]
public sealed partial class CorrectionsPipeline
{
    [FileSource("sales.csv")]
    public partial Stream<Movement> Sales { get; }

    [FileSource("corrections.csv")]
    public partial Stream<Movement> Corrections { get; }

    [Union(nameof(Sales), nameof(Corrections), Prefer = nameof(Corrections))]
    [FileSink("movements.csv")]
    public partial Stream<Movement> All { get; }
}

[Operator]
public sealed partial class Even
{
    [Filter]
    private static bool Keep(in Movement movement) => movement.Amount % 2 == 0;
}

[Operator]
public sealed partial class Halves
{
    [FlatMap]
    private static void Split(in Movement movement, ref Output<Movement> output)
    {
        output.Emit(movement with { Amount = movement.Amount / 2 });
        output.Emit(movement with { Amount = movement.Amount - (movement.Amount / 2), Number = 2 });
    }
}

[Operator, KeyBy(nameof(Movement.Shop))]
public sealed partial class Totals
{
    [State] private partial ref int Total { get; }

    [Process]
    private void Add(in Movement movement, ref Output<Movement> output) =>
        output.Emit(movement with { Amount = Total += movement.Amount, Number = 3 });
}

/// <summary>One source without event time, three paths through operators and a key, a union of these, and a union of that union.</summary>
[Pipeline]
public sealed partial class DiamondPipeline
{
    [FileSource("movements.csv")]
    public partial Stream<Movement> Movements { get; }

    [Apply<Even>(nameof(Movements))]
    public partial Stream<Movement> EvenOnes { get; }

    [Apply<Halves>(nameof(Movements))]
    public partial Stream<Movement> Halved { get; }

    [Apply<Totals>(nameof(Movements))]
    public partial Stream<Movement> Running { get; }

    [Union(nameof(EvenOnes), nameof(Halved), nameof(Running))]
    public partial Stream<Movement> Three { get; }

    [Apply<Even>(nameof(Three))]
    public partial Stream<Movement> EvenOfThree { get; }

    [Union(nameof(Movements), nameof(EvenOfThree))]
    [FileSink("all.csv")]
    public partial Stream<Movement> All { get; }

    [Apply<Totals>(nameof(All))]
    [FileSink("totals.csv")]
    public partial Stream<Movement> Sums { get; }
}
