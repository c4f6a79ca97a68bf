using Penstock.Runtime.Tests.Windows.Firing;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Joins;

/// <summary>Joins of all kinds, from text to results, compared with nested loops over the text.</summary>
public sealed class JoinTests
{
    private const int Splits = 2;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1024)]
    [InlineData(2, 7)]
    [InlineData(4, 64)]
    public void Rows_meet_in_whatever_order_they_come(int parallelism, int batch)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var oracle = new JoinOracle(random, Splits, 100);
            using var test = PipelineTest.For<JoinPipeline>(
                options => (options.Parallelism, options.BatchSize) = (parallelism, batch),
                splitsPerSource: Splits);
            oracle.Send(test, random);
            End(test, random);
            Check(oracle, test.Read<Joined>, test.Read<JoinedAt>, test.Read<Placed>, test.Read<Paid>);
        }
    }

    [Fact]
    public void Checkpoints_in_every_place_and_other_parallelisms_change_nothing()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var oracle = new JoinOracle(random, Splits, 100);
            using var test = PipelineTest.For<JoinPipeline>(
                options => (options.Parallelism, options.BatchSize) = (1 + random.Next(4), 1 + random.Next(40)),
                splitsPerSource: Splits);
            oracle.Send(test, random, () =>
            {
                for (var left = random.Next(4); left > 0; left--)
                {
                    test.Checkpoint();
                }

                if (random.Next(4) == 0)
                {
                    test.CrashAndRestore(1 + random.Next(4));
                }
            });
            End(test, random);
            test.Checkpoint();
            Check(oracle, test.Committed<Joined>, test.Committed<JoinedAt>, test.Committed<Placed>, test.Committed<Paid>);
        }
    }

    [Fact]
    public void Crashes_at_every_kind_of_step_change_nothing()
    {
        var oracle = new JoinOracle(new Random(5), Splits, 25);
        using var test = PipelineTest.For<JoinPipeline>(splitsPerSource: Splits);
        test.ExploreCrashes(sent => oracle.Send(sent.SendText), seeds: 40);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 16)]
    [InlineData(3, 7)]
    public void A_row_that_meets_many_stops_while_the_next_task_takes_no_results(int parallelism, int batchSize)
    {
        const int Rows = 150;
        var start = DateTimeOffset.UnixEpoch.AddDays(20_000).UtcDateTime;
        using var harness = new BurstHarness<JoinPipeline>(seed: batchSize, parallelism, batchSize);
        harness.Send(nameof(JoinPipeline.Left), Enumerable.Range(1, Rows).Select(id => new Placed(id, "c", start, null)));
        harness.Send(nameof(JoinPipeline.Right), Enumerable.Range(1, Rows).Select(id => new Paid(id, 1, "c", start.AddSeconds(1))));
        harness.Run();
        Assert.True(harness.HasEnded);
        var pairs = Enumerable.Range(1, Rows).SelectMany(static left => Enumerable.Range(1, Rows).Select(right => new Joined(left, right)));
        Assert.Equal(
            pairs,
            harness.Read<Joined>(nameof(JoinPipeline.FullOuter)).OrderBy(static row => row.Left).ThenBy(static row => row.Right));
        Assert.Equal(2 * Rows, harness.Read<Joined>(nameof(JoinPipeline.FullAfter)).Count);
        Assert.InRange(harness.Suspensions, 1, int.MaxValue);

        // A row meets many times as many as the channels take.
        Assert.InRange(harness.LongestOutbox, 1, 16 * parallelism);
    }

    [Fact]
    public void A_row_leaves_without_a_partner_when_the_watermark_has_passed_its_interval()
    {
        using var test = PipelineTest.For<JoinPipeline>(static options => options.Parallelism = 1);
        var start = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        test.Send(nameof(JoinPipeline.Left), new Placed(1, "a", start, null), new Placed(2, "b", start, "x"));
        test.Send(nameof(JoinPipeline.Right), new Paid(3, 5, "b", start.AddSeconds(5)));
        Assert.Equal([new Joined(2, 3)], test.Read<Joined>(nameof(JoinPipeline.FullOuter)));
        test.AdvanceWatermark(nameof(JoinPipeline.Left), (DateTimeOffset)start.AddSeconds(60));
        test.AdvanceWatermark(nameof(JoinPipeline.Right), (DateTimeOffset)start.AddSeconds(5));
        Assert.Empty(test.Read<Joined>(nameof(JoinPipeline.FullOuter)));
        test.AdvanceWatermark(nameof(JoinPipeline.Right), (DateTimeOffset)start.AddSeconds(5).AddTicks(10));
        Assert.Equal([new Joined(1, 0)], test.Read<Joined>(nameof(JoinPipeline.FullOuter)));
        test.End(nameof(JoinPipeline.Left));
        test.End(nameof(JoinPipeline.Right));
        Assert.Empty(test.Read<Joined>(nameof(JoinPipeline.FullOuter)));
    }

    private static void End(PipelineTest<JoinPipeline> test, Random random)
    {
        string[] sources = [nameof(JoinPipeline.Left), nameof(JoinPipeline.Right)];
        random.Shuffle(sources);
        Assert.All(sources, test.End);
    }

    private static void Check(
        JoinOracle oracle,
        Func<string, IReadOnlyList<Joined>> read,
        Func<string, IReadOnlyList<JoinedAt>> windows,
        Func<string, IReadOnlyList<Placed>> lateLeft,
        Func<string, IReadOnlyList<Paid>> lateRight)
    {
        Assert.Equal(oracle.LateLeft, lateLeft(nameof(JoinPipeline.LateLeft)).Select(static row => row.Id).Order());
        Assert.Equal(oracle.LateRight, lateRight(nameof(JoinPipeline.LateRight)).Select(static row => row.Id).Order());

        var inner = oracle.Join(-3, 5, pairs: true, left: false, right: false).ToList();
        Assert.NotEmpty(inner);
        Compare(nameof(JoinPipeline.Inner), inner);
        Compare(nameof(JoinPipeline.LeftOuter), oracle.Join(-4, 6, pairs: true, left: true, right: false));
        Compare(nameof(JoinPipeline.RightOuter), oracle.Join(-3, 5, pairs: true, left: false, right: true));
        Compare(nameof(JoinPipeline.FullOuter), oracle.Join(-3, 5, pairs: true, left: true, right: true), at: true);
        Compare(nameof(JoinPipeline.FullAfter), oracle.Join(2, 9, pairs: true, left: true, right: true), at: true);
        Compare(nameof(JoinPipeline.FullBefore), oracle.Join(-9, -2, pairs: true, left: true, right: true), at: true);
        Compare(nameof(JoinPipeline.Exact), oracle.Join(0, 0, pairs: true, left: true, right: false));
        Compare(nameof(JoinPipeline.Semi), inner.Select(static row => (row.Left, 0, 0L)).Distinct());
        Compare(
            nameof(JoinPipeline.SemiFull),
            inner.Select(static row => (row.Left, 0, 0L)).Distinct().Concat(oracle.Join(-3, 5, pairs: false, left: true, right: true)));
        Compare(nameof(JoinPipeline.Anti), oracle.Join(-3, 5, pairs: false, left: true, right: false));
        Compare(nameof(JoinPipeline.AntiRight), oracle.Join(-3, 5, pairs: false, left: false, right: true));
        Compare(nameof(JoinPipeline.AntiBoth), oracle.Join(-1, 2, pairs: false, left: true, right: true), at: true);

        void Compare(string stream, IEnumerable<(int Left, int Right, long At)> expected, bool at = false)
        {
            var rows = expected.ToList();
            Assert.Equal(
                rows.Select(static row => $"{row.Left} {row.Right}").Order(StringComparer.Ordinal),
                read(stream).Select(static row => $"{row.Left} {row.Right}").Order(StringComparer.Ordinal));
            if (at)
            {
                Assert.Equal(
                    rows.Select(static row => $"{row.Left} {row.Right} {row.At} 1").Order(StringComparer.Ordinal),
                    windows(stream + "At")
                        .Select(static row => $"{row.Left} {row.Right} {row.At} {row.Count}")
                        .Order(StringComparer.Ordinal));
                Assert.Empty(read(stream + "Late"));
            }
        }
    }
}
