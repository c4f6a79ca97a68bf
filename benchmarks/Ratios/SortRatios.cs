using System.Runtime.InteropServices;
using Penstock.Benchmarks.Pipelines;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Rows in the order of time compared with a bucket sort: a ring of buckets of a millisecond, each of which is sorted by insertion when the
/// watermark has passed it. Five million rows of 32 bytes, ten in each millisecond of event time, up to a second out of order, so that some
/// ten thousand wait. The pipeline runs as a whole; the loop has the rows in an array.
/// </summary>
internal static class SortRatios
{
    private const int Rows = 5_000_000;
    private const int PerMillisecond = 10;
    private const long Millisecond = 1_000;
    private const long Second = 1_000_000;

    // More than the milliseconds between the newest row and the watermark.
    private const int Buckets = 2_048;

    private static readonly Lazy<Trade[]> Trades = new(() =>
    {
        var random = new Random(1);
        var trades = new Trade[Rows];
        for (var number = 0; number < Rows; number++)
        {
            var now = Second + number * Millisecond / PerMillisecond;
            trades[number] = new Trade(random.NextInt64(1_000), number, 1, now - random.NextInt64(Second));
        }

        return trades;
    });

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("sort-by-time", 0.8, Run, "a ring of buckets, each sorted by insertion", ByHand, Rounds: 3),
    ];

    private static Func<long> Run()
    {
        var rows = new MemoryRows<Trade>(Trades.Value, 1);
        return () =>
        {
            OrderSink.Count = 0;
            Harness.Run<SortedPipeline>(rows, static options => options.Parallelism = 1);
            return OrderSink.Count == Rows ? Rows : throw new InvalidOperationException($"{OrderSink.Count} rows; expected {Rows}.");
        };
    }

    private static Func<long> ByHand()
    {
        _ = Trades.Value;
        return () => SortByHand() == Rows ? Rows : throw new InvalidOperationException("Rows are missing.");
    }

    private static long SortByHand()
    {
        var buckets = new List<Trade>[Buckets];
        for (var index = 0; index < Buckets; index++)
        {
            buckets[index] = new List<Trade>(2 * PerMillisecond);
        }

        var (newest, first, last, passed) = (0L, 0L, long.MinValue, 0L);
        foreach (ref readonly var trade in Trades.Value.AsSpan())
        {
            if (trade.At < newest - Second)
            {
                throw new InvalidOperationException("No row is late.");
            }

            buckets[trade.At / Millisecond % Buckets].Add(trade);
            if (trade.At > newest)
            {
                newest = trade.At;
                Pass((newest - Second) / Millisecond);
            }
        }

        Pass(newest / Millisecond + 1);
        return passed;

        void Pass(long end)
        {
            for (; first < end; first++)
            {
                var bucket = buckets[first % Buckets];
                var rows = CollectionsMarshal.AsSpan(bucket);
                Sort(rows);
                foreach (ref readonly var trade in rows)
                {
                    last = trade.At >= last ? trade.At : throw new InvalidOperationException("The rows are not sorted.");
                }

                passed += rows.Length;
                bucket.Clear();
            }
        }
    }

    private static void Sort(Span<Trade> rows)
    {
        for (var index = 1; index < rows.Length; index++)
        {
            var row = rows[index];
            var place = index;
            for (; place > 0 && rows[place - 1].At > row.At; place--)
            {
                rows[place] = rows[place - 1];
            }

            rows[place] = row;
        }
    }
}
