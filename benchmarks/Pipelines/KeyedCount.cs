namespace Penstock.Benchmarks.Pipelines;

/// <summary>The row of the count benchmarks.</summary>
public readonly record struct Hit(long Page);

/// <summary>Counts hits per page.</summary>
[Pipeline]
public sealed partial class KeyedCountPipeline
{
    /// <summary>The hits.</summary>
    [Source<MemorySource<Hit>>]
    public partial Stream<Hit> Hits { get; }

    /// <summary>Pages that became popular.</summary>
    [Apply<CountHits>(nameof(Hits))]
    [Sink<DiscardSink<Hit>>]
    public partial Stream<Hit> Popular { get; }
}

/// <summary>Counts hits; emits a page when it reaches a million.</summary>
[Operator, KeyBy(nameof(Hit.Page))]
public sealed partial class CountHits
{
    [State] private partial ref long Count { get; }

    [Process]
    private void OnHit(in Hit hit, ref Output<Hit> output)
    {
        if (++Count == 1_000_000)
        {
            output.Emit(in hit);
        }
    }
}
