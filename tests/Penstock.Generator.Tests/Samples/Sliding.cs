using Penstock;

namespace Sliding;

public readonly record struct Click(string Page, DateTimeOffset At, int Milliseconds);

public readonly record struct PageCount(string Page, DateTimeOffset Start, DateTimeOffset End, long Count, int Slowest);

public readonly record struct PageTotal(string Page, DateTimeOffset Start, DateTimeOffset End, long Total);

public readonly struct Largest : IReducer<int>
{
    public static int Reduce(int left, int right) => Math.Max(left, right);
}

[Pipeline]
public sealed partial class Pages
{
    [FileSource("clicks.csv"), EventTime(nameof(Click.At), MaxDelay = "5s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountPerPage>(nameof(Clicks))]
    [FileSink("counts.csv")]
    public partial Stream<PageCount> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late), FileSink("late.csv")]
    public partial Stream<Click> Late { get; }

    [Apply<TotalPerPage>(nameof(Clicks))]
    [FileSink("totals.jsonl", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<PageTotal> Totals { get; }
}

[Operator, KeyBy(nameof(Click.Page)), SlidingWindow("1h", Slide = "1s")]
public sealed partial class CountPerPage
{
    [State] private partial ref long Count { get; }

    [State] private partial ReducingState<int, Largest> Slowest { get; }

    [Accumulate]
    private void Add(in Click click)
    {
        Count++;
        Slowest.Add(click.Milliseconds);
    }

    [Merge]
    private void Merge(in Accumulator other)
    {
        Count += other.Count;
        if (other.Slowest.HasValue)
        {
            Slowest.Add(other.Slowest.Value);
        }
    }

    [Fire]
    private PageCount Close(in Window<string> window) => new(window.Key, window.Start, window.End, Count, Slowest.Value);
}

[Operator, KeyBy(nameof(Click.Page)), CumulativeWindow("1d", Step = "1h", Offset = "2h", AllowedLateness = "10m")]
public sealed partial class TotalPerPage
{
    [State] private partial ref long Total { get; }

    [State(Scope = StateScope.Key)] private partial ref long Fired { get; }

    [State(Scope = StateScope.Key)] private partial MapState<int, long> Times { get; }

    [Accumulate]
    private void Add(in Click click)
    {
        Total += click.Milliseconds;
        Times.GetOrAdd(click.Milliseconds)++;
    }

    [Merge]
    private void Merge(in Accumulator other) => Total += other.Total;

    [Fire]
    private PageTotal Close(in Window<string> window)
    {
        Fired++;
        return new(window.Key, window.Start, window.End, Total + Times.Count);
    }
}
