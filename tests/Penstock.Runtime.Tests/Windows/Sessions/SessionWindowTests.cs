using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows.Sessions;

/// <summary>Session windows give the results of a plain loop over rows.</summary>
public sealed class SessionWindowTests
{
    private const int Seeds = 12;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1024, 1)]
    [InlineData(2, 3, 3)]
    [InlineData(3, 16, 3)]
    [InlineData(4, 64, 2)]
    public void Rows_are_in_the_sessions_that_are_open_for_them(int parallelism, int batch, int splits)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var rows = TapOracle.Rows(new Random(seed), splits, 150);
            using var test = Create(parallelism, batch, splits);
            var random = new Random(seed);
            foreach (var split in Enumerable.Range(0, splits).OrderBy(_ => random.Next()))
            {
                test.SendTo(nameof(TapPipeline.All), split, rows[split].ToArray());
            }

            test.End(nameof(TapPipeline.All));
            AssertResults(test.ReadChanges<TapSession>, test.Read<Tap>, rows);
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(3, 5)]
    public void Rows_of_text_give_the_same(int parallelism, int batch)
    {
        var rows = TapOracle.Rows(new Random(3), splits: 2, 200);
        using var test = Create(parallelism, batch, splits: 2);
        for (var split = 0; split < rows.Count; split++)
        {
            test.SendText(nameof(TapPipeline.All), TapOracle.Csv(rows[split]), split);
        }

        test.End(nameof(TapPipeline.All));
        AssertResults(test.ReadChanges<TapSession>, test.Read<Tap>, rows);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(4, 2)]
    public void Restarts_at_any_parallelism_change_nothing(int parallelism, int other)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var rows = TapOracle.Rows(new Random(seed), splits: 2, 160);
            using var test = Create(parallelism, batch: 7, splits: 2);
            for (var from = 0; from < 160; from += 20)
            {
                for (var split = 0; split < rows.Count; split++)
                {
                    test.SendTo(nameof(TapPipeline.All), split, rows[split].Skip(from).Take(20).ToArray());
                    if (from % 40 == 0)
                    {
                        test.Checkpoint();
                    }
                }

                test.CrashAndRestore(from % 40 == 0 ? other : parallelism);
            }

            test.End(nameof(TapPipeline.All));
            test.Checkpoint();
            AssertResults(test.CommittedChanges<TapSession>, test.Committed<Tap>, rows);
        }
    }

    [Fact]
    public void Crashes_at_any_step_change_nothing()
    {
        using var test = PipelineTest.For<TapPipeline>();
        test.ExploreCrashes(
            static input => input.SendText(
                nameof(TapPipeline.All),
                TapOracle.Csv(TapOracle.Rows(new Random(11), splits: 1, 120)[0])),
            seeds: 40);
    }

    [Fact]
    public void Rows_of_a_user_in_several_splits_are_one_session_whichever_comes_first()
    {
        foreach (var order in new[] { new[] { 0, 1 }, [1, 0] })
        {
            using var test = Create(parallelism: 2, batch: 4, splits: 2);
            Tap[][] rows = [[TapAt(1, 0), TapAt(2, 9), TapAt(3, 30)], [TapAt(4, 16), TapAt(5, 24), TapAt(6, 34)]];
            foreach (var split in order)
            {
                test.SendTo(nameof(TapPipeline.All), split, rows[split]);
            }

            test.End(nameof(TapPipeline.All));
            Assert.Equal(
                new TapSession("ann", Start, Start.AddSeconds(44), "1 2 3 4 5 6", 0),
                Assert.Single(test.Read<TapSession>(nameof(TapPipeline.Sessions))));
        }
    }

    [Fact]
    public void A_row_at_the_end_of_a_session_begins_the_next_one()
    {
        using var test = Create(parallelism: 1, batch: 4, splits: 1);
        test.Send(nameof(TapPipeline.All), TapAt(1, 0), TapAt(2, 10), TapAt(3, 19.999), TapAt(4, 24));
        Assert.Equal(
            [new TapSession("ann", Start, Start.AddSeconds(10), "1", 0)],
            test.Read<TapSession>(nameof(TapPipeline.Sessions)));
        test.AdvanceWatermark(nameof(TapPipeline.All), Start.AddSeconds(34).AddTicks(-10));
        Assert.Empty(test.Read<TapSession>(nameof(TapPipeline.Sessions)));
        test.AdvanceWatermark(nameof(TapPipeline.All), Start.AddSeconds(34));
        Assert.Equal(
            [new TapSession("ann", Start.AddSeconds(10), Start.AddSeconds(34), "2 3 4", 1)],
            test.Read<TapSession>(nameof(TapPipeline.Sessions)));
    }

    [Fact]
    public void Late_rows_change_results_that_were_sent()
    {
        using var test = Create(parallelism: 1, batch: 4, splits: 1);
        test.Send(nameof(TapPipeline.All), TapAt(1, 0), TapAt(2, 17));

        // The sessions of both rows end.
        test.AdvanceWatermark(nameof(TapPipeline.All), Start.AddSeconds(28));
        AssertChanges(test, (RowKind.Insert, 0, 10, "1"), (RowKind.Insert, 17, 27, "2"));

        // The second session starts earlier, then has another row. The first one is gone.
        test.Send(nameof(TapPipeline.All), TapAt(3, 14));
        AssertChanges(test, (RowKind.Delete, 17, 27, "2"), (RowKind.Insert, 14, 27, "2 3"));
        test.Send(nameof(TapPipeline.All), TapAt(4, 15));
        AssertChanges(test, (RowKind.UpdateAfter, 14, 27, "2 3 4"));
        test.Send(nameof(TapPipeline.All), TapAt(5, 26));

        // The end has moved behind the watermark, so it fires there.
        AssertChanges(test);
        test.AdvanceWatermark(nameof(TapPipeline.All), Start.AddSeconds(36));
        AssertChanges(test, (RowKind.UpdateAfter, 14, 36, "2 3 4 5"));
        Assert.Empty(test.Read<Tap>(nameof(TapPipeline.PatientLate)));
    }

    [Fact]
    public void A_session_with_a_result_is_joined_with_one_without()
    {
        using var test = Create(parallelism: 1, batch: 4, splits: 1);
        test.Send(nameof(TapPipeline.All), TapAt(1, 0), TapAt(2, 12));
        test.AdvanceWatermark(nameof(TapPipeline.All), Start.AddSeconds(17));
        AssertChanges(test, (RowKind.Insert, 0, 10, "1"));
        test.Send(nameof(TapPipeline.All), TapAt(3, 8));
        AssertChanges(test);
        test.AdvanceWatermark(nameof(TapPipeline.All), Start.AddSeconds(22));
        AssertChanges(test, (RowKind.UpdateAfter, 0, 22, "1 2 3"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_results_become_one(bool isNewerOpen)
    {
        using var test = Create(parallelism: 1, batch: 4, splits: 1);
        test.Send(nameof(TapPipeline.All), TapAt(1, 0), TapAt(2, 11));
        if (isNewerOpen)
        {
            test.Send(nameof(TapPipeline.All), TapAt(9, 26));
        }

        test.AdvanceWatermark(nameof(TapPipeline.All), Start.AddSeconds(22));
        AssertChanges(test, (RowKind.Insert, 0, 10, "1"), (RowKind.Insert, 11, 21, "2"));
        test.Send(nameof(TapPipeline.All), TapAt(3, 5));
        AssertChanges(test, (RowKind.Delete, 11, 21, "2"), (RowKind.UpdateAfter, 0, 21, "1 2 3"));
    }

    private static Tap TapAt(int id, double second) => new(id, "ann", Start.AddSeconds(second));

    private static void AssertChanges(PipelineTest<TapPipeline> test, params (RowKind Kind, int From, int To, string Ids)[] expected) =>
        Assert.Equal(
            expected.Select(static change =>
                (change.Kind, new TapSession("ann", Start.AddSeconds(change.From), Start.AddSeconds(change.To), change.Ids, 0))),
            test.ReadChanges<TapSession>(nameof(TapPipeline.Patient)).Select(static change => (change.Kind, change.Row)));

    private static PipelineTest<TapPipeline> Create(int parallelism, int batch, int splits) => PipelineTest.For<TapPipeline>(
        options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
        splitsPerSource: splits);

    private static void AssertResults(
        Func<string, IReadOnlyList<Change<TapSession>>> changes,
        Func<string, IReadOnlyList<Tap>> late,
        List<List<Tap>> rows)
    {
        var strict = TapOracle.Strict(rows);
        Assert.Equal(
            strict.Results(counts: true),
            changes(nameof(TapPipeline.Sessions)).Select(static change => change.Row.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(strict.Late, late(nameof(TapPipeline.Late)).Select(static tap => tap.Id).Order());

        var patient = TapOracle.Patient(rows);
        Assert.Equal(
            patient.Results(counts: false),
            Applied(changes(nameof(TapPipeline.Patient))).Select(static row => row.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(patient.Late, late(nameof(TapPipeline.PatientLate)).Select(static tap => tap.Id).Order());
    }

    // The rows that are left of a changelog: each change must fit what was there before.
    private static IEnumerable<TapSession> Applied(IEnumerable<Change<TapSession>> changes)
    {
        var rows = new Dictionary<(string User, DateTimeOffset Start), TapSession>();
        foreach (var change in changes)
        {
            var key = (change.Row.User, change.Row.Start);
            Assert.Equal(change.Kind != RowKind.Insert, rows.ContainsKey(key));
            if (change.Kind == RowKind.Delete)
            {
                rows.Remove(key);
            }
            else
            {
                rows[key] = change.Row;
            }
        }

        return rows.Values;
    }
}
