using BenchmarkDotNet.Attributes;
using Penstock.Benchmarks.Pipelines;
using Penstock.Connectors;
using Penstock.Tasks;

namespace Penstock.Benchmarks.Micro;

/// <summary>One row through the fused chain and through keyed state.</summary>
[MemoryDiagnoser]
public class ChainBenchmarks
{
    private const int BatchSize = 1024;

    private Batch<Reading> _readings = null!;
    private Batch<Hit> _hits = null!;
    private Subtask<Reading> _chain = null!;
    private Subtask<Hit> _count = null!;

    /// <summary>Creates a batch for each.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _readings = Harness.Batches(
            [.. Enumerable.Range(0, BatchSize).Select(_ => new Reading(random.NextInt64(), random.Next(1000), 7, 1.5))],
            BatchSize)[0];
        _hits = Harness.Batches([.. Enumerable.Range(0, BatchSize).Select(_ => new Hit(random.Next(100)))], BatchSize)[0];
        _chain = Harness.Task<ChainPipeline, Reading>("Readings", new MemoryRows<Reading>([], 1));
        _count = Harness.Task<KeyedCountPipeline, Hit>("Popular", new MemoryRows<Hit>([], 1));
    }

    /// <summary>Filter, map, filter.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public void Chain() => _chain.Receive(_readings);

    /// <summary>A count per key.</summary>
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public void KeyedCount() => _count.Receive(_hits);
}
