using System.Runtime.CompilerServices;

namespace Penstock.Runtime.Tests.Tasks.Plan;

public readonly record struct Visit(string Page, int Number, DateTimeOffset At);

public readonly record struct PageCount(string Page, DateTimeOffset Start, int Count, long Sum);

public readonly record struct Running(string Page, int Count);

/// <summary>Counts the rows of each instance of an operator.</summary>
public sealed class Loads
{
    private readonly ConditionalWeakTable<object, StrongBox<int>> _rows = [];

    public IReadOnlyList<int> Rows => [.. _rows.Select(static entry => entry.Value.Value).OrderDescending()];

    public void Count(object instance) => _rows.GetValue(instance, static _ => new StrongBox<int>()).Value++;
}

[Operator]
public sealed partial class Checked(Loads loads)
{
    [Map]
    private Visit Check(in Visit visit)
    {
        loads.Count(this);
        return visit.Number == -1
            ? throw new InvalidOperationException("A visit without a number.")
            : visit with { Number = visit.Number * 2 };
    }
}

[Operator]
public sealed partial class Numbered
{
    [Filter]
    private static bool Keep(in Visit visit) => visit.Number % 6 != 0;
}

[Operator]
public sealed partial class Twofold
{
    [FlatMap]
    private static void Repeat(in PageCount count, ref Output<PageCount> output)
    {
        output.Emit(count);
        output.Emit(count with { Count = -count.Count });
    }
}

[Operator, KeyBy(nameof(Visit.Page)), TumblingWindow("10m")]
public sealed partial class CountPerPage
{
    [State] private partial ref int Count { get; }

    [State] private partial ref long Sum { get; }

    [Accumulate]
    private void Add(in Visit visit)
    {
        Count++;
        Sum += visit.Number;
    }

    [Fire]
    private PageCount Close(in Window<string> window) => new(window.Key, window.Start, Count, Sum);
}

[Operator, KeyBy(nameof(Visit.Page))]
public sealed partial class CountAlways
{
    [State] private partial ref int Count { get; }

    [Process]
    private void Add(in Visit visit, ref Output<Running> output) => output.Emit(new Running(visit.Page, ++Count));
}

/// <summary>Stages with their own parallelism before and after a window, also for late and bad rows.</summary>
[Pipeline(Parallelism = 2)]
public sealed partial class StagePipeline
{
    [FileSource("visits.csv", OnBadRow = BadRowPolicy.SideOutput), Parallelism(1)]
    [EventTime(nameof(Visit.At), MaxDelay = "1m")]
    public partial Stream<Visit> Visits { get; }

    [SideOutput(nameof(Visits), SideOutputs.BadRows)]
    [FileSink("bad.csv")]
    public partial Stream<BadRow> Bad { get; }

    [Apply<Checked>(nameof(Visits)), Parallelism(4)]
    public partial Stream<Visit> Doubled { get; }

    [Apply<Numbered>(nameof(Doubled)), Parallelism(3)]
    public partial Stream<Visit> Kept { get; }

    [Apply<CountPerPage>(nameof(Kept))]
    public partial Stream<PageCount> Counts { get; }

    [SideOutput(nameof(Counts), SideOutputs.Late)]
    public partial Stream<Visit> Late { get; }

    [Apply<Numbered>(nameof(Late)), Parallelism(3)]
    [FileSink("late.csv")]
    public partial Stream<Visit> LateOnes { get; }

    [Apply<Twofold>(nameof(Counts)), Parallelism(1)]
    [FileSink("counts.csv")]
    public partial Stream<PageCount> Twice { get; }

    [Apply<CountAlways>(nameof(Visits)), Parallelism(1)]
    [FileSink("always.csv")]
    public partial Stream<Running> Always { get; }
}
