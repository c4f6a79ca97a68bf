namespace Penstock.Benchmarks.Pipelines;

/// <summary>The chain of <see cref="ChainPipeline"/> after a union of two sources, each with its own first filter.</summary>
[Pipeline]
public sealed partial class UnionPipeline
{
    /// <summary>Readings.</summary>
    [Source<MemorySource<Reading>>]
    public partial Stream<Reading> Left { get; }

    /// <summary>The same readings again.</summary>
    [Source<MemorySource<Reading>>]
    public partial Stream<Reading> Right { get; }

    /// <summary>Those with an even id.</summary>
    [Apply<EvenIds>(nameof(Left))]
    public partial Stream<Reading> EvenLeft { get; }

    /// <summary>Those with an even id.</summary>
    [Apply<EvenIds>(nameof(Right))]
    public partial Stream<Reading> EvenRight { get; }

    /// <summary>The union of both.</summary>
    [Union(nameof(EvenLeft), nameof(EvenRight))]
    public partial Stream<Reading> Even { get; }

    /// <summary>With a scaled value.</summary>
    [Apply<Scale>(nameof(Even))]
    public partial Stream<Reading> Scaled { get; }

    /// <summary>Those with a large value.</summary>
    [Apply<LargeValues>(nameof(Scaled))]
    [Sink<SumSink>]
    public partial Stream<Reading> Large { get; }
}
