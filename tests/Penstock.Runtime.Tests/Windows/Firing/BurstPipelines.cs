namespace Penstock.Runtime.Tests.Windows.Firing;

public readonly record struct Hit(int Key, long At);

/// <summary>The number of hits of a key in a window; or an input row that is passed on unchanged.</summary>
public readonly record struct Count(int Key, long Start, int Number)
{
    public int Ten => Key / 10;
}

/// <summary>
/// Windows with many keys, followed by windows of other keys and a keyed task; and an operator in the task of the source that creates many
/// rows from one.
/// </summary>
[Pipeline]
public sealed partial class BurstPipeline
{
    [FileSource("/in/hits.csv")]
    [EventTime(nameof(Hit.At), Unit = TimeUnit.Microseconds)]
    public partial Stream<Hit> Hits { get; }

    [Apply<CountPerKey>(nameof(Hits))]
    [FileSink("/out/counts.csv")]
    public partial Stream<Count> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("/out/late.csv")]
    public partial Stream<Hit> Late { get; }

    [Apply<CountPerTen>(nameof(Counts))]
    [FileSink("/out/tens.csv")]
    public partial Stream<Count> Tens { get; }

    [Apply<AddUp>(nameof(Counts))]
    [FileSink("/out/sums.csv")]
    public partial Stream<Count> Sums { get; }

    [Apply<CountWindows>(nameof(Hits))]
    [FileSink("/out/streaks.csv")]
    public partial Stream<Count> Streaks { get; }

    [Apply<AddUp>(nameof(Streaks))]
    [FileSink("/out/lengths.csv")]
    public partial Stream<Count> StreakSums { get; }

    [Apply<Few>(nameof(Hits))]
    public partial Stream<Hit> FewHits { get; }

    [Apply<Repeat>(nameof(FewHits))]
    public partial Stream<Count> Repeats { get; }

    [Apply<AddUp>(nameof(Repeats))]
    [FileSink("/out/repeats.csv")]
    public partial Stream<Count> RepeatSums { get; }
}

/// <summary>A flat map creates many rows from one, a keyed task creates many from each of these, and another keyed task follows.</summary>
[Pipeline]
public sealed partial class RepeatPipeline
{
    [FileSource("hits.csv")]
    [EventTime(nameof(Hit.At), Unit = TimeUnit.Microseconds)]
    public partial Stream<Hit> Hits { get; }

    [Apply<Few>(nameof(Hits))]
    public partial Stream<Hit> FewHits { get; }

    [Apply<Repeat>(nameof(FewHits))]
    public partial Stream<Count> Repeats { get; }

    [Apply<Countdown>(nameof(Repeats))]
    public partial Stream<Count> Countdowns { get; }

    [SideOutput(nameof(Countdowns), "starts")]
    [FileSink("starts.csv")]
    public partial Stream<Count> Starts { get; }

    [Apply<AddUp>(nameof(Countdowns))]
    [FileSink("sums.csv")]
    public partial Stream<Count> Sums { get; }
}

/// <summary>After the late rows of a window, many rows are created from each.</summary>
[Pipeline]
public sealed partial class LateBurstPipeline
{
    [FileSource("hits.csv")]
    [EventTime(nameof(Hit.At), Unit = TimeUnit.Microseconds)]
    public partial Stream<Hit> Hits { get; }

    [Apply<CountPerKey>(nameof(Hits))]
    [FileSink("counts.csv")]
    public partial Stream<Count> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    public partial Stream<Hit> Late { get; }

    [Apply<Repeat>(nameof(Late))]
    public partial Stream<Count> Repeats { get; }

    [Apply<AddUp>(nameof(Repeats))]
    [FileSink("sums.csv")]
    public partial Stream<Count> Sums { get; }
}

/// <summary>A filter before a flat map, which counts its calls.</summary>
[Pipeline]
public sealed partial class AskedPipeline
{
    [FileSource("hits.csv")]
    public partial Stream<Hit> Hits { get; }

    [Apply<AskedFilter>(nameof(Hits))]
    public partial Stream<Hit> EvenHits { get; }

    [Apply<Repeat>(nameof(EvenHits))]
    public partial Stream<Count> Repeats { get; }

    [Apply<AddUp>(nameof(Repeats))]
    [FileSink("sums.csv")]
    public partial Stream<Count> Sums { get; }
}

/// <summary>The number of calls of a filter.</summary>
public sealed class Asked
{
    public int Times { get; set; }
}

[Operator]
public sealed partial class AskedFilter(Asked asked)
{
    [Filter]
    private bool IsEven(in Hit hit)
    {
        asked.Times++;
        return hit.Key % 2 == 0;
    }
}

[Operator]
public sealed partial class Few
{
    [Filter]
    public static bool IsFew(in Hit hit) => hit.Key % 4 == 1;
}

/// <summary>Creates <see cref="Times"/> rows from one.</summary>
[Operator]
public sealed partial class Repeat
{
    public const int Times = 12;

    [FlatMap]
    private static void Emit(in Hit hit, ref Output<Count> output)
    {
        for (var number = 1; number <= Times; number++)
        {
            output.Emit(new Count((hit.Key * 7) + (number % 7), hit.At, number));
        }
    }
}

/// <summary>Creates as many rows as the number in the row says, with other keys.</summary>
[Operator, KeyBy(nameof(Count.Key))]
public sealed partial class Countdown
{
    [State] private partial ref int Number { get; }

    [Process]
    private void OnCount(in Count count, ref Output<Count> output, ref Output<Count> starts)
    {
        starts.Emit(count with { Number = ++Number });
        for (var left = count.Number; left > 0; left--)
        {
            output.Emit(new Count(left, count.Start, 1));
        }
    }
}

/// <summary>At parallelism 1 the source calls all windows directly, one after the other, and the union is behind a channel.</summary>
[Pipeline]
public sealed partial class DirectPipeline
{
    [FileSource("hits.csv")]
    [EventTime(nameof(Hit.At), Unit = TimeUnit.Microseconds)]
    public partial Stream<Hit> Hits { get; }

    [FileSource("others.csv")]
    [EventTime(nameof(Count.Start), Unit = TimeUnit.Microseconds)]
    public partial Stream<Count> Others { get; }

    [Apply<CountPerKey>(nameof(Hits))]
    public partial Stream<Count> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    [FileSink("late.csv")]
    public partial Stream<Hit> Late { get; }

    [Apply<CountPerTen>(nameof(Counts))]
    public partial Stream<Count> Tens { get; }

    [Apply<CountLeniently>(nameof(Hits))]
    [FileSink("lenient.csv", Changelog = ChangelogFormat.EveryVersion)]
    public partial Stream<Count> Lenient { get; }

    [Union(nameof(Counts), nameof(Tens), nameof(Others))]
    [FileSink("all.csv")]
    public partial Stream<Count> All { get; }
}

[Operator, KeyBy(nameof(Hit.Key)), TumblingWindow("1ms")]
public sealed partial class CountPerKey
{
    [State] private partial ref int Number { get; }

    [Accumulate]
    private void Add(in Hit hit) => Number++;

    [Fire]
    private Count Close(in Window<int> window) => new(window.Key, window.StartMicros, Number);
}

/// <summary>Counts the consecutive windows of a key, until two milliseconds pass without one.</summary>
[Operator, KeyBy(nameof(Hit.Key)), TumblingWindow("1ms")]
public sealed partial class CountWindows
{
    [State(Scope = StateScope.Key, Ttl = "2400us")] private partial ref int Windows { get; }

    [Accumulate]
    private void Add(in Hit hit)
    {
    }

    [Fire]
    private Count Close(in Window<int> window) => new(window.Key, window.StartMicros, ++Windows);
}

[Operator, KeyBy(nameof(Count.Ten)), TumblingWindow("3ms")]
public sealed partial class CountPerTen
{
    [State] private partial ref int Number { get; }

    [Accumulate]
    private void Add(in Count count) => Number += count.Number;

    [Fire]
    private Count Close(in Window<int> window) => new(-1 - window.Key, window.StartMicros, Number);
}

[Operator, KeyBy(nameof(Count.Key))]
public sealed partial class AddUp
{
    [State] private partial ref int Sum { get; }

    [Process]
    private void OnCount(in Count count, ref Output<Count> output) => output.Emit(count with { Number = Sum += count.Number });
}

[Operator, KeyBy(nameof(Hit.Key)), TumblingWindow("1ms", AllowedLateness = "1ms")]
public sealed partial class CountLeniently
{
    [State] private partial ref int Number { get; }
    [State] private partial MapState<long, int> Times { get; }

    [Accumulate]
    private void Add(in Hit hit)
    {
        Number++;
        Times.GetOrAdd(hit.At)++;
    }

    [Fire]
    private Count Close(in Window<int> window) => new(window.Key, window.StartMicros, Number);
}
