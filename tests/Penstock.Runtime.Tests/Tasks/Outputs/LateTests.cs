using System.Globalization;
using System.Text;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Outputs;

/// <summary>
/// Whether a late row of one window is also late for the next window depends only on the rows before it in its split, whatever the other
/// splits have read.
/// </summary>
public sealed class LateTests
{
    private const int Splits = 3;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 3)]
    [InlineData(3, 16)]
    public void What_is_late_depends_on_the_split_of_a_row_alone(int parallelism, int batch)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var (passages, others) = (Rows(random, 0, 120), Rows(random, 10_000, 40));
            using var test = PipelineTest.For<LatePipeline>(
                options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
                splitsPerSource: Splits);
            foreach (var (source, splits) in new[]
            {
                (nameof(LatePipeline.Passages), passages),
                (nameof(LatePipeline.Others), others)
            }.OrderBy(_ => random.Next()))
            {
                Send(test, source, splits, random);
                test.End(source);
            }

            var late = passages.Select(static split => LateFor(split, TimeSpan.FromMinutes(2), 5, 0).ToList()).ToList();
            Assert.NotEmpty(late.SelectMany(static rows => rows));
            AssertWindows(test, late, [], nameof(LatePipeline.LateCounts), nameof(LatePipeline.TooLate));
            AssertWindows(
                test,
                late,
                others.Select(static split => WithTime(split, TimeSpan.FromMinutes(3)).ToList()).ToList(),
                nameof(LatePipeline.BothCounts),
                nameof(LatePipeline.BothTooLate));
        }
    }

    [Fact]
    public void Crashes_change_nothing_of_it()
    {
        using var test = PipelineTest.For<LatePipeline>();
        test.ExploreCrashes(
            static input =>
            {
                var random = new Random(7);
                input.SendText(nameof(LatePipeline.Passages), Csv(Rows(random, 0, 120).SelectMany(static rows => rows)));
                input.SendText(nameof(LatePipeline.Others), Csv(Rows(random, 10_000, 40).SelectMany(static rows => rows)));
            },
            seeds: 60);
    }

    // The last version of each window, and their late rows.
    private static void AssertWindows(
        PipelineTest<LatePipeline> test,
        List<List<(Passage Row, DateTimeOffset Watermark)>> late,
        List<List<(Passage Row, DateTimeOffset Watermark)>> others,
        string counts,
        string tooLate)
    {
        var rows = late.Concat(others).SelectMany(static split => split).ToLookup(static row => IsLate(row, 20, 10), static row => row.Row);
        Assert.Equal(
            rows[false].GroupBy(static row => new Passages(row.Gate, WindowOf(row, 20), 0))
                .Select(static window => window.Key with { Count = window.Count() })
                .OrderBy(static window => window.ToString()),
            test.Read<Passages>(counts)
                .GroupBy(static window => window with { Count = 0 })
                .Select(static window => window.MaxBy(static version => version.Count))
                .OrderBy(static window => window.ToString()));
        Assert.Equal(rows[true].Select(static row => row.Id).Order(), test.Read<Passage>(tooLate).Select(static row => row.Id).Order());
    }

    private static IEnumerable<(Passage Row, DateTimeOffset Watermark)> LateFor(
        List<Passage> split,
        TimeSpan delay,
        int minutes,
        int lateness) =>
        WithTime(split, delay).Where(row => IsLate(row, minutes, lateness));

    private static bool IsLate((Passage Row, DateTimeOffset Watermark) row, int minutes, int lateness) =>
        WindowOf(row.Row, minutes).AddMinutes(minutes + lateness) <= row.Watermark;

    private static DateTimeOffset WindowOf(Passage row, int minutes) =>
        Start.AddMinutes(Math.Floor((row.At - Start).TotalMinutes / minutes) * minutes);

    // The largest time of the earlier rows, minus the delay.
    private static IEnumerable<(Passage Row, DateTimeOffset Watermark)> WithTime(List<Passage> split, TimeSpan delay)
    {
        var largest = DateTimeOffset.MinValue + delay;
        foreach (var row in split)
        {
            yield return (row, largest - delay);
            largest = row.At > largest ? row.At : largest;
        }
    }

    // Splits that are far apart in time, each with rows out of order.
    private static List<List<Passage>> Rows(Random random, int first, int count) => [.. Enumerable.Range(0, Splits).Select(split =>
    {
        var time = 100.0 * random.Next(4);
        return Enumerable.Range(0, count)
            .Select(row => new Passage(
                first + split * 1_000 + row,
                random.Next(3),
                Start.AddMinutes(Math.Max(0, time += random.Next(8) == 0 ? -random.Next(60) : random.Next(10)))))
            .ToList();
    })];

    private static void Send(PipelineTest<LatePipeline> test, string source, List<List<Passage>> splits, Random random)
    {
        var sent = new int[Splits];
        while (Enumerable.Range(0, Splits).Where(split => sent[split] < splits[split].Count).ToList() is { Count: > 0 } left)
        {
            var split = left[random.Next(left.Count)];
            var rows = splits[split].Skip(sent[split]).Take(1 + random.Next(60)).ToArray();
            test.SendTo(source, split, rows);
            sent[split] += rows.Length;
        }
    }

    private static string Csv(IEnumerable<Passage> rows)
    {
        var text = new StringBuilder("id,gate,at\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Id},{row.Gate},{row.At:yyyy-MM-ddTHH:mm:ssZ}\n");
        }

        return text.ToString();
    }
}
