using System.Globalization;
using System.Text;
using Penstock.Runtime.Tests.Tasks.Operators;
using Penstock.Testing;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Tasks.Plan;

/// <summary>Tasks of one pipeline with different parallelism, compared with plain loops.</summary>
public sealed class UnequalTests
{
    private const int Splits = 3;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1, 1, 3)]
    [InlineData(1, 3, 2, 1)]
    [InlineData(2, 2, 3, 2)]
    [InlineData(3, 1, 1, 4)]
    [InlineData(2, 3, 1, 1)]
    [InlineData(3, 3, 2, 3)]
    public void Every_row_is_in_its_window_or_late(int sales, int refunds, int all, int perHour)
    {
        foreach (var batch in (int[])[1, 5, 1024])
        {
            var input = new BalancesInput(new Random((sales * 1000) + (refunds * 100) + (all * 10) + perHour));
            using var test = PipelineTest.For<BalancesPipeline>(
                options => Set(options, batch, sales, refunds, all, perHour),
                splitsPerSource: Splits);
            for (var split = 0; split < Splits; split++)
            {
                test.SendText(nameof(BalancesPipeline.Sales), input.SalesText(split), split);
                test.SendText(nameof(BalancesPipeline.Refunds), input.RefundsText(split), split);
            }

            test.End(nameof(BalancesPipeline.Sales));
            test.End(nameof(BalancesPipeline.Refunds));
            Assert.Equal(
                input.Balances,
                test.Read<Balance>(nameof(BalancesPipeline.PerHour)).OrderBy(static balance => (balance.Shop, balance.Hour)));
            Assert.Equal(
                input.Late,
                test.Read<Movement>(nameof(BalancesPipeline.Late)).Select(static movement => (movement.Shop, movement.Amount)).Order());
            Assert.Equal(
                input.All,
                test.Read<Movement>(nameof(BalancesPipeline.All)).Select(static movement => (movement.Shop, movement.Amount)).Order());
            Assert.NotEmpty(input.Late);
            Assert.Equal(input.Late.Count, test.Counters.Late);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void One_task_after_the_other_continues_with_another_parallelism(int seed)
    {
        var random = new Random(seed);
        var input = new BalancesInput(random);
        string[] tasks = [
            nameof(BalancesPipeline.Sales),
            nameof(BalancesPipeline.Refunds),
            nameof(BalancesPipeline.All),
            nameof(BalancesPipeline.PerHour)
        ];
        using var test = PipelineTest.For<BalancesPipeline>(options => Set(options, 7, 2, 1, 3, 2), splitsPerSource: Splits);
        for (var part = 0; part < 12; part++)
        {
            for (var split = 0; split < Splits; split++)
            {
                test.SendTo<Sale>(nameof(BalancesPipeline.Sales), split, BalancesInput.PartOf(input.Sales[split], part, 12));
                test.SendTo<Refund>(nameof(BalancesPipeline.Refunds), split, BalancesInput.PartOf(input.Refunds[split], part, 12));
            }

            if (random.Next(3) > 0)
            {
                test.Checkpoint();
            }

            test.CrashAndRestore(configure: options => options.Streams[tasks[part % tasks.Length]].Parallelism = random.Next(1, 5));
        }

        test.End(nameof(BalancesPipeline.Sales));
        test.End(nameof(BalancesPipeline.Refunds));
        test.Checkpoint();
        Assert.Equal(
            input.Balances,
            test.Committed<Balance>(nameof(BalancesPipeline.PerHour)).OrderBy(static balance => (balance.Shop, balance.Hour)));
        Assert.Equal(
            input.Late,
            test.Committed<Movement>(nameof(BalancesPipeline.Late)).Select(static movement => (movement.Shop, movement.Amount)).Order());
        Assert.Equal(
            input.All,
            test.Committed<Movement>(nameof(BalancesPipeline.All)).Select(static movement => (movement.Shop, movement.Amount)).Order());
    }

    [Fact]
    public void Wrong_options_of_a_restart_are_refused()
    {
        using var test = PipelineTest.For<BalancesPipeline>();
        var refused = Assert.Throws<PipelineException>(() =>
            test.CrashAndRestore(configure: static options => options.Streams["PerHour"] = new StreamOptions { Parallelism = 500 }));
        Assert.Contains("Streams:PerHour:Parallelism is 500", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 3, 1, 2, 3)]
    [InlineData(2, 1, 3, 1, 2)]
    [InlineData(3, 2, 2, 3, 1)]
    public void Ways_that_part_and_meet_again_lose_and_double_nothing(int movements, int running, int three, int all, int sums)
    {
        var random = new Random(movements);
        var rows = Enumerable.Range(0, 600)
            .Select(_ => new Movement("" + (char)('a' + random.Next(5)), 2 * random.Next(1000), 0))
            .ToArray();
        using var test = PipelineTest.For<DiamondPipeline>(
            options =>
            {
                options.BatchSize = 8;
                foreach (var (stream, parallelism) in new[]
                {
                    ("Movements", movements),
                    ("Running", running),
                    ("Three", three),
                    ("All", all),
                    ("Sums", sums)
                })
                {
                    options.Streams[stream] = new StreamOptions { Parallelism = parallelism };
                }
            },
            splitsPerSource: Splits);
        for (var split = 0; split < Splits; split++)
        {
            test.SendTo<Movement>(nameof(DiamondPipeline.Movements), split, rows[(split * 200)..((split * 200) + 200)]);
        }

        test.End(nameof(DiamondPipeline.Movements));

        // Of the running totals, only the number of rows is independent of the order of the splits. The totals are even, like all amounts.
        var found = test.Read<Movement>(nameof(DiamondPipeline.All));
        var halves = rows
            .SelectMany(static row => new[]
            {
                row with { Amount = row.Amount / 2 },
                row with { Amount = row.Amount - (row.Amount / 2), Number = 2 }
            })
            .Where(static row => row.Amount % 2 == 0);
        Assert.Equal(
            rows.Concat(rows).Concat(halves).Select(Text).Order(StringComparer.Ordinal),
            found.Where(static row => row.Number != 3).Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(
            rows.GroupBy(static row => row.Shop)
                .Select(static shop => (shop.Key, shop.Count(), shop.Sum(static row => row.Amount)))
                .Order(),
            found.Where(static row => row.Number == 3)
                .GroupBy(static row => row.Shop)
                .Select(static shop => (shop.Key, shop.Count(), shop.Max(static row => row.Amount)))
                .Order());
        Assert.Equal(
            found.GroupBy(static row => row.Shop)
                .Select(static shop => (shop.Key, shop.Count(), shop.Sum(static row => row.Amount)))
                .Order(),
            test.Read<Movement>(nameof(DiamondPipeline.Sums))
                .GroupBy(static row => row.Shop)
                .Select(static shop => (shop.Key, shop.Count(), shop.Max(static row => row.Amount)))
                .Order());

        static string Text(Movement row) => $"{row.Shop} {row.Amount} {row.Number}";
    }

    [Theory]
    [InlineData(1, 3, 2, 4)]
    [InlineData(3, 2, 1, 2)]
    [InlineData(3, 1, 4, 3)]
    public async Task Threads_with_few_credits_and_many_checkpoints_come_to_the_end(int sales, int refunds, int all, int perHour)
    {
        var input = new BalancesInput(new Random(all), rows: 4000);
        var files = new SimulatedFiles();
        files.CreateDirectory("/in");
        for (var split = 0; split < Splits; split++)
        {
            files.Put($"/in/sales-{split}.csv", Encoding.UTF8.GetBytes(input.SalesText(split)));
            files.Put($"/in/refunds-{split}.jsonl", Encoding.UTF8.GetBytes(input.RefundsText(split)));
        }

        var options = new PipelineOptions { ChannelCapacity = 2 };
        Set(options, 4, sales, refunds, all, perHour);
        options.Checkpoints.Path = "/checkpoints";
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
        options.Restart.Strategy = RestartStrategy.None;
        options.Sources["Sales"] = new SourceOptions { Path = "/in/sales-*.csv" };
        options.Sources["Refunds"] = new SourceOptions { Path = "/in/refunds-*.jsonl" };
        foreach (var (sink, path) in new[] { ("All", "/out/all.csv"), ("PerHour", "/out/balances.csv"), ("Late", "/out/late.csv") })
        {
            options.Sinks[sink] = new SinkOptions { Path = path };
        }

        var environment = TestEnvironment.Create("Balances", options) with { Files = files };
        await environment.RunnerOf<BalancesPipeline>()
            .RunAsync(CancellationToken.None)
            .WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(
            input.Balances
                .Select(static balance => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{balance.Shop},{balance.Hour:yyyy-MM-ddTHH:mm:ss}Z,{balance.Amount},{balance.Count}"))
                .Order(StringComparer.Ordinal),
            Lines("balances").Order(StringComparer.Ordinal));
        Assert.Equal(input.Late, Lines("late").Select(static line => line.Split(','))
            .Select(static row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture)))
            .Order());

        IEnumerable<string> Lines(string sink) => files.Visible($"/out/{sink}").SelectMany(path => files.LinesOf(path).Skip(1));
    }

    private static void Set(PipelineOptions options, int batch, int sales, int refunds, int all, int perHour)
    {
        options.BatchSize = batch;
        foreach (var (stream, parallelism) in new[] { ("Sales", sales), ("Refunds", refunds), ("All", all), ("PerHour", perHour) })
        {
            options.Streams[stream] = new StreamOptions { Parallelism = parallelism };
        }
    }

    /// <summary>Sales and refunds in splits, some of them late, and the expected results of the pipeline.</summary>
    private sealed class BalancesInput
    {
        private readonly Dictionary<(string Shop, DateTimeOffset Hour), (int Amount, int Count)> _balances = [];

        public BalancesInput(Random random, int rows = 150)
        {
            Sales = [.. Enumerable
                .Range(0, Splits)
                .Select(_ => Times(random, rows).Select(at => new Sale(Shop(random), random.Next(1000), at, "")).ToArray())];
            Refunds = [.. Enumerable
                .Range(0, Splits)
                .Select(_ => Times(random, rows).Select(at => new Refund(Shop(random), random.Next(1000), at)).ToArray())];
            foreach (var split in Sales.Select(static split => split.Select(static sale => (sale.Shop, sale.Amount, At: sale.SoldAt)))
                .Concat(Refunds.Select(static split =>
                    split.Select(static refund => (refund.Shop, Amount: -refund.Amount, At: refund.PaidAt)))))
            {
                Add(split);
            }

            Late.Sort();
            All.Sort();
        }

        public Sale[][] Sales { get; }

        public Refund[][] Refunds { get; }

        public List<(string Shop, int Amount)> All { get; } = [];

        public List<(string Shop, int Amount)> Late { get; } = [];

        public IEnumerable<Balance> Balances => _balances
            .Select(static entry => new Balance(entry.Key.Shop, entry.Key.Hour, entry.Value.Amount, entry.Value.Count))
            .OrderBy(static balance => (balance.Shop, balance.Hour));

        public static T[] PartOf<T>(T[] rows, int part, int parts) =>
            rows[(rows.Length * part / parts)..(rows.Length * (part + 1) / parts)];

        public string SalesText(int split) =>
            "shop,amount,soldAt,clerk\n"
                + string.Concat(Sales[split].Select(static sale => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sale.Shop},{sale.Amount},{sale.SoldAt:yyyy-MM-ddTHH:mm:ssZ},\n")));

        public string RefundsText(int split) =>
            string.Concat(Refunds[split].Select(static refund => string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"shop\":\"{refund.Shop}\",\"amount\":{refund.Amount},\"paidAt\":\"{refund.PaidAt:yyyy-MM-ddTHH:mm:ssZ}\"}}\n")));

        private void Add(IEnumerable<(string Shop, int Amount, DateTimeOffset At)> split)
        {
            var newest = DateTimeOffset.MinValue;
            foreach (var (shop, amount, at) in split)
            {
                All.Add((shop, amount));
                var hour = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour));
                if (hour.AddHours(1) <= newest)
                {
                    Late.Add((shop, amount));
                }
                else
                {
                    var (sum, count) = _balances.GetValueOrDefault((shop, hour));
                    _balances[(shop, hour)] = (sum + amount, count + 1);
                }

                newest = at > newest ? at : newest;
            }
        }

        private static IEnumerable<DateTimeOffset> Times(Random random, int rows) =>
            Enumerable.Range(0, rows).Select(row => Start.AddMinutes(row * 4).AddMinutes(random.Next(5) == 0 ? -random.Next(90) : 0));

        private static string Shop(Random random) => "" + (char)('a' + random.Next(6));
    }
}
