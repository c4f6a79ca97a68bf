using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Penstock.State;

namespace Penstock.Benchmarks.Micro;

/// <summary>One update of a random key: a table against a dictionary.</summary>
[MemoryDiagnoser]
public class KeyedTableBenchmarks
{
    private const int Updates = 10_000;

    private readonly KeyedTable<LongKey, Total> _table = new();
    private readonly Dictionary<long, long> _dictionary = [];
    private long[] _keys = [];

    /// <summary>The number of keys.</summary>
    [Params(1_000, 100_000, 1_000_000)]
    public int Keys { get; set; }

    /// <summary>Fills both.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var keys = Enumerable.Range(0, Keys).Select(_ => random.NextInt64()).ToArray();
        foreach (var key in keys)
        {
            _table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key), _table.Secret));
            _dictionary[key] = 0;
        }

        _keys = [.. Enumerable.Range(0, Updates).Select(_ => keys[random.Next(Keys)])];
    }

    /// <summary>The table.</summary>
    [Benchmark(OperationsPerInvoke = Updates)]
    public void Table()
    {
        foreach (var key in _keys)
        {
            _table.GetOrAdd(new LongKey(key), LongKey.Hash(new LongKey(key), _table.Secret)).Value++;
        }
    }

    /// <summary>The dictionary.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Updates)]
    public void Dictionary()
    {
        foreach (var key in _keys)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_dictionary, key, out _)++;
        }
    }

    private struct Total
    {
        public long Value;
    }
}
