using System.Reactive.Linq;
using System.Threading.Tasks.Dataflow;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>The stateless chain compared with the hand-written loop, and with other .NET libraries.</summary>
internal static class ChainRatios
{
    private const int BatchSize = 1024;

    // As many rows as fit in the cache of the processor, repeatedly: this compares the loops, not the memory.
    private const int RowsInCache = 256 * BatchSize;
    private const int Repeats = 32;
    private const int Rows = RowsInCache * Repeats;
    private const int TplRows = 400_000;
    private const int AkkaRows = 1_000_000;

    private static readonly Lazy<Reading[]> Readings = new(() =>
    {
        var random = new Random(1);
        return [
            .. Enumerable.Range(0, RowsInCache).Select(index => new Reading(random.NextInt64(), random.Next(0, 1000), index % 50, 1.5))
        ];
    });

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("chain", 0.9, Chain, "hand-written loop", ByHand),
        new Ratio("chain-hop", 0.55, () => ChainHop, "hand-written loop", ByHand, Rounds: 15),
        new Ratio("chain-vs-tpl", 40, Chain, "TPL Dataflow, bounded", () => Tpl, Rounds: 3),
        new Ratio("chain-vs-rx", 3, Chain, "System.Reactive", () => Rx),
        new Ratio("chain-vs-akka", 15, Chain, "Akka.Streams", () => Akka, Rounds: 3),
    ];

    private static Func<long> Chain()
    {
        var batches = Harness.Batches(Readings.Value, BatchSize);
        var task = Harness.Task<ChainPipeline, Reading>("Readings", new MemoryRows<Reading>([], 1));
        return () =>
        {
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                foreach (var batch in batches)
                {
                    task.Receive(batch);
                }
            }

            return Rows;
        };
    }

    private static long ChainHop()
    {
        Harness.Run<ChainHopPipeline>(new MemoryRows<Reading>(Readings.Value, 2, Repeats), options => options.Parallelism = 2);
        return Rows;
    }

    // The hand-written loop: the same input arrays, and an output array that goes to the sink when it is full.
    private static Func<long> ByHand()
    {
        var batches = Enumerable.Repeat(Harness.Batches(Readings.Value, BatchSize).Select(batch => batch.Rows), Repeats)
            .SelectMany(rows => rows)
            .ToArray();
        var output = new Reading[BatchSize];
        return () =>
        {
            var count = 0;
            foreach (var batch in batches)
            {
                for (var index = 0; index < batch.Length; index++)
                {
                    ref readonly var reading = ref batch[index];
                    if ((reading.Id & 1) == 0)
                    {
                        var scaled = reading with { Value = reading.Value * 3 + 1 };
                        if (scaled.Value > 100)
                        {
                            output[count++] = scaled;
                            if (count == output.Length)
                            {
                                Deliver(output);
                                count = 0;
                            }
                        }
                    }
                }
            }

            return Rows;
        };
    }

    private static void Deliver(Reading[] rows)
    {
        var sum = 0L;
        foreach (ref readonly var row in rows.AsSpan())
        {
            sum += row.Value;
        }

        Interlocked.Add(ref SumSink.Sum, sum);
    }

    private static long Tpl()
    {
        var bounded = new ExecutionDataflowBlockOptions { BoundedCapacity = 1024 };
        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        var even = new TransformManyBlock<Reading, Reading>(reading => (reading.Id & 1) == 0 ? [reading] : [], bounded);
        var scale = new TransformBlock<Reading, Reading>(reading => reading with { Value = reading.Value * 3 + 1 }, bounded);
        var large = new TransformManyBlock<Reading, Reading>(reading => reading.Value > 100 ? [reading] : [], bounded);
        var sum = 0L;
        var sink = new ActionBlock<Reading>(reading => sum += reading.Value, bounded);
        even.LinkTo(scale, propagate);
        scale.LinkTo(large, propagate);
        large.LinkTo(sink, propagate);
        SendAsync().GetAwaiter().GetResult();
        sink.Completion.GetAwaiter().GetResult();
        Interlocked.Add(ref SumSink.Sum, sum);
        return TplRows;

        async Task SendAsync()
        {
            for (var index = 0; index < TplRows; index++)
            {
                await even.SendAsync(Readings.Value[index % RowsInCache]).ConfigureAwait(false);
            }

            even.Complete();
        }
    }

    private static long Rx()
    {
        var sum = 0L;
        using var subscription = Observable.Create<Reading>(observer =>
            {
                for (var repeat = 0; repeat < Repeats; repeat++)
                {
                    foreach (var reading in Readings.Value)
                    {
                        observer.OnNext(reading);
                    }
                }

                observer.OnCompleted();
                return () => { };
            })
            .Where(reading => (reading.Id & 1) == 0)
            .Select(reading => reading with { Value = reading.Value * 3 + 1 })
            .Where(reading => reading.Value > 100)
            .Subscribe(reading => sum += reading.Value);
        Interlocked.Add(ref SumSink.Sum, sum);
        return Rows;
    }

    private static long Akka()
    {
        using var system = ActorSystem.Create("ratios", "akka.loglevel = OFF");
        using var materializer = system.Materializer();
        var sum = Source.From(Enumerable.Range(0, AkkaRows).Select(index => Readings.Value[index % RowsInCache]))
            .Where(reading => (reading.Id & 1) == 0)
            .Select(reading => reading with { Value = reading.Value * 3 + 1 })
            .Where(reading => reading.Value > 100)
            .RunAggregate(0L, (sum, reading) => sum + reading.Value, materializer)
            .GetAwaiter().GetResult();
        Interlocked.Add(ref SumSink.Sum, sum);
        return AkkaRows;
    }
}
