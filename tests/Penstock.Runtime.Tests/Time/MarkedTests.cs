using System.Globalization;
using System.Text;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Time;

/// <summary>Rows decide the watermarks, by a method of the pipeline.</summary>
public sealed class MarkedTests
{
    private const long Start = 1_000_000_000_000_000;
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 3)]
    [InlineData(3, 16)]
    public void Windows_fire_and_rows_are_late_by_them_alone(int parallelism, int batch)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var splits = Enumerable.Range(0, 2).Select(split => Rows(new Random(seed * 2 + split))).ToList();
            using var test = PipelineTest.For<BeepsMarked>(
                options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
                splitsPerSource: splits.Count);
            for (var split = 0; split < splits.Count; split++)
            {
                test.SendText(nameof(BeepsMarked.Beeps), Csv(splits[split]), split);
            }

            test.End(nameof(BeepsMarked.Beeps));
            var late = splits.SelectMany(LateOf).ToList();
            Assert.NotEmpty(late);
            Assert.Equal(
                late.OrderBy(static beep => beep.ToString()),
                test.Read<Beep>(nameof(BeepsMarked.Late)).OrderBy(static beep => beep.ToString()));
            Assert.Equal(
                splits.SelectMany(static rows => rows.Except(LateOf(rows)))
                    .GroupBy(static beep => new Ticks(beep.User, EndOf(beep) - 10 * Second, 0))
                    .Select(static window => window.Key with { Count = window.Count() })
                    .OrderBy(static window => window.ToString()),
                test.Read<Ticks>(nameof(BeepsMarked.Counts)).OrderBy(static window => window.ToString()));
            Assert.Equal(0, test.Counters.OutOfOrder);
        }
    }

    [Fact]
    public void No_window_fires_before_a_row_says_so()
    {
        using var test = PipelineTest.For<BeepsMarked>();
        test.Send(
            nameof(BeepsMarked.Beeps),
            new Beep("ann", Start, 1),
            new Beep("ann", Start + 100 * Second, 2),
            new Beep("ann", Start + 50 * Second, 3),
            new Beep("ann", Start + 1, 4));
        Assert.Empty(test.Read<Ticks>(nameof(BeepsMarked.Counts)));
        test.Send(nameof(BeepsMarked.Beeps), new Beep("eve", Start + 20 * Second, -1), new Beep("ann", Start + 2, 5));
        Assert.Equal([new Ticks("ann", Start, 2)], test.Read<Ticks>(nameof(BeepsMarked.Counts)));
        Assert.Equal([5], test.Read<Beep>(nameof(BeepsMarked.Late)).Select(static beep => beep.Value));

        // An earlier watermark has no effect.
        test.Send(nameof(BeepsMarked.Beeps), new Beep("eve", Start + 15 * Second, -2), new Beep("ann", Start + 19 * Second, 6));
        Assert.Equal([-2, 6], test.Read<Beep>(nameof(BeepsMarked.Late)).Select(static beep => beep.Value));
    }

    [Fact]
    public void Crashes_change_nothing_of_it()
    {
        using var test = PipelineTest.For<BeepsMarked>();
        test.ExploreCrashes(static input => input.SendText(nameof(BeepsMarked.Beeps), Csv(Rows(new Random(5)))), seeds: 40);
    }

    [Theory]
    [InlineData(13, "InvalidOperationException: It is 13.")]
    [InlineData(
        14,
        "InvalidOperationException: The method with [Watermark] has returned 9999-12-31T23:59:59.9999990+00:00, which is outside of the years "
            + "2 to 9998.")]
    public void A_method_that_fails_is_named_with_the_row(int value, string problem)
    {
        using var test = PipelineTest.For<BeepsMarked>();
        var error = Assert.Throws<OperatorException>(() => test.SendText(
            nameof(BeepsMarked.Beeps),
            $"user,at,value\nann,{Start},1\nann,,2\nbob,{Start},{value}\n"));
        Assert.StartsWith(
            $"PSR307: Pipeline 'BeepsMarked': the watermark of stream 'Beeps' cannot be read at row 2 of the test: {problem}",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_delay_in_configuration_is_refused()
    {
        var error = Assert.Throws<PipelineException>(() => PipelineTest.For<BeepsMarked>(static options =>
            options.Sources["Beeps"] = new SourceOptions { MaxDelay = TimeSpan.FromSeconds(1) }));
        Assert.StartsWith(
            "PSR102: The configuration of pipeline 'BeepsMarked' is wrong: Sources:Beeps:MaxDelay has no effect",
            error.Message,
            StringComparison.Ordinal);
    }

    private static List<Beep> Rows(Random random)
    {
        var rows = new List<Beep>();
        var now = Start;
        for (var index = 0; index < 200; index++)
        {
            now += random.NextInt64(Second);
            rows.Add(new Beep($"u{random.Next(3)}", now - random.NextInt64(20 * Second), 20 + index));
            if (random.Next(10) == 0)
            {
                rows.Add(new Beep("eve", now - 5 * Second, -1 - index));
            }
        }

        return rows;
    }

    private static string Csv(IEnumerable<Beep> beeps) => beeps
        .Aggregate(new StringBuilder("user,at,value\n"), static (text, beep) =>
            text.Append(CultureInfo.InvariantCulture, $"{beep.User},{beep.At},{beep.Value}\n"))
        .ToString();

    private static long EndOf(Beep beep) => beep.At!.Value / (10 * Second) * (10 * Second) + 10 * Second;

    private static IEnumerable<Beep> LateOf(List<Beep> rows)
    {
        var watermark = long.MinValue;
        foreach (var beep in rows)
        {
            if (EndOf(beep) <= watermark)
            {
                yield return beep;
            }

            watermark = beep.Value < 0 ? Math.Max(watermark, beep.At!.Value) : watermark;
        }
    }
}
