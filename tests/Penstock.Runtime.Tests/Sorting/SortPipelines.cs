namespace Penstock.Runtime.Tests.Sorting;

/// <summary>A trade of a symbol.</summary>
public readonly record struct Trade(int Id, string Symbol, string? Note, DateTimeOffset At);

/// <summary>The trades of a symbol in ten seconds.</summary>
public readonly record struct TradeWindow(string Symbol, DateTimeOffset Start, string Ids);

[Operator, KeyBy(nameof(Trade.Symbol)), TumblingWindow("10s")]
public sealed partial class TradesInWindow
{
    [State] private partial ref string? Ids { get; }

    [Accumulate]
    private void Add(in Trade trade) => Ids += $" {trade.Id}";

    [Fire]
    private TradeWindow Close(in Window<string> window) => new(window.Key, window.Start, Ids!);
}

/// <summary>Numbers trades in the order in which they arrive.</summary>
[Operator, KeyBy(nameof(Trade.Symbol))]
public sealed partial class NumberTrades
{
    [State] private partial ref int Count { get; }

    [Process]
    private void On(in Trade trade, ref Output<Trade> output) => output.Emit(trade with { Note = $"{Count++}" });
}

[Operator]
public sealed partial class Noted
{
    [Filter]
    private static bool Keep(in Trade trade) => trade.Note == "throw" ? throw new InvalidOperationException("Oh.") : trade.Note != null;
}

/// <summary>Trades in the order of time, all of them and those of each symbol.</summary>
[Pipeline]
public sealed partial class SortPipeline
{
    [FileSource("trades-*.csv"), EventTime(nameof(Trade.At), MaxDelay = "4s")]
    public partial Stream<Trade> Trades { get; }

    [SortByTime(nameof(Trades)), FileSink("sorted.csv")]
    public partial Stream<Trade> Sorted { get; }

    [SideOutput(nameof(Sorted), SideOutputs.Late), FileSink("late.csv")]
    public partial Stream<Trade> Late { get; }

    [Apply<Noted>(nameof(Sorted)), FileSink("noted.csv")]
    public partial Stream<Trade> WithNote { get; }

    [SortByTime(nameof(Trades)), KeyBy(nameof(Trade.Symbol)), FileSink("bysymbol.csv")]
    public partial Stream<Trade> BySymbol { get; }

    [Apply<NumberTrades>(nameof(BySymbol)), FileSink("numbered.csv")]
    public partial Stream<Trade> Numbered { get; }

    [Apply<TradesInWindow>(nameof(Sorted)), FileSink("windows.csv")]
    public partial Stream<TradeWindow> Windows { get; }

    [SideOutput(nameof(Windows), SideOutputs.Late), FileSink("latewindows.csv")]
    public partial Stream<Trade> LateForWindows { get; }
}

/// <summary>A limit of a symbol; the symbol is computed.</summary>
public readonly record struct Limit(string Text, DateTimeOffset At)
{
    public string Symbol => Text.Split(':')[1];
}

[Operator, KeyBy("Symbol")]
public sealed partial class TradesAndLimits
{
    [State] private partial ref int Limits { get; }

    [Process]
    private void OnTrade(in Trade trade, ref Output<Trade> output) => output.Emit(trade with { Note = $"{Limits}" });

    [Process]
    private void OnLimit(in Limit limit, ref Output<Trade> output) => Limits++;
}

/// <summary>A sorted stream is the second input of an operator, and only the key of this input is computed.</summary>
[Pipeline]
public sealed partial class SortedLimitsPipeline
{
    [FileSource("trades-*.csv"), EventTime(nameof(Trade.At), MaxDelay = "4s")]
    public partial Stream<Trade> Trades { get; }

    [FileSource("limits-*.csv"), EventTime(nameof(Limit.At), MaxDelay = "4s")]
    public partial Stream<Limit> Limits { get; }

    [SortByTime(nameof(Limits))]
    public partial Stream<Limit> Sorted { get; }

    [Apply<TradesAndLimits>(nameof(Trades), nameof(Sorted)), FileSink("limited.csv")]
    public partial Stream<Trade> Limited { get; }
}
