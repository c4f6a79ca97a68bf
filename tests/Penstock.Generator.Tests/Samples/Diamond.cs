namespace Diamonds;

public readonly record struct Bid(string Item, string Bidder, int Price, DateTimeOffset At);

public readonly record struct Best(string Item, DateTimeOffset Start, int Price);

[Operator]
public sealed partial class Fair
{
    [Filter]
    private static bool Keep(in Bid bid) => bid.Price > 0;
}

[Operator]
public sealed partial class Doubled
{
    [FlatMap]
    private static void Double(in Bid bid, ref Output<Bid> output)
    {
        output.Emit(bid);
        output.Emit(bid with { Price = bid.Price * 2 });
    }
}

[Operator, KeyBy(nameof(Bid.Item)), TumblingWindow("10m")]
public sealed partial class BestPerItem
{
    [State] private partial ref int Price { get; }

    [Accumulate]
    private void Add(in Bid bid) => Price = Math.Max(Price, bid.Price);

    [Fire]
    private Best Close(in Window<string> window) => new(window.Key, window.Start, Price);
}

[Pipeline]
public sealed partial class Auction
{
    [FileSource("bids.csv")]
    [EventTime(nameof(Bid.At))]
    public partial Stream<Bid> Bids { get; }

    [Apply<Fair>(nameof(Bids))]
    public partial Stream<Bid> Kept { get; }

    [Apply<Doubled>(nameof(Bids))]
    public partial Stream<Bid> Twice { get; }

    [Union(nameof(Kept), nameof(Twice))]
    public partial Stream<Bid> Both { get; }

    [Apply<BestPerItem>(nameof(Both))]
    [FileSink("best.csv")]
    public partial Stream<Best> Winners { get; }
}
