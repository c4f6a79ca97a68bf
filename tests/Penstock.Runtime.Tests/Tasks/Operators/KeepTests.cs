using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Operators;

/// <summary>First and last rows of keys in the engine, compared with plain loops.</summary>
public sealed class KeepTests
{
    private const long Ttl = 8 * VisitRows.Second;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 7, 1)]
    [InlineData(2, 1024, 2)]
    [InlineData(3, 64, 3)]
    [InlineData(4, 3, 0)]
    public void Rows_are_those_of_a_loop(int parallelism, int batch, int origin)
    {
        var visits = VisitRows.Of(new Random(batch), 900, VisitRows.Origins[origin]);
        using var test = PipelineTest.For<KeepPipeline>(options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        test.SendText(nameof(KeepPipeline.Visits), VisitRows.Csv(visits));
        test.End(nameof(KeepPipeline.Visits));
        test.Checkpoint();

        AssertIsThatOf(visits, test);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Checkpoints_and_crashes_at_every_place_change_nothing(int seed)
    {
        var random = new Random(seed);
        var visits = VisitRows.Of(random, 300, VisitRows.Origins[seed % VisitRows.Origins.Length]);
        using var test = PipelineTest.For<KeepPipeline>(options =>
            (options.Parallelism, options.BatchSize, options.ChannelCapacity) = (random.Next(1, 5), random.Next(1, 30), 2));
        for (var sent = 0; sent < visits.Length;)
        {
            var count = Math.Min(random.Next(1, 8), visits.Length - sent);
            test.SendText(nameof(KeepPipeline.Visits), VisitRows.Csv(visits.AsSpan(sent, count)));
            sent += count;
            if (random.Next(2) == 0)
            {
                test.Checkpoint();
            }

            if (random.Next(3) == 0)
            {
                test.CrashAndRestore(random.Next(1, 5));
            }
        }

        test.End(nameof(KeepPipeline.Visits));
        test.Checkpoint();

        AssertIsThatOf(visits, test);
    }

    [Fact]
    public void Crashes_before_every_kind_of_step_change_nothing()
    {
        var visits = VisitRows.Of(new Random(5), 60, VisitRows.Origins[3]);
        using var test = PipelineTest.For<KeepPipeline>();
        var report = test.ExploreCrashes(input => input.SendText(nameof(KeepPipeline.Visits), VisitRows.Csv(visits)), seeds: 150);

        Assert.Equal(150, report.Seeds);
        Assert.Contains("subtask # of First: Batch", report.Crashes.Keys);
        Assert.Contains("subtask # of Last: Batch", report.Crashes.Keys);
    }

    [Fact]
    public void Of_rows_at_the_same_time_the_first_or_the_last_to_arrive_is_kept()
    {
        using var test = PipelineTest.For<KeepPipeline>();
        test.SendText(nameof(KeepPipeline.Visits), VisitRows.Csv(
        [
            new("ann", 1, 5 * VisitRows.Second, 0),
            new("ann", 1, 5 * VisitRows.Second, 1),
            new("ann", 1, 6 * VisitRows.Second, 2),
            new("ann", 1, 5 * VisitRows.Second, 3),
            new("ann", 1, 4 * VisitRows.Second, 4),
            new("ann", 1, 6 * VisitRows.Second, 5),
        ]));
        test.End(nameof(KeepPipeline.Visits));

        Assert.Equal([(RowKind.Insert, 0), (RowKind.UpdateAfter, 4)], Changes(test.ReadChanges<Visit>(nameof(KeepPipeline.First))));
        Assert.Equal(
            [(RowKind.UpdateAfter, 0), (RowKind.UpdateAfter, 1), (RowKind.UpdateAfter, 2), (RowKind.UpdateAfter, 5)],
            Changes(test.ReadChanges<Visit>(nameof(KeepPipeline.Last))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Without_event_time_rows_are_ordered_by_a_member_and_forgotten_by_the_clock(int parallelism)
    {
        using var test = PipelineTest.For<UntimedKeepPipeline>(options => options.Parallelism = parallelism);
        Send(5, 0);
        Send(4, 1);
        Send(5, 2);
        test.Checkpoint();
        test.AdvanceClock(TimeSpan.FromMinutes(59));
        test.CrashAndRestore(4 - parallelism);
        Send(3, 3);
        test.AdvanceClock(TimeSpan.FromMinutes(1));
        Send(3, 4);
        test.End(nameof(UntimedKeepPipeline.Visits));
        test.Checkpoint();

        Assert.Equal(
            [(RowKind.UpdateAfter, 0), (RowKind.UpdateAfter, 2), (RowKind.UpdateAfter, 4)],
            Changes(test.CommittedChanges<Visit>(nameof(UntimedKeepPipeline.Last))));
        Assert.Equal([0, 2, 4], test.Committed<SiteTotal>(nameof(UntimedKeepPipeline.Sums)).Select(static total => total.Sum));

        void Send(long at, int number) => test.Send(nameof(UntimedKeepPipeline.Visits), new Visit("ann", 1, at, number));
    }

    // How sums change depends on the order in which updates of several users arrive; the last ones do not.
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 1)]
    [InlineData(4, 64)]
    public void Updates_reach_an_operator_of_another_key(int parallelism, int batch)
    {
        var visits = VisitRows.Of(new Random(batch), 600, VisitRows.Origins[3]);
        using var test = PipelineTest.For<LatestSumsPipeline>(options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        test.SendText(nameof(LatestSumsPipeline.Visits), VisitRows.Csv(visits));
        test.End(nameof(LatestSumsPipeline.Visits));
        test.Checkpoint();

        var latest = new Dictionary<(string, int?), Visit>();
        foreach (var visit in visits)
        {
            if (!latest.TryGetValue((visit.User ?? "", visit.Site), out var before) || visit.At >= before.At)
            {
                latest[(visit.User ?? "", visit.Site)] = visit;
            }
        }

        Assert.Equal(
            latest.Values.GroupBy(static visit => visit.Site ?? -1)
                .Select(static site => (site.Key, site.Sum(static visit => visit.Number)))
                .Order(),
            test.Committed<SiteTotal>(nameof(LatestSumsPipeline.Sums))
                .GroupBy(static total => total.Site ?? -1)
                .Select(static site => (site.Key, site.Last().Sum))
                .Order());
    }

    private static IEnumerable<(RowKind, int)> Changes(IEnumerable<Change<Visit>> changes) =>
        changes.Select(static change => (change.Kind, change.Row.Number));

    private static void AssertIsThatOf(Visit[] visits, PipelineTest<KeepPipeline> test)
    {
        var first = new Dictionary<string, long>();
        var last = new Dictionary<(string, int?), (long At, long Until)>();
        var farthest = new Dictionary<string, int?>();
        var expected = new Dictionary<string, List<(string Key, RowKind Kind, int Number)>>
        {
            ["First"] = [],
            ["Last"] = [],
            ["Farthest"] = [],
            ["Odd"] = [],
            ["OddLast"] = [],
        };
        var newest = long.MinValue;
        foreach (var visit in visits)
        {
            var user = visit.User ?? "";
            var now = VisitRows.Now(visit, ref newest, Ttl);
            if (Take("First", user, first.TryGetValue(user, out var earliest), visit.At < earliest))
            {
                first[user] = visit.At;
            }

            var pair = (user, visit.Site);
            var isLiving = last.TryGetValue(pair, out var kept) && kept.Until > now;
            if (Take("Last", $"{pair}", isLiving, visit.At >= kept.At))
            {
                last[pair] = (visit.At, isLiving ? Math.Max(kept.Until, now + Ttl) : now + Ttl);
            }

            // Null is the smallest.
            if (Take("Farthest", user, farthest.TryGetValue(user, out var site), (visit.Site ?? -1) >= (site ?? -1)))
            {
                farthest[user] = visit.Site;
            }

            // Whether the row is emitted.
            bool Take(string stream, string key, bool isKept, bool takesPlace)
            {
                if (isKept && !takesPlace)
                {
                    return false;
                }

                // A key whose row is kept for a time may have had one that was forgotten.
                var kind = isKept || stream == "Last" ? RowKind.UpdateAfter : RowKind.Insert;
                expected[stream].Add((key, kind, visit.Number));
                if (stream == "Last")
                {
                    expected["OddLast"].Add((key, visit.Number % 2 != 0 ? kind : RowKind.Delete, visit.Number));
                }

                if (stream == "Farthest" && (isKept || visit.Number % 2 != 0))
                {
                    expected["Odd"].Add((key, visit.Number % 2 != 0 ? kind : RowKind.Delete, visit.Number));
                }

                return true;
            }
        }

        foreach (var stream in expected.Keys)
        {
            // The rows of each key in their order.
            Assert.Equal(
                expected[stream].OrderBy(static change => change.Key, StringComparer.Ordinal),
                test.CommittedChanges<Visit>(stream)
                    .Select(change => (
                        stream is "Last" or "OddLast" ? $"{(change.Row.User ?? "", change.Row.Site)}" : change.Row.User ?? "",
                        change.Kind,
                        change.Row.Number))
                    .OrderBy(static change => change.Item1, StringComparer.Ordinal));
        }
    }
}
