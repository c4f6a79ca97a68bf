using System.Globalization;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Operators;

/// <summary>
/// An operator that shares state and timers between two inputs, from text to results, compared with plain loops over the lines of text.
/// </summary>
public sealed class SettlementTests
{
    private const int Splits = 2;
    private const int Near = 30;
    private static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 7)]
    [InlineData(4, 64)]
    public void Orders_meet_their_payments_in_whatever_order_rows_come(int parallelism, int batch)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var input = new Input(random, 120);
            using var test = PipelineTest.For<SettlementPipeline>(
                options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
                splitsPerSource: Splits);
            input.Send(test, random);
            End(test, random);
            Check(test, input, isCommitted: false);
        }
    }

    [Fact]
    public void Checkpoints_in_every_place_and_other_parallelisms_change_nothing()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var input = new Input(random, 120);
            using var test = PipelineTest.For<SettlementPipeline>(
                options => options.Parallelism = 1 + random.Next(4),
                splitsPerSource: Splits);
            input.Send(test, random, () =>
            {
                for (var left = random.Next(3); left > 0; left--)
                {
                    test.Checkpoint();
                }

                if (random.Next(3) == 0)
                {
                    test.CrashAndRestore(1 + random.Next(4));
                }
            });
            End(test, random);
            test.Checkpoint();
            Check(test, input, isCommitted: true);
        }
    }

    [Fact]
    public void State_of_both_inputs_goes_to_three_subtasks_and_to_two()
    {
        var random = new Random(1);
        var input = new Input(random, 150);
        using var test = PipelineTest.For<SettlementPipeline>(options => options.Parallelism = 1, splitsPerSource: Splits);
        var (parallelisms, sent) = (new Queue<int>([3, 2]), 0);
        input.Send(test, random, () =>
        {
            if (++sent % 4 == 0 && parallelisms.TryDequeue(out var next))
            {
                test.Checkpoint();
                test.CrashAndRestore(next);
            }
        });
        Assert.Empty(parallelisms);
        End(test, random);
        test.Checkpoint();
        Check(test, input, isCommitted: true);
    }

    [Fact]
    public void Crashes_at_every_kind_of_step_change_nothing()
    {
        var input = new Input(new Random(5), 30);
        using var test = PipelineTest.For<SettlementPipeline>(splitsPerSource: Splits);
        test.ExploreCrashes(
            sent =>
            {
                for (var split = 0; split < Splits; split++)
                {
                    sent.SendText(nameof(SettlementPipeline.Orders), Text(Input.OrderHeader, input.Orders[split]), split);
                    sent.SendText(nameof(SettlementPipeline.Payments), Text(Input.PaymentHeader, input.Payments[split]), split);
                }
            },
            seeds: 60);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Timers_wait_for_the_slower_input(int parallelism)
    {
        using var test = PipelineTest.For<SettlementPipeline>(options => options.Parallelism = parallelism);
        Orders(test, $"7,5,{At(10)},x", $"8,5,{At(540)},x");
        Assert.Empty(test.Read<Settlement>(nameof(SettlementPipeline.Settled)));

        // Still within the delay.
        Payments(test, $"5,7,{At(40)}", $"1,9,{At(45)}");
        Assert.Empty(test.Read<Settlement>(nameof(SettlementPipeline.Settled)));

        Payments(test, $"1,9,{At(46)}");
        Assert.Equal([new Settlement(7, 5, 5, Micros(40))], test.Read<Settlement>(nameof(SettlementPipeline.Settled)));

        test.End(nameof(SettlementPipeline.Payments));
        Assert.Empty(test.Read<Settlement>(nameof(SettlementPipeline.Settled)));
        Assert.Equal(2, test.Read<OrderPayment>(nameof(SettlementPipeline.Stray)).Count);

        test.End(nameof(SettlementPipeline.Orders));
        Assert.Equal([new Settlement(8, 5, 0, Micros(570))], test.Read<Settlement>(nameof(SettlementPipeline.Settled)));
    }

    [Fact]
    public void Rows_that_a_method_emits_have_the_time_of_its_row()
    {
        using var test = PipelineTest.For<SettlementPipeline>();
        Orders(test, $"7,0,{At(10)},x", $"8,0,{At(180)},x");
        Payments(test, $"0,7,{At(180)}");
        Assert.Equal([7, 8], test.Read<Settlement>(nameof(SettlementPipeline.Settled)).Select(static row => row.Order));
        Assert.Equal([7], test.Read<OrderPayment>(nameof(SettlementPipeline.Stray)).Select(static row => row.Order));
        Assert.Equal(
            [new SettledMinute(7, Micros(0), 0)],
            test.Read<SettledMinute>(nameof(SettlementPipeline.Minutes)));
    }

    private static void End(PipelineTest<SettlementPipeline> test, Random random)
    {
        string[] sources = [nameof(SettlementPipeline.Orders), nameof(SettlementPipeline.Payments)];
        random.Shuffle(sources);
        Assert.All(sources, test.End);
    }

    private static void Orders(PipelineTest<SettlementPipeline> test, params string[] rows) =>
        test.SendText(nameof(SettlementPipeline.Orders), Text(Input.OrderHeader, rows));

    private static void Payments(PipelineTest<SettlementPipeline> test, params string[] rows) =>
        test.SendText(nameof(SettlementPipeline.Payments), Text(Input.PaymentHeader, rows));

    private static string At(int second) => Start.AddSeconds(second).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static long Micros(int second) => EventTimes.From(Start.AddSeconds(second));

    // Over the text alone: what is near in time, wherever and whenever it was sent.
    private static void Check(PipelineTest<SettlementPipeline> test, Input input, bool isCommitted)
    {
        var orders = input.Orders.SelectMany(static split => split).Select(static line => line.Split(',')).ToList();
        var payments = input.Payments.SelectMany(static split => split).Select(static line => line.Split(',')).ToList();
        var (settled, stray, matched) = (new List<string>(), new List<string>(), new HashSet<string[]>());
        foreach (var order in orders)
        {
            var (amount, second) = (int.Parse(order[1], CultureInfo.InvariantCulture), SecondOf(order[2]));
            var near = payments.FindAll(payment => amount > 0
                && payment[0] != "0"
                && payment[1] == order[0]
                && Math.Abs(SecondOf(payment[2]) - second) <= Near);
            matched.UnionWith(near);
            var paid = near.Sum(static payment => int.Parse(payment[0], CultureInfo.InvariantCulture));
            settled.Add($"{order[0]} {amount} {paid} {Micros(amount == 0 ? second : second + Near)}");
        }

        foreach (var same in payments.Where(payment => !matched.Contains(payment))
            .GroupBy(static payment => payment[0] == "0" ? new object() : (payment[1], payment[2])))
        {
            var first = same.First();
            stray.Add($"{same.Sum(static payment => int.Parse(payment[0], CultureInfo.InvariantCulture))} {first[1]} {SecondOf(first[2])}");
        }

        var minutes = settled.Select(static row => row.Split(' '))
            .GroupBy(static row => (Order: row[0], Start: long.Parse(row[3], CultureInfo.InvariantCulture) / 60_000_000 * 60_000_000))
            .Select(static minute =>
                $"{minute.Key.Order} {minute.Key.Start} {minute.Sum(static row => int.Parse(row[2], CultureInfo.InvariantCulture))}");

        Assert.Contains(settled, static row => !row.EndsWith(" 0", StringComparison.Ordinal));
        Compare<Settlement>(settled, nameof(SettlementPipeline.Settled), static row => $"{row.Order} {row.Amount} {row.Paid} {row.At}");
        Compare<OrderPayment>(
            stray,
            nameof(SettlementPipeline.Stray),
            static row => $"{row.Amount} {row.Order} {(int)(row.At - Start).TotalSeconds}");
        Compare<SettledMinute>(minutes, nameof(SettlementPipeline.Minutes), static row => $"{row.Order} {row.Start} {row.Paid}");
        Compare<Settlement>([], nameof(SettlementPipeline.Late), static row => $"{row}");

        void Compare<T>(IEnumerable<string> expected, string stream, Func<T, string> show) => Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            (isCommitted ? test.Committed<T>(stream) : test.Read<T>(stream)).Select(show).Order(StringComparer.Ordinal));
    }

    private static int SecondOf(string time) =>
        (int)(DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - Start).TotalSeconds;

    private static string Text(string header, IEnumerable<string> rows) =>
        string.Concat(rows.Prepend(header).Select(static row => row + "\n"));

    // The lines of both sources, by split: out of order by less than the delay of their source, in whole seconds, so that many times are
    // equal.
    private sealed class Input
    {
        public const string OrderHeader = "id,amount,at,note";
        public const string PaymentHeader = "amount,order,at";

        public Input(Random random, int count)
        {
            var ids = Enumerable.Range(0, count * Splits).ToArray();
            random.Shuffle(ids);
            Orders = Lines(random, count, 8, (split, row, time) =>
                $"{ids[(split * count) + row]},{(random.Next(8) == 0 ? 0 : random.Next(1, 100))},{time},n{row}");
            Payments = Lines(random, count, 5, (_, row, time) =>
            {
                var order = ids[(random.Next(Splits) * count) + Math.Max(0, row - random.Next(9))];
                return $"{(random.Next(8) == 0 ? 0 : random.Next(1, 100))},{order},{time}";
            });
        }

        public List<List<string>> Orders { get; }

        public List<List<string>> Payments { get; }

        public void Send(PipelineTest<SettlementPipeline> test, Random random, Action? between = null)
        {
            var sent = new int[2 * Splits];
            while (Enumerable.Range(0, sent.Length).Where(part => sent[part] < PartOf(part).Count).ToList() is { Count: > 0 } left)
            {
                var part = left[random.Next(left.Count)];
                var rows = PartOf(part).GetRange(sent[part], Math.Min(1 + random.Next(50), PartOf(part).Count - sent[part]));
                test.SendText(
                    part < Splits ? nameof(SettlementPipeline.Orders) : nameof(SettlementPipeline.Payments),
                    Text(part < Splits ? OrderHeader : PaymentHeader, rows),
                    part % Splits);
                sent[part] += rows.Count;
                between?.Invoke();
            }
        }

        private List<string> PartOf(int part) => (part < Splits ? Orders : Payments)[part % Splits];

        private static List<List<string>> Lines(Random random, int count, int delay, Func<int, int, string, string> line) =>
            [.. Enumerable.Range(0, Splits).Select(split =>
            {
                var time = 10 * random.Next(3);
                return Enumerable.Range(0, count).Select(row =>
                {
                    time += random.Next(8);
                    return line(split, row, $"{Start.AddSeconds(time + random.Next(delay)):yyyy-MM-ddTHH:mm:ssZ}");
                }).ToList();
            })];
    }
}
