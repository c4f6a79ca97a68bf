using System.Runtime.InteropServices;
using Penstock.Benchmarks.Pipelines;
using Penstock.Benchmarks.Pipelines.Joins;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Joins of two inputs by key and time compared with a dictionary of two sorted queues for each key. Two million orders and as many
/// payments, of 100,000 keys, ten of each in a millisecond of event time, up to 100 ms out of order: a row meets those of the other input
/// with the same key within a second, and ten thousand rows of each input are kept. The pipeline runs as a whole; the loop has the rows in
/// two arrays, of which it takes the next one by time.
/// </summary>
internal static class JoinRatios
{
    private const int Rows = 2_000_000;
    private const int Keys = 100_000;
    private const int Bound = 1_000_000;
    private const int Disorder = 100_000;
    private const int Step = 100;

    private static readonly Lazy<(JoinOrder[] Orders, JoinPayment[] Payments)> Input = new(() =>
    {
        var random = new Random(1);
        var (orders, payments) = (new JoinOrder[Rows], new JoinPayment[Rows]);
        for (var number = 0; number < Rows; number++)
        {
            var time = 10_000_000L + number * Step;
            orders[number] = new JoinOrder(random.Next(Keys), number, time - random.Next(Disorder));
            payments[number] = new JoinPayment(random.Next(Keys), number, time - random.Next(Disorder));
        }

        return (orders, payments);
    });

    private static readonly Lazy<long> Results = new(JoinByHand);

    public static IEnumerable<Ratio> All =>
    [
        new Ratio("interval-join", 0.8, Run, "a dictionary of two sorted queues for each key", ByHand, Rounds: 3),
    ];

    private static Func<long> Run()
    {
        var (orders, payments) = (new MemoryRows<JoinOrder>(Input.Value.Orders, 1), new MemoryRows<JoinPayment>(Input.Value.Payments, 1));
        return () =>
        {
            JoinSink.Count = 0;
            Harness.Run<JoinedPipeline>([orders, payments], static options => options.Parallelism = 1);
            return JoinSink.Count == Results.Value
                ? 2 * Rows
                : throw new InvalidOperationException($"{JoinSink.Count} results; expected {Results.Value}.");
        };
    }

    private static Func<long> ByHand()
    {
        _ = Results.Value;
        return () => JoinByHand() == Results.Value ? 2 * Rows : throw new InvalidOperationException("Results are missing.");
    }

    private static long JoinByHand()
    {
        var (orders, payments) = Input.Value;
        var keys = new Dictionary<long, Kept>();
        var results = 0L;
        var sum = 0.0;
        var newest = 0L;
        for (var next = 0; next < Rows; next++)
        {
            // No row that comes is older.
            newest = Math.Max(newest, Math.Max(orders[next].At, payments[next].At));
            var watermark = newest - Disorder - 1;

            ref readonly var order = ref orders[next];
            var kept = Find(order.Id);
            kept.Expire(watermark);
            foreach (ref readonly var payment in kept.Payments.Between(order.At - Bound, order.At + Bound))
            {
                sum += order.Amount - payment.Row.Amount;
                results++;
            }

            kept.Orders.Add(order.At, in order);

            ref readonly var paid = ref payments[next];
            kept = Find(paid.Order);
            kept.Expire(watermark);
            foreach (ref readonly var met in kept.Orders.Between(paid.At - Bound, paid.At + Bound))
            {
                sum += met.Row.Amount - paid.Amount;
                results++;
            }

            kept.Payments.Add(paid.At, in paid);
        }

        return double.IsNaN(sum) ? 0 : results;

        Kept Find(long key)
        {
            ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, key, out _);
            return found ??= new Kept();
        }
    }

    // The rows of a key.
    private sealed class Kept
    {
        public Queue<JoinOrder> Orders { get; } = new();

        public Queue<JoinPayment> Payments { get; } = new();

        public void Expire(long watermark)
        {
            Orders.Expire(watermark - Bound);
            Payments.Expire(watermark - Bound);
        }
    }

    // Rows in the order of time, in an array from which the oldest ones leave.
    private sealed class Queue<T>
    {
        private (long At, T Row)[] _rows = new (long, T)[4];
        private int _start;
        private int _end;

        public void Add(long at, in T row)
        {
            if (_end == _rows.Length)
            {
                var rows = _start >= _rows.Length / 2 ? _rows : new (long, T)[_rows.Length * 2];
                Array.Copy(_rows, _start, rows, 0, _end - _start);
                (_rows, _start, _end) = (rows, 0, _end - _start);
            }

            var place = _end++;
            for (; place > _start && _rows[place - 1].At > at; place--)
            {
                _rows[place] = _rows[place - 1];
            }

            _rows[place] = (at, row);
        }

        public void Expire(long before)
        {
            while (_start < _end && _rows[_start].At < before)
            {
                _start++;
            }
        }

        public ReadOnlySpan<(long At, T Row)> Between(long from, long to)
        {
            var (first, last) = (_start, _end);
            while (first < last && _rows[first].At < from)
            {
                first++;
            }

            while (last > first && _rows[last - 1].At > to)
            {
                last--;
            }

            return _rows.AsSpan(first, last - first);
        }
    }
}
