namespace Penstock.Benchmarks.Pipelines;

/// <summary>The row of the benchmarks of maps.</summary>
public readonly record struct View(long Site, long Page);

/// <summary>Counts views per site and page, in a map per site.</summary>
[Pipeline]
public sealed partial class MapCountPipeline
{
    /// <summary>The views.</summary>
    [Source<MemorySource<View>>]
    public partial Stream<View> Views { get; }

    /// <summary>Pages that became popular.</summary>
    [Apply<CountViews>(nameof(Views))]
    [Sink<DiscardSink<View>>]
    public partial Stream<View> Popular { get; }
}

/// <summary>Counts views; emits a page when it reaches a million.</summary>
[Operator, KeyBy(nameof(View.Site))]
public sealed partial class CountViews
{
    [State] private partial MapState<long, long> Pages { get; }

    [Process]
    private void OnView(in View view, ref Output<View> output)
    {
        if (++Pages.GetOrAdd(view.Page) == 1_000_000)
        {
            output.Emit(in view);
        }
    }
}

/// <summary>Counts hits per page in the last hour.</summary>
[Pipeline]
public sealed partial class RecentCountPipeline
{
    /// <summary>The hits.</summary>
    [Source<MemorySource<Hit>>]
    public partial Stream<Hit> Hits { get; }

    /// <summary>Pages that became popular.</summary>
    [Apply<CountRecentHits>(nameof(Hits))]
    [Sink<DiscardSink<Hit>>]
    public partial Stream<Hit> Popular { get; }
}

/// <summary>Counts hits; the count of a page expires after an hour without hits.</summary>
[Operator, KeyBy(nameof(Hit.Page))]
public sealed partial class CountRecentHits
{
    [State(Ttl = "1h")] private partial ref long Count { get; }

    [Process]
    private void OnHit(in Hit hit, ref Output<Hit> output)
    {
        if (++Count == 1_000_000)
        {
            output.Emit(in hit);
        }
    }
}
