namespace Quotes;

public enum Side : byte
{
    Buy,
    Sell,
}

public readonly record struct Quote(string Symbol, Side Side, decimal Price, DateTime At, List<string>? Tags);

public readonly record struct Tick(long Instrument, double Price, DateTimeOffset At, bool IsLast);

public readonly record struct Change(string Symbol, decimal Difference);

[Operator]
public sealed partial class Sales
{
    [Filter]
    private static bool Keep(in Quote quote) => quote.Side == Side.Sell;
}

[Operator, KeyBy(nameof(Quote.Symbol))]
public sealed partial class Differences
{
    [State] private partial ref decimal Last { get; }

    [Process]
    private void On(in Quote quote, ref Output<Change> output)
    {
        output.Emit(new Change(quote.Symbol, quote.Price - Last));
        Last = quote.Price;
    }
}

[Pipeline]
public sealed partial class QuotesInOrder
{
    [FileSource("quotes.jsonl")]
    [EventTime(nameof(Quote.At), MaxDelay = "1m")]
    public partial Stream<Quote> All { get; }

    [SortByTime(nameof(All))]
    [FileSink("sorted.jsonl")]
    public partial Stream<Quote> Sorted { get; }

    [Apply<Sales>(nameof(Sorted))]
    [FileSink("sales.jsonl")]
    public partial Stream<Quote> Sold { get; }

    [SideOutput(nameof(Sorted), SideOutputs.Late)]
    [FileSink("late.jsonl")]
    public partial Stream<Quote> Late { get; }

    [SortByTime(nameof(All))]
    [KeyBy(nameof(Quote.Symbol))]
    public partial Stream<Quote> BySymbol { get; }

    [Apply<Differences>(nameof(BySymbol))]
    [FileSink("changes.csv")]
    public partial Stream<Change> Changes { get; }

    [FileSource("ticks.csv")]
    [EventTime(nameof(Tick.At), MaxDelay = "5s")]
    public partial Stream<Tick> Ticks { get; }

    [SortByTime(nameof(Ticks))]
    [KeyBy(nameof(Tick.Instrument), nameof(Tick.IsLast))]
    [FileSink("ticks-in-order.csv")]
    public partial Stream<Tick> TicksInOrder { get; }
}
