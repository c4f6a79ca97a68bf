using Penstock.Runtime.Tests.State.Tables;
using Penstock.State;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Operators;

/// <summary>Distinct rows in the engine, compared with plain loops.</summary>
public sealed class DistinctTests
{
    private const long Second = VisitRows.Second;
    private const long Ttl = 8 * Second;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 7, 1)]
    [InlineData(2, 1024, 2)]
    [InlineData(3, 64, 3)]
    [InlineData(4, 3, 0)]
    public void Rows_are_those_of_a_loop(int parallelism, int batch, int origin)
    {
        var visits = VisitRows.Of(new Random(batch), 900, VisitRows.Origins[origin]);
        using var test = PipelineTest.For<DistinctPipeline>(
            options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        test.SendText(nameof(DistinctPipeline.Visits), VisitRows.Csv(visits));
        test.End(nameof(DistinctPipeline.Visits));
        test.Checkpoint();

        AssertIsThatOf(visits, test);
    }

    // Every checkpoint is restored, also by another number of subtasks; a crash without one begins anew.
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
        using var test = PipelineTest.For<DistinctPipeline>(options =>
            (options.Parallelism, options.BatchSize, options.ChannelCapacity) = (random.Next(1, 5), random.Next(1, 30), 2));
        for (var sent = 0; sent < visits.Length;)
        {
            var count = Math.Min(random.Next(1, 8), visits.Length - sent);
            test.SendText(nameof(DistinctPipeline.Visits), VisitRows.Csv(visits.AsSpan(sent, count)));
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

        test.End(nameof(DistinctPipeline.Visits));
        test.Checkpoint();

        AssertIsThatOf(visits, test);
    }

    [Fact]
    public void Crashes_before_every_kind_of_step_change_nothing()
    {
        var visits = VisitRows.Of(new Random(5), 60, VisitRows.Origins[3]);
        using var test = PipelineTest.For<DistinctPipeline>();
        var report = test.ExploreCrashes(input => input.SendText(nameof(DistinctPipeline.Visits), VisitRows.Csv(visits)), seeds: 150);

        Assert.Equal(150, report.Seeds);
        Assert.Contains("subtask # of First: Batch", report.Crashes.Keys);
        Assert.Contains("subtask # of Recent: Batch", report.Crashes.Keys);
        Assert.Contains("subtask # of DistinctPages: Batch", report.Crashes.Keys);
    }

    [Fact]
    public void A_key_is_passed_again_when_its_time_to_live_has_passed_since_the_row_that_passed()
    {
        using var test = PipelineTest.For<DistinctPipeline>();
        Visit[] visits =
        [
            new("ann", 1, 10 * Second, 0),
            new("ann", 1, 10 * Second, 1),

            // Dropped rows do not extend it.
            new("ann", 2, 17 * Second, 2),
            new("ann", 1, (18 * Second) - 1, 3),
            new("ann", 1, 18 * Second, 4),
            new("bob", 1, 18 * Second, 5),

            // Out of order: by their times, before the row that passed.
            new("ann", 1, 16 * Second, 6),
            new("ann", 1, 26 * Second, 7),
        ];
        test.SendText(nameof(DistinctPipeline.Visits), VisitRows.Csv(visits));
        test.End(nameof(DistinctPipeline.Visits));

        Assert.Equal([0, 4, 5, 7], test.Read<Visit>(nameof(DistinctPipeline.Recent)).Select(static visit => visit.Number));
    }

    [Fact]
    public void Without_event_time_keys_expire_by_the_clock_also_while_the_pipeline_is_down()
    {
        using var test = PipelineTest.For<HourlyPipeline>();
        Send(0);
        test.AdvanceClock(TimeSpan.FromMinutes(59));
        Send(1);
        test.Checkpoint();
        test.AdvanceClock(TimeSpan.FromSeconds(59));
        test.CrashAndRestore(3);
        Send(2);
        test.AdvanceClock(TimeSpan.FromSeconds(1));
        Send(3);
        test.Checkpoint();
        test.AdvanceClock(TimeSpan.FromMinutes(60));
        test.CrashAndRestore(1);
        Send(4);
        test.Checkpoint();

        Assert.Equal([0, 3, 4], test.Committed<Visit>(nameof(HourlyPipeline.Hourly)).Select(static visit => visit.Number));

        void Send(int number) => test.Send(nameof(HourlyPipeline.Visits), new Visit("ann", 1, 0, number));
    }

    [Fact]
    public void Rows_that_are_dropped_are_in_the_account_of_rows_that_come_in_only()
    {
        using var test = PipelineTest.For<HourlyPipeline>();
        var visits = Enumerable.Range(0, 10).Select(static number => new Visit($"u{number % 3}", 1, 0, number)).ToArray();
        test.Send<Visit>(nameof(HourlyPipeline.Visits), visits);
        test.End(nameof(HourlyPipeline.Visits));

        // The source and the operator: ten rows each come in; ten go from one to the other, and three to the sink.
        Assert.Equal((20, 13), (test.Counters.RowsIn, test.Counters.RowsOut));
    }

    [Fact]
    public void A_key_that_cannot_be_computed_fails_with_the_name_of_the_stream()
    {
        using var test = PipelineTest.For<ZonesPipeline>(static options => options.Restart.Strategy = RestartStrategy.None);
        var error = Assert.ThrowsAny<PipelineException>(() =>
            test.Send(nameof(ZonesPipeline.Parcels), new Parcel("7"), new Parcel("7"), new Parcel("x")));

        Assert.Equal("PSR403", error.Code);
        Assert.Contains("the key of stream 'Zones' cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_with_equal_hashes_are_found()
    {
        AssertFindsEachKeyOnce<AllEqual>();
        AssertFindsEachKeyOnce<HighBitsEqual>();
        AssertFindsEachKeyOnce<MostlyEqual>();
        AssertFindsEachKeyOnce<EqualInSets>();
        AssertFindsEachKeyOnce<InThrees>();
    }

    [Fact]
    public void Finding_a_key_is_no_change_of_it()
    {
        var table = new KeyedTable<ChosenKey<EqualInSets>, long>();
        for (var key = 0L; key < 1000; key++)
        {
            table.GetOrAdd(new(key), EqualInSets.Hash(key)) = key;
        }

        table.Freeze(all: true).End();
        for (var key = 0L; key < 1000; key++)
        {
            Assert.Equal(key, table.FindOrAdd(new(key), EqualInSets.Hash(key), out _));
        }

        table.FindOrAdd(new(1000), EqualInSets.Hash(1000), out _);
        var freeze = table.Freeze(all: false);
        var changed = new Changed();
        var room = FreezeRoom<ChosenKey<EqualInSets>, long>.Rent();
        freeze.Read(ref changed, room);
        room.Return();
        freeze.End();

        Assert.Equal([1000], changed.Keys);
    }

    private static void AssertFindsEachKeyOnce<TAlike>()
        where TAlike : struct, IAlike
    {
        var random = new Random(3);
        var table = new KeyedTable<ChosenKey<TAlike>, byte>();
        var seen = new HashSet<long>();
        for (var row = 0; row < 8_000; row++)
        {
            var key = random.NextInt64(3_000);
            table.FindOrAdd(new(key), TAlike.Hash(key), out var isNew);
            Assert.Equal(seen.Add(key), isNew);
        }

        Assert.Equal(seen.Count, table.Count);
    }

    private static void AssertIsThatOf(Visit[] visits, PipelineTest<DistinctPipeline> test)
    {
        var (first, pages) = (new HashSet<(string?, int?)>(), new HashSet<Page>());
        var users = new Dictionary<int, int>();
        var deadlines = new Dictionary<string, long>();
        var (expectedFirst, expectedRecent) = (new List<int>(), new List<int>());
        var newest = long.MinValue;
        foreach (var visit in visits)
        {
            pages.Add(new Page(visit.User, visit.Site));
            if (first.Add((visit.User, visit.Site)))
            {
                expectedFirst.Add(visit.Number);
                users[visit.Site ?? -1] = users.GetValueOrDefault(visit.Site ?? -1) + 1;
            }

            var now = VisitRows.Now(visit, ref newest, Ttl);
            if (!deadlines.TryGetValue(visit.User ?? "", out var deadline) || deadline <= now)
            {
                deadlines[visit.User ?? ""] = now + Ttl;
                expectedRecent.Add(visit.Number);
            }
        }

        Assert.Equal(expectedFirst, Numbers(nameof(DistinctPipeline.First)));
        Assert.Equal(expectedRecent, Numbers(nameof(DistinctPipeline.Recent)));
        Assert.Equal(expectedRecent.Where(static number => number % 2 != 0), Numbers(nameof(DistinctPipeline.Odd)));
        Assert.Equal(
            pages.OrderBy(static page => $"{page}", StringComparer.Ordinal),
            test.Committed<Page>(nameof(DistinctPipeline.DistinctPages)).OrderBy(static page => $"{page}", StringComparer.Ordinal));
        Assert.Equal(
            users.SelectMany(static site => Enumerable.Range(1, site.Value).Select(count => (site.Key, "" + count))).Order(),
            test.Committed<Page>(nameof(DistinctPipeline.Users)).Select(static page => (page.Site ?? -1, page.User!)).Order());

        IEnumerable<int> Numbers(string stream) => test.Committed<Visit>(stream).Select(static visit => visit.Number).Order();
    }

    private struct Changed() : IEntryVisitor<ChosenKey<EqualInSets>, long>
    {
        public List<long> Keys { get; } = [];

        public void Visit(ReadOnlySpan<KeyedEntry<ChosenKey<EqualInSets>, long>> entries)
        {
            foreach (ref readonly var entry in entries)
            {
                Keys.Add(entry.Key.Value);
            }
        }
    }
}
