using System.Globalization;
using Penstock.Runtime.Tests.Windows.Firing;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Operators;

/// <summary>Generated unions in the engine, compared with plain loops.</summary>
public sealed class UnionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 7, 1)]
    [InlineData(1, 1024, 3)]
    [InlineData(2, 3, 2)]
    [InlineData(4, 64, 3)]
    public void Rows_of_all_inputs_are_counted_once(int parallelism, int batch, int splits)
    {
        var random = new Random((parallelism * 100) + batch);
        var (sales, refunds) = (Sales(random, 400), Refunds(random, 300));
        using var test = PipelineTest.For<BalancesPipeline>(
            options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
            splitsPerSource: splits);
        for (var split = 0; split < splits; split++)
        {
            test.SendText(nameof(BalancesPipeline.Sales), Csv(Part(sales, split, splits)), split);
            test.SendText(nameof(BalancesPipeline.Refunds), Json(Part(refunds, split, splits)), split);
        }

        test.End(nameof(BalancesPipeline.Sales));
        test.End(nameof(BalancesPipeline.Refunds));

        var expected = new SortedDictionary<(string, DateTimeOffset), (int Sum, int Count)>();
        foreach (var (shop, at, amount) in sales
            .Select(static sale => (sale.Shop, sale.SoldAt, sale.Amount))
            .Concat(refunds.Select(static refund => (refund.Shop, refund.PaidAt, -refund.Amount))))
        {
            var hour = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour));
            var (sum, count) = expected.GetValueOrDefault((shop, hour));
            expected[(shop, hour)] = (sum + amount, count + 1);
        }

        Assert.Equal(
            expected.Select(static entry => new Balance(entry.Key.Item1, entry.Key.Item2, entry.Value.Sum, entry.Value.Count)),
            test.Read<Balance>(nameof(BalancesPipeline.PerHour)).OrderBy(static balance => (balance.Shop, balance.Hour)));
        Assert.Empty(test.Read<Movement>(nameof(BalancesPipeline.Late)));
        Assert.Equal(
            sales.Select(static sale => (sale.Shop, sale.Amount))
                .Concat(refunds.Select(static refund => (refund.Shop, -refund.Amount)))
                .Order(),
            test.Read<Movement>(nameof(BalancesPipeline.All)).Select(static movement => (movement.Shop, movement.Amount)).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Rows_of_one_input_keep_their_order(int batch)
    {
        var random = new Random(batch);
        var (sales, refunds) = (Sales(random, 100), Refunds(random, 100));
        using var test = PipelineTest.For<BalancesPipeline>(options => options.BatchSize = batch);
        for (var i = 0; i < 10; i++)
        {
            test.Send<Sale>(nameof(BalancesPipeline.Sales), sales[(i * 10)..((i * 10) + 10)]);
            test.Send<Refund>(nameof(BalancesPipeline.Refunds), refunds[(i * 10)..((i * 10) + 10)]);
        }

        test.End(nameof(BalancesPipeline.Sales));
        test.End(nameof(BalancesPipeline.Refunds));

        var all = test.Read<Movement>(nameof(BalancesPipeline.All));
        Assert.Equal(
            sales.Select(static sale => sale.Amount),
            all.Where(static movement => movement.Number == 0).Select(static movement => movement.Amount));
        Assert.Equal(
            refunds.Select(static refund => -refund.Amount),
            all.Where(static movement => movement.Number == 1).Select(static movement => movement.Amount));
    }

    // The union is slower than its inputs, which fill their channels whenever it has taken something.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Rows_of_the_preferred_input_go_first_where_rows_of_both_wait(int parallelism)
    {
        const int Rows = 200;
        const int Waiting = 8;
        using var harness = new BurstHarness<CorrectionsPipeline>(
            seed: parallelism,
            parallelism,
            batchSize: 1,
            Waiting,
            slowest: nameof(CorrectionsPipeline.All));
        harness.Send(nameof(CorrectionsPipeline.Sales), Enumerable.Range(0, Rows).Select(static number => new Movement("a", number, 0)));
        harness.Send(
            nameof(CorrectionsPipeline.Corrections),
            Enumerable.Range(0, Rows).Select(static number => new Movement("a", number, 1)));
        harness.Run();

        Assert.True(harness.HasEnded);
        var all = harness.Read<Movement>(nameof(CorrectionsPipeline.All)).ToList();
        Assert.Equal(2 * Rows, all.Distinct().Count());
        Assert.Equal(
            Enumerable.Range(0, Rows / Waiting).SelectMany(static _ => Enumerable.Repeat(1, Waiting).Concat(Enumerable.Repeat(0, Waiting))),
            all.Select(static movement => movement.Number));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Windows_wait_for_the_slowest_input(int parallelism)
    {
        using var test = PipelineTest.For<BalancesPipeline>(options => options.Parallelism = parallelism);
        test.Send(nameof(BalancesPipeline.Sales), new Sale("a", 5, Start, ""), new Sale("a", 7, Start.AddHours(5), ""));
        Assert.Empty(test.Read<Balance>(nameof(BalancesPipeline.PerHour)));

        test.Send(nameof(BalancesPipeline.Refunds), new Refund("a", 2, Start.AddMinutes(10)));
        Assert.Empty(test.Read<Balance>(nameof(BalancesPipeline.PerHour)));

        test.AdvanceWatermark(nameof(BalancesPipeline.Refunds), Start.AddHours(2));
        Assert.Equal([new Balance("a", Start, 3, 2)], test.Read<Balance>(nameof(BalancesPipeline.PerHour)));

        test.End(nameof(BalancesPipeline.Refunds));
        Assert.Empty(test.Read<Balance>(nameof(BalancesPipeline.PerHour)));

        test.End(nameof(BalancesPipeline.Sales));
        Assert.Equal([new Balance("a", Start.AddHours(5), 7, 1)], test.Read<Balance>(nameof(BalancesPipeline.PerHour)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_row_is_late_by_the_time_of_the_input_that_it_comes_from(int parallelism)
    {
        using var test = PipelineTest.For<BalancesPipeline>(options => options.Parallelism = parallelism);
        test.Send(nameof(BalancesPipeline.Sales), new Sale("a", 5, Start.AddHours(9), ""));

        // Nine hours behind the sales, but not behind any refund.
        test.Send(nameof(BalancesPipeline.Refunds), new Refund("a", 2, Start));
        Assert.Empty(test.Read<Movement>(nameof(BalancesPipeline.Late)));

        // Behind a sale by more than its window, which the refunds still keep open.
        test.Send(nameof(BalancesPipeline.Sales), new Sale("a", 6, Start.AddMinutes(30), ""));
        Assert.Equal([new Movement("a", 6, 0)], test.Read<Movement>(nameof(BalancesPipeline.Late)));

        test.End(nameof(BalancesPipeline.Sales));
        test.End(nameof(BalancesPipeline.Refunds));
        Assert.Equal(
            [new Balance("a", Start, -2, 1), new Balance("a", Start.AddHours(9), 5, 1)],
            test.Read<Balance>(nameof(BalancesPipeline.PerHour)).OrderBy(static balance => balance.Hour));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(3, 8)]
    public void Ways_that_part_and_meet_again_lose_and_double_nothing(int parallelism, int batch)
    {
        var random = new Random(batch);
        var movements = Enumerable.Range(0, 500)
            .Select(_ => new Movement("" + (char)('a' + random.Next(5)), random.Next(1000), 0))
            .ToArray();
        using var test = PipelineTest.For<DiamondPipeline>(options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        test.Send<Movement>(nameof(DiamondPipeline.Movements), movements);
        test.End(nameof(DiamondPipeline.Movements));

        var expected = ThroughTheDiamond(movements);
        Assert.Equal(expected.Order(Amounts), test.Read<Movement>(nameof(DiamondPipeline.All)).Order(Amounts));
        var sums = test.Read<Movement>(nameof(DiamondPipeline.Sums))
            .GroupBy(static movement => movement.Shop)
            .Select(static shop => (shop.Key, shop.Count(), shop.Max(static movement => movement.Amount)));
        Assert.Equal(
            expected.GroupBy(static movement => movement.Shop)
                .Select(static shop => (shop.Key, shop.Count(), shop.Sum(static movement => movement.Amount)))
                .Order(),
            sums.Order());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(3, 2)]
    public void A_crash_between_inputs_changes_nothing(int before, int after)
    {
        var random = new Random(before + after);
        var movements = Enumerable.Range(0, 300)
            .Select(_ => new Movement("" + (char)('a' + random.Next(5)), random.Next(1000), 0))
            .ToArray();
        using var test = PipelineTest.For<DiamondPipeline>(
            options => (options.Parallelism, options.BatchSize) = (before, 16),
            splitsPerSource: 2);
        for (var i = 0; i < 6; i++)
        {
            test.SendTo<Movement>(nameof(DiamondPipeline.Movements), i % 2, movements[(i * 50)..((i * 50) + 50)]);
            if (i is 1 or 3)
            {
                test.Checkpoint();
            }

            if (i is 2 or 4)
            {
                test.CrashAndRestore(i == 2 ? after : before);
            }
        }

        test.End(nameof(DiamondPipeline.Movements));
        test.Checkpoint();

        // Running totals depend on the order of the splits; other rows do not.
        Assert.Equal(
            ThroughTheDiamond(movements).Where(static movement => movement.Number != 3).Order(Amounts),
            test.Committed<Movement>(nameof(DiamondPipeline.All)).Where(static movement => movement.Number != 3).Order(Amounts));
        var sums = test.Committed<Movement>(nameof(DiamondPipeline.Sums))
            .GroupBy(static movement => movement.Shop)
            .Select(static shop => (shop.Key, shop.Count(), shop.Max(static movement => movement.Amount)));
        Assert.Equal(
            test.Committed<Movement>(nameof(DiamondPipeline.All))
                .GroupBy(static movement => movement.Shop)
                .Select(static shop => (shop.Key, shop.Count(), shop.Sum(static movement => movement.Amount)))
                .Order(),
            sums.Order());
    }

    private static readonly Comparer<Movement> Amounts = Comparer<Movement>.Create(static (left, right) =>
        (left.Shop, left.Amount, left.Number).CompareTo((right.Shop, right.Amount, right.Number)));

    private static List<Movement> ThroughTheDiamond(IEnumerable<Movement> movements)
    {
        var totals = new Dictionary<string, int>();
        var all = new List<Movement>();
        foreach (var movement in movements)
        {
            var three = new List<Movement>();
            if (movement.Amount % 2 == 0)
            {
                three.Add(movement);
            }

            three.Add(movement with { Amount = movement.Amount / 2 });
            three.Add(movement with { Amount = movement.Amount - (movement.Amount / 2), Number = 2 });
            totals[movement.Shop] = totals.GetValueOrDefault(movement.Shop) + movement.Amount;
            three.Add(movement with { Amount = totals[movement.Shop], Number = 3 });
            all.Add(movement);
            all.AddRange(three.Where(static movement => movement.Amount % 2 == 0));
        }

        return all;
    }

    private static Sale[] Sales(Random random, int count) =>
        [.. Enumerable
            .Range(0, count)
            .Select(i => new Sale("" + (char)('a' + random.Next(6)), random.Next(1000), Start.AddMinutes(i * 3), $"clerk {i}"))];

    private static Refund[] Refunds(Random random, int count) =>
        [.. Enumerable
            .Range(0, count)
            .Select(i => new Refund("" + (char)('a' + random.Next(6)), random.Next(1000), Start.AddMinutes(i * 5)))];

    private static IEnumerable<T> Part<T>(T[] rows, int split, int splits) => rows.Where((_, index) => index % splits == split);

    private static string Csv(IEnumerable<Sale> sales) =>
        "shop,amount,soldAt,clerk\n"
            + string.Concat(sales.Select(static sale => string.Create(
                CultureInfo.InvariantCulture,
                $"{sale.Shop},{sale.Amount},{sale.SoldAt:yyyy-MM-ddTHH:mm:ssZ},{sale.Clerk}\n")));

    private static string Json(IEnumerable<Refund> refunds) =>
        string.Concat(refunds.Select(static refund => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"shop\":\"{refund.Shop}\",\"amount\":{refund.Amount},\"paidAt\":\"{refund.PaidAt:yyyy-MM-ddTHH:mm:ssZ}\"}}\n")));
}
