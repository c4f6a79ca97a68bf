using Penstock.Runtime.Tests.Windows.Firing;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Sorting;

/// <summary>Streams with <c>[SortByTime]</c> have the rows of a plain loop over the text, in the order of time.</summary>
public sealed class SortTests
{
    private const int Seeds = 10;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1024, 1)]
    [InlineData(2, 3, 3)]
    [InlineData(3, 16, 3)]
    [InlineData(4, 64, 2)]
    public void Rows_leave_in_the_order_of_time(int parallelism, int batch, int splits)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var lines = TradeOracle.Lines(new Random(seed), splits, 150);
            using var test = Create(parallelism, batch, splits);
            for (var split = 0; split < splits; split++)
            {
                test.SendText(nameof(SortPipeline.Trades), TradeOracle.Csv(lines[split]), split);
            }

            test.End(nameof(SortPipeline.Trades));
            AssertResults(test.Read<Trade>, test.Read<TradeWindow>, lines);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(4, 2)]
    public void Restarts_at_any_parallelism_change_nothing(int parallelism, int other)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var lines = TradeOracle.Lines(new Random(seed), splits: 2, 160);
            using var test = Create(parallelism, batch: 7, splits: 2);
            for (var from = 0; from < 160; from += 20)
            {
                for (var split = 0; split < lines.Count; split++)
                {
                    test.SendTo(nameof(SortPipeline.Trades), split, lines[split].Skip(from).Take(20).Select(TradeOf).ToArray());
                    if (from % 40 == 0)
                    {
                        test.Checkpoint();
                    }
                }

                test.CrashAndRestore(from % 40 == 0 ? other : parallelism);
            }

            test.End(nameof(SortPipeline.Trades));
            test.Checkpoint();
            AssertResults(test.Committed<Trade>, test.Committed<TradeWindow>, lines);
        }
    }

    [Fact]
    public void Crashes_at_any_step_change_nothing()
    {
        using var test = PipelineTest.For<SortPipeline>();
        test.ExploreCrashes(
            static input => input.SendText(
                nameof(SortPipeline.Trades),
                TradeOracle.Csv(TradeOracle.Lines(new Random(11), splits: 1, 120)[0])),
            seeds: 40);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 16)]
    [InlineData(3, 7)]
    public void Rows_that_leave_stop_while_the_next_task_takes_none(int parallelism, int batchSize)
    {
        // All rows leave at the end of input.
        const int Rows = 2_000;
        var trades = Enumerable.Range(0, Rows)
            .Select(static id => new Trade(id, $"S{id % 5}", null, Start.AddMilliseconds(id * 7 % Rows)))
            .ToList();
        using var harness = new BurstHarness<SortPipeline>(seed: batchSize, parallelism, batchSize);
        harness.Send(nameof(SortPipeline.Trades), trades);
        harness.Run();
        Assert.True(harness.HasEnded);
        var expected = trades.OrderBy(static trade => trade.At).Select(static trade => trade.Id).ToList();
        Assert.Equal(expected, Ids(harness.Read<Trade>(nameof(SortPipeline.Sorted))));
        foreach (var symbol in harness.Read<Trade>(nameof(SortPipeline.Numbered)).GroupBy(static trade => trade.Symbol))
        {
            Assert.Equal(expected.Where(id => $"S{id % 5}" == symbol.Key), Ids(symbol));
        }

        Assert.InRange(harness.Suspensions, 1, int.MaxValue);
        Assert.InRange(harness.LongestOutbox, 1, 8 * parallelism);
    }

    [Fact]
    public void A_row_waits_until_the_watermark_has_passed_its_time()
    {
        using var test = Create(parallelism: 1, batch: 4, splits: 1);
        test.Send(nameof(SortPipeline.Trades), TradeAt(1, 3), TradeAt(2, 1), TradeAt(3, 3));
        Assert.Empty(test.Read<Trade>(nameof(SortPipeline.Sorted)));
        test.AdvanceWatermark(nameof(SortPipeline.Trades), Start.AddSeconds(3));
        Assert.Equal([2], Ids(test.Read<Trade>(nameof(SortPipeline.Sorted))));
        test.Send(nameof(SortPipeline.Trades), TradeAt(4, 3), TradeAt(5, 2.999));
        test.AdvanceWatermark(nameof(SortPipeline.Trades), Start.AddSeconds(3).AddTicks(10));
        Assert.Equal([1, 3, 4], Ids(test.Read<Trade>(nameof(SortPipeline.Sorted))));
        Assert.Equal([5], Ids(test.Read<Trade>(nameof(SortPipeline.Late))));
    }

    [Fact]
    public void An_operator_that_fails_for_a_sorted_row_is_named_with_the_time_of_the_row()
    {
        using var test = Create(parallelism: 1, batch: 4, splits: 1);
        test.Send(nameof(SortPipeline.Trades), TradeAt(1, 1) with { Note = "throw" });
        var error = Assert.ThrowsAny<PipelineException>(() => test.End(nameof(SortPipeline.Trades)));
        Assert.Contains("operator 'WithNote'", error.Message, StringComparison.Ordinal);
        Assert.Contains("at a sorted row, event time 2024-10-04T00:00:01.000000Z", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_computed_key_of_a_further_input_that_throws_names_the_stream_and_the_time_of_the_row()
    {
        using var test = PipelineTest.For<SortedLimitsPipeline>(static options => options.Parallelism = 2);
        test.SendText(nameof(SortedLimitsPipeline.Limits), "text,at\nnothing,2024-10-04T00:00:01Z\n");
        var error = Assert.Throws<OperatorException>(() => test.End(nameof(SortedLimitsPipeline.Limits)));
        Assert.Contains(
            "the key of stream 'Limited' cannot be read at a sorted row, event time 2024-10-04T00:00:01.000000Z",
            error.Message,
            StringComparison.Ordinal);
    }

    private static Trade TradeAt(int id, double second) => new(id, "S", null, Start.AddSeconds(second));

    private static Trade TradeOf(string line)
    {
        var fields = line.Split(',');
        return new Trade(
            TradeOracle.IdOf(line),
            fields[1],
            fields[2].Length == 0 ? null : fields[2],
            DateTimeOffset.FromUnixTimeMilliseconds(TradeOracle.TimeOf(line)));
    }

    private static IEnumerable<int> Ids(IEnumerable<Trade> trades) => trades.Select(static trade => trade.Id);

    private static PipelineTest<SortPipeline> Create(int parallelism, int batch, int splits) => PipelineTest.For<SortPipeline>(
        options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
        splitsPerSource: splits);

    private static void AssertResults(
        Func<string, IReadOnlyList<Trade>> read,
        Func<string, IReadOnlyList<TradeWindow>> windows,
        List<List<string>> splits)
    {
        var (inTime, late) = TradeOracle.Split(splits);
        var all = inTime.SelectMany(static lines => lines).ToList();
        Assert.Equal(late, Ids(read(nameof(SortPipeline.Late))).Order());
        Assert.Empty(read(nameof(SortPipeline.LateForWindows)));

        // All rows in the order of time; those of a split with the same time in the order of the split.
        var sorted = read(nameof(SortPipeline.Sorted)).Select(TradeOracle.LineOf).ToList();
        Assert.Equal(all.Order(StringComparer.Ordinal), sorted.Order(StringComparer.Ordinal));
        AssertOrder(sorted, inTime);
        Assert.Equal(
            sorted.Where(static line => line.Split(',')[2].Length > 0),
            read(nameof(SortPipeline.WithNote)).Select(TradeOracle.LineOf));

        // With a key, the rows of each in order.
        var bySymbol = read(nameof(SortPipeline.BySymbol)).Select(TradeOracle.LineOf).ToList();
        Assert.Equal(all.Order(StringComparer.Ordinal), bySymbol.Order(StringComparer.Ordinal));
        foreach (var symbol in bySymbol.GroupBy(TradeOracle.SymbolOf))
        {
            AssertOrder([.. symbol], [.. inTime.Select(lines => lines.FindAll(line => TradeOracle.SymbolOf(line) == symbol.Key))]);
        }

        // What follows gets them in that order, and is not late.
        foreach (var symbol in read(nameof(SortPipeline.Numbered)).GroupBy(static trade => trade.Symbol))
        {
            var numbers = symbol.ToDictionary(static trade => trade.Id, static trade => trade.Note);
            var ids = bySymbol.Where(line => TradeOracle.SymbolOf(line) == symbol.Key).Select(TradeOracle.IdOf);
            Assert.Equal(ids.Select(static (id, index) => (id, $"{index}")), ids.Select(id => (id, numbers[id]!)));
        }

        Assert.Equal(
            sorted.GroupBy(static line => (TradeOracle.SymbolOf(line), TradeOracle.TimeOf(line) / 10_000))
                .Select(static window =>
                    $"{window.Key.Item1} {window.Key.Item2}:{string.Concat(window.Select(static line => $" {TradeOracle.IdOf(line)}"))}")
                .Order(StringComparer.Ordinal),
            windows(nameof(SortPipeline.Windows))
                .Select(static window => $"{window.Symbol} {window.Start.ToUnixTimeMilliseconds() / 10_000}:{window.Ids}")
                .Order(StringComparer.Ordinal));
    }

    private static void AssertOrder(List<string> sorted, List<List<string>> splits)
    {
        Assert.Equal(sorted.Select(TradeOracle.TimeOf).Order(), sorted.Select(TradeOracle.TimeOf));
        foreach (var lines in splits)
        {
            var ids = lines.Select(TradeOracle.IdOf).ToHashSet();
            Assert.Equal(
                lines.OrderBy(TradeOracle.TimeOf).Select(TradeOracle.IdOf),
                sorted.Select(TradeOracle.IdOf).Where(ids.Contains));
        }
    }
}
