namespace Penstock.Benchmarks.Pipelines;

/// <summary>The first hit of each page.</summary>
[Pipeline]
public sealed partial class DistinctHitsPipeline
{
    /// <summary>The hits.</summary>
    [Source<MemorySource<Hit>>]
    public partial Stream<Hit> Hits { get; }

    /// <summary>The first one of each page.</summary>
    [Distinct(nameof(Hits), Unbounded = true)]
    [KeyBy(nameof(Hit.Page))]
    [Sink<DiscardSink<Hit>>]
    public partial Stream<Hit> First { get; }
}
