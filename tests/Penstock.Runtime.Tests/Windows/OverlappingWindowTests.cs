using Penstock.Testing;

namespace Penstock.Runtime.Tests.Windows;

/// <summary>Sliding and cumulative windows give the results of a plain loop over all windows of each row.</summary>
public sealed class OverlappingWindowTests
{
    private const int Seeds = 12;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1024, 1)]
    [InlineData(2, 3, 3)]
    [InlineData(3, 16, 3)]
    [InlineData(4, 64, 2)]
    public void Each_row_counts_in_the_windows_that_are_open_for_it(int parallelism, int batch, int splits)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var rows = HitOracle.Rows(new Random(seed), splits, 150);
            using var test = Start(parallelism, batch, splits);
            var random = new Random(seed);
            foreach (var split in Enumerable.Range(0, splits).OrderBy(_ => random.Next()))
            {
                test.SendTo(nameof(HitPipeline.All), split, rows[split].ToArray());
            }

            test.End(nameof(HitPipeline.All));
            AssertResults(test, rows);
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(3, 5)]
    public void Rows_of_text_give_the_same(int parallelism, int batch)
    {
        var rows = HitOracle.Rows(new Random(3), splits: 2, 200);
        using var test = Start(parallelism, batch, splits: 2);
        for (var split = 0; split < rows.Count; split++)
        {
            test.SendText(nameof(HitPipeline.All), HitOracle.Csv(rows[split]), split);
        }

        test.End(nameof(HitPipeline.All));
        AssertResults(test, rows);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(4, 2)]
    public void Restarts_at_any_parallelism_change_nothing(int parallelism, int other)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var rows = HitOracle.Rows(new Random(seed), splits: 2, 160);
            using var test = Start(parallelism, batch: 7, splits: 2);
            for (var from = 0; from < 160; from += 20)
            {
                for (var split = 0; split < rows.Count; split++)
                {
                    test.SendTo(nameof(HitPipeline.All), split, rows[split].Skip(from).Take(20).ToArray());
                    if (from % 40 == 0)
                    {
                        test.Checkpoint();
                    }
                }

                test.CrashAndRestore(from % 40 == 0 ? other : parallelism);
            }

            test.End(nameof(HitPipeline.All));
            test.Checkpoint();
            AssertCommitted(test, rows);
        }
    }

    [Fact]
    public void Crashes_at_any_step_change_nothing()
    {
        using var test = PipelineTest.For<HitPipeline>();
        test.ExploreCrashes(
            static input => input.SendText(
                nameof(HitPipeline.All),
                HitOracle.Csv(HitOracle.Rows(new Random(11), splits: 1, 120)[0])),
            seeds: 40);
    }

    [Fact]
    public void A_window_without_rows_of_a_key_does_not_fire_for_it()
    {
        using var test = Start(parallelism: 1, batch: 10, splits: 1);
        var at = HitOracle.Epoch.AddSeconds(1_000_001);
        test.Send(nameof(HitPipeline.All), new Hit(1, "a", at), new Hit(2, "b", at.AddHours(1)));
        test.End(nameof(HitPipeline.All));
        Assert.Equal(
            [("a", 10), ("b", 10)],
            PerPage(test.Read<Hits>(nameof(HitPipeline.Sliding))));
        Assert.Equal(
            [("a", 4), ("b", 4)],
            PerPage(test.Read<Hits>(nameof(HitPipeline.Patient))));
        Assert.Equal(2, test.Read<Hits>(nameof(HitPipeline.Growing)).Select(static hits => (hits.Page, hits.Start)).Distinct().Count());
    }

    private static IEnumerable<(string Page, int Windows)> PerPage(IReadOnlyList<Hits> windows) =>
        windows.CountBy(static hits => hits.Page).Select(static page => (page.Key, page.Value)).Order();

    private static PipelineTest<HitPipeline> Start(int parallelism, int batch, int splits) => PipelineTest.For<HitPipeline>(
        options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
        splitsPerSource: splits);

    private static void AssertResults(PipelineTest<HitPipeline> test, List<List<Hit>> rows) =>
        AssertResults(test.ReadChanges<Hits>, test.Read<Hit>, rows);

    private static void AssertCommitted(PipelineTest<HitPipeline> test, List<List<Hit>> rows) =>
        AssertResults(test.CommittedChanges<Hits>, test.Committed<Hit>, rows);

    private static void AssertResults(
        Func<string, IReadOnlyList<Change<Hits>>> changes,
        Func<string, IReadOnlyList<Hit>> late,
        List<List<Hit>> rows)
    {
        // Without lateness, each window fires once.
        AssertLast(changes(nameof(HitPipeline.Sliding)), HitOracle.Sliding, rows, firesOnce: true);
        AssertLast(changes(nameof(HitPipeline.Growing)), HitOracle.Growing, rows, firesOnce: true);
        AssertLast(changes(nameof(HitPipeline.Patient)), HitOracle.Patient, rows, firesOnce: false);
        AssertLast(changes(nameof(HitPipeline.PatientGrowing)), HitOracle.PatientGrowing, rows, firesOnce: false);
        Assert.Equal(HitOracle.Sliding.Late(rows), late(nameof(HitPipeline.Late)).Select(static hit => hit.Id).Order());
        Assert.Equal(HitOracle.Patient.Late(rows), late(nameof(HitPipeline.PatientLate)).Select(static hit => hit.Id).Order());
    }

    private static void AssertLast(IReadOnlyList<Change<Hits>> changes, HitOracle oracle, List<List<Hit>> rows, bool firesOnce)
    {
        var versions = changes.GroupBy(static change => (change.Row.Page, change.Row.End)).ToList();
        Assert.All(versions, window =>
        {
            Assert.Equal(RowKind.Insert, window.First().Kind);
            Assert.All(window.Skip(1), static change => Assert.Equal(RowKind.UpdateAfter, change.Kind));
            Assert.True(!firesOnce || window.Count() == 1, "A window has fired twice.");
        });
        Assert.Equal(
            oracle.Results(rows),
            versions.Select(static window => window.Last().Row.ToString()).Order(StringComparer.Ordinal));
    }
}
