using System.Globalization;
using CsCheck;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>
/// Random rows in random splits, sent in random pieces, at random parallelisms and batch sizes, with checkpoints and crashes in between.
/// The results must equal those of plain loops that implement only the rules.
/// </summary>
public class AnswerPropertyTests
{
    private static readonly string[] Users = ["ann", "bob", "cid", "dora", "eve"];

    [Fact]
    public void Answers_depend_on_the_splits_alone()
    {
        var rows = Gen.Select(Gen.Int[0, Users.Length - 1], Gen.Int[0, 200], Gen.Int[0, 3])
            .Select((user, second, value) => new Click(Users[user], WindowTests.Start(second).UtcDateTime, value)).Array[0, 40];
        Gen.Select(rows, rows, Gen.Int[1, 5], Gen.Int[1, 5].Select(size => size * size), Gen.Int[0, 1_000_000]).Sample(
            (first, second, parallelism, batchSize, seed) =>
            {
                var expected = Expected([first, second]);
                var (counts, late) = Run([first, second], parallelism, batchSize, new Random(seed));
                Assert.Equal(expected.Counts, counts);
                Assert.Equal(expected.Late, late);
            },
            iter: 300);
    }

    [Fact]
    public void A_wide_pipeline_gives_the_same_rows_at_any_parallelism()
    {
        var rows = Enumerable.Range(0, 300)
            .Select(index => new Click(Users[index * 7 % 5], WindowTests.Start(index / 2d).UtcDateTime, index % 4))
            .ToArray();
        var expected = ExpectedWide(rows);
        Assert.Equal(rows.Sum(row => row.Value), expected.Running.Length);
        foreach (var (parallelism, batchSize) in ((int, int)[])[(1, 1024), (1, 1), (2, 1), (3, 7), (4, 1024)])
        {
            var found = RunWide(rows, parallelism, batchSize);
            Assert.Equal(expected.Running, found.Running);
            Assert.Equal(expected.Counts, found.Counts);
            Assert.Equal(expected.Users, found.Users);
        }
    }

    private static (UserClicks[] Counts, Click[] Late) Run(Click[][] splits, int parallelism, int batchSize, Random random)
    {
        using var test = PipelineTest.For<ClicksPipeline>(
            options =>
            {
                options.Parallelism = parallelism;
                options.BatchSize = batchSize;
                options.ChannelCapacity = 2;
            },
            splitsPerSource: splits.Length);
        var sent = new int[splits.Length];
        while (Enumerable.Range(0, splits.Length).Any(split => sent[split] < splits[split].Length))
        {
            var split = random.Next(splits.Length);
            var count = Math.Min(random.Next(1, 8), splits[split].Length - sent[split]);
            test.SendTo(nameof(ClicksPipeline.Clicks), split, splits[split].AsSpan(sent[split], count));
            sent[split] += count;
            switch (random.Next(6))
            {
                case 0:
                    test.Checkpoint();
                    break;
                case 1:
                    test.CrashAndRestore(random.Next(1, 6));
                    break;
            }
        }

        test.End(nameof(ClicksPipeline.Clicks));
        test.Checkpoint();
        return (
            Sorted(test.Committed<UserClicks>(nameof(ClicksPipeline.Counts))),
            [.. test.Committed<Click>(nameof(ClicksPipeline.Late)).OrderBy(click => click.ToString(), StringComparer.Ordinal)]);
    }

    private static (UserClicks[] Counts, Click[] Late) Expected(Click[][] splits)
    {
        var groups = new Dictionary<(string, DateTime), (int Count, long Sum)>();
        var late = new List<Click>();
        foreach (var split in splits)
        {
            DateTime? newest = null;
            foreach (var click in split)
            {
                var start = click.At.AddSeconds(-(click.At.Second % 10));
                if (newest is { } time && start.AddSeconds(10) <= time.AddSeconds(-2))
                {
                    late.Add(click);
                }
                else
                {
                    var (count, sum) = groups.GetValueOrDefault((click.User, start));
                    groups[(click.User, start)] = (count + 1, sum + click.Value);
                }

                newest = newest is { } before && before > click.At ? before : click.At;
            }
        }

        return (
            Sorted(groups.Select(group => new UserClicks(group.Key.Item1, group.Key.Item2, group.Value.Count, group.Value.Sum))),
            [.. late.OrderBy(click => click.ToString(), StringComparer.Ordinal)]);
    }

    private static (Running[] Running, UserClicks[] Counts, UserClicks[] Users) RunWide(Click[] rows, int parallelism, int batchSize)
    {
        using var test = PipelineTest.For<WidePipeline>(options =>
        {
            options.Parallelism = parallelism;
            options.BatchSize = batchSize;
        });
        test.Send(nameof(WidePipeline.Clicks), rows);
        test.End(nameof(WidePipeline.Clicks));
        test.Checkpoint();
        return (
            [.. test.Committed<Running>(nameof(WidePipeline.Running))
                .OrderBy(running => running.User, StringComparer.Ordinal)
                .ThenBy(running => running.Count)],
            Sorted(test.Committed<UserClicks>(nameof(WidePipeline.Counts))),
            Sorted(test.Committed<UserClicks>(nameof(WidePipeline.Users))));
    }

    // The rows are in the order of their times, so that none is late.
    private static (Running[] Running, UserClicks[] Counts, UserClicks[] Users) ExpectedWide(Click[] rows)
    {
        var totals = new Dictionary<string, int>();
        var running = new List<Running>();
        var windows = new Dictionary<(string User, long Start), int>();
        foreach (var row in rows)
        {
            for (var unit = 0; unit < row.Value; unit++)
            {
                totals[row.User] = totals.GetValueOrDefault(row.User) + 1;
                running.Add(new Running(row.User, totals[row.User]));
                var window = (row.User, row.At.Ticks - (row.At.Ticks % TimeSpan.FromSeconds(10).Ticks));
                windows[window] = windows.GetValueOrDefault(window) + 1;
            }
        }

        // The windows of a minute contain the results of the windows of ten seconds within them.
        var minutes = new Dictionary<(int Count, long Start), (int Users, long Sum)>();
        foreach (var ((_, start), count) in windows)
        {
            var minute = (count, start - (start % TimeSpan.FromMinutes(1).Ticks));
            var (users, sum) = minutes.GetValueOrDefault(minute);
            minutes[minute] = (users + 1, sum + count);
        }

        return (
            [.. running.OrderBy(row => row.User, StringComparer.Ordinal).ThenBy(row => row.Count)],
            Sorted(windows.Select(window => new UserClicks(
                window.Key.User,
                new DateTime(window.Key.Start, DateTimeKind.Utc),
                window.Value,
                window.Value))),
            Sorted(minutes.Select(minute => new UserClicks(
                minute.Key.Count.ToString(CultureInfo.InvariantCulture),
                new DateTime(minute.Key.Start, DateTimeKind.Utc),
                minute.Value.Users,
                minute.Value.Sum))));
    }

    private static UserClicks[] Sorted(IEnumerable<UserClicks> rows) =>
        [.. rows.OrderBy(row => row.Start).ThenBy(row => row.User, StringComparer.Ordinal)];
}
