namespace Penstock.Benchmarks.Bursts;

/// <summary>A visit of a page.</summary>
public readonly record struct Visit(long Page, long At);

/// <summary>The visits of a page in a window.</summary>
public readonly record struct PageVisits(long Page, long Start, long Visits);

/// <summary>Windows of an hour per page, followed by a keyed task with the same keys.</summary>
[Pipeline]
public sealed partial class BurstPipeline
{
    /// <summary>The visits.</summary>
    [Source<VisitSource>]
    [EventTime(nameof(Visit.At), Unit = TimeUnit.Microseconds)]
    public partial Stream<Visit> Visits { get; }

    /// <summary>The visits per hour.</summary>
    [Apply<CountVisits>(nameof(Visits))]
    public partial Stream<PageVisits> PerHour { get; }

    /// <summary>Pages that were visited a million times in an hour.</summary>
    [Apply<KeepMost>(nameof(PerHour))]
    [Sink<Pipelines.DiscardSink<PageVisits>>]
    public partial Stream<PageVisits> Popular { get; }
}

/// <summary>Counts the visits of a page in an hour.</summary>
[Operator, KeyBy(nameof(Visit.Page)), TumblingWindow("1h")]
public sealed partial class CountVisits
{
    [State] private partial ref long Visits { get; }

    [Accumulate]
    private void Add(in Visit visit) => Visits++;

    [Fire]
    private PageVisits Close(in Window<long> window) => new(window.Key, window.StartMicros, Visits);
}

/// <summary>Keeps the largest number of visits of each page.</summary>
[Operator, KeyBy(nameof(PageVisits.Page))]
public sealed partial class KeepMost
{
    [State] private partial ref long Most { get; }

    [Process]
    private void OnVisits(in PageVisits visits, ref Output<PageVisits> output)
    {
        Most = Math.Max(Most, visits.Visits);
        if (Most == 1_000_000)
        {
            output.Emit(in visits);
        }
    }
}
