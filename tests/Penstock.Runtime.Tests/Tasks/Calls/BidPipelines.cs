namespace Penstock.Runtime.Tests.Tasks.Calls;

public readonly record struct Bid(string Item, long At, int Number);

public readonly record struct Price(string Item, long At, int Number, int Value);

public readonly record struct ItemSum(string Item, long Start, int Bids, int Sum);

/// <summary>An object of a class, with an object in it.</summary>
public sealed record Offer(string Item, Seller? Seller, int[] Numbers);

public sealed record Seller(string Name);

/// <summary>Asks the desk for the price of each bid; the results have the order of the bids.</summary>
[Operator]
public sealed partial class PriceBids(Desk desk)
{
    [AsyncMap(Concurrency = 4, Timeout = "10s")]
    private async ValueTask<Price> PriceAsync(Bid bid, CancellationToken cancellation) =>
        new(bid.Item, bid.At, bid.Number, await desk.PriceAsync(bid.Number, cancellation));
}

/// <summary>The same, as the calls complete.</summary>
[Operator]
public sealed partial class PriceBidsUnordered(Desk desk)
{
    [AsyncMap(Concurrency = 6, Order = AsyncOrder.Completion)]
    private async ValueTask<Price> PriceAsync(Bid bid, CancellationToken cancellation) =>
        new(bid.Item, bid.At, bid.Number, await desk.PriceAsync(bid.Number, cancellation));
}

/// <summary>Keeps the bids with an even price.</summary>
[Operator]
public sealed partial class EvenPrices(Desk desk) : IDisposable
{
    [AsyncMap]
    private async ValueTask<Price?> PriceAsync(Bid bid, CancellationToken cancellation)
    {
        var value = await desk.PriceAsync(bid.Number, cancellation);
        return value % 2 == 0 ? new Price(bid.Item, bid.At, bid.Number, value) : null;
    }

    public void Dispose() => desk.NoteClosed();
}

[Operator, KeyBy(nameof(Price.Item)), TumblingWindow("10s")]
public sealed partial class SumPerItem
{
    [State] private partial ref int Bids { get; }
    [State] private partial ref int Sum { get; }

    [Accumulate]
    private void Add(in Price price)
    {
        Bids++;
        Sum += price.Value;
    }

    [Fire]
    private ItemSum Close(in Window<string> window) => new(window.Key, EventTimes.From(window.Start), Bids, Sum);
}

[Operator]
public sealed partial class OddNumbers
{
    [Filter]
    private static bool IsOdd(in Price price) => price.Number % 2 != 0;
}

/// <summary>Calls between a source and windows, with a filter in the task of the calls.</summary>
[Pipeline]
public sealed partial class BidPipeline
{
    [FileSource("bids.csv")]
    [EventTime(nameof(Bid.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Bid> Bids { get; }

    [Apply<PriceBids>(nameof(Bids))]
    [FileSink("prices.csv")]
    public partial Stream<Price> Prices { get; }

    [Apply<OddNumbers>(nameof(Prices))]
    [FileSink("odd.csv")]
    public partial Stream<Price> Odd { get; }

    [Apply<SumPerItem>(nameof(Prices))]
    [FileSink("sums.csv")]
    public partial Stream<ItemSum> Sums { get; }

    [SideOutput(nameof(Sums), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Price> Late { get; }
}

/// <summary>The same with results as the calls complete.</summary>
[Pipeline]
public sealed partial class UnorderedPipeline
{
    [FileSource("bids.csv")]
    [EventTime(nameof(Bid.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Bid> Bids { get; }

    [Apply<PriceBidsUnordered>(nameof(Bids))]
    [FileSink("prices.csv")]
    public partial Stream<Price> Prices { get; }

    [Apply<SumPerItem>(nameof(Prices))]
    [FileSink("sums.csv")]
    public partial Stream<ItemSum> Sums { get; }

    [SideOutput(nameof(Sums), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Price> Late { get; }
}

[Pipeline]
public sealed partial class EvenPipeline
{
    [FileSource("bids.csv")]
    public partial Stream<Bid> Bids { get; }

    [Apply<EvenPrices>(nameof(Bids))]
    [FileSink("even.csv")]
    public partial Stream<Price> Even { get; }
}

/// <summary>Continues each call in a number of further steps that depends on its row.</summary>
[Operator]
public sealed partial class PriceInSteps
{
    [AsyncMap(Concurrency = 3, Order = AsyncOrder.Completion, Timeout = "1d")]
    private static async ValueTask<Price> PriceAsync(Bid bid, CancellationToken cancellation)
    {
        for (var step = 0; step < bid.Number % 4; step++)
        {
            await Task.Yield();
        }

        return new(bid.Item, bid.At, bid.Number, Desk.PriceOf(bid.Number));
    }
}

[Operator]
public sealed partial class NameSeller
{
    [AsyncMap(Concurrency = 5, Timeout = "1d")]
    private static async ValueTask<Offer?> NameAsync(Offer offer, CancellationToken cancellation)
    {
        await Task.Yield();
        return offer.Numbers.Length == 0 ? null : offer with { Seller = new Seller($"{offer.Seller?.Name}{offer.Numbers.Sum()}") };
    }
}

/// <summary>Calls that complete in a simulation: before windows, after each other, and with rows of a class.</summary>
[Pipeline]
public sealed partial class SteppedPipeline
{
    [FileSource("bids.csv")]
    [EventTime(nameof(Bid.At), Unit = TimeUnit.Microseconds, MaxDelay = "2s")]
    public partial Stream<Bid> Bids { get; }

    [Apply<PriceInSteps>(nameof(Bids))]
    [FileSink("prices.csv")]
    public partial Stream<Price> Prices { get; }

    [Apply<SumPerItem>(nameof(Prices))]
    [FileSink("sums.csv")]
    public partial Stream<ItemSum> Sums { get; }

    [SideOutput(nameof(Sums), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Price> Late { get; }

    [Apply<OfferOf>(nameof(Prices))]
    public partial Stream<Offer> Offers { get; }

    [Apply<NameSeller>(nameof(Offers))]
    [FileSink("named.jsonl")]
    public partial Stream<Offer> Named { get; }
}

[Operator]
public sealed partial class OfferOf
{
    [Map]
    private static Offer Make(in Price price) =>
        new(price.Item, price.Number % 3 == 0 ? null : new Seller("s"), [.. Enumerable.Range(price.Number, price.Number % 5)]);
}
