using System.Globalization;
using CsCheck;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Streams.Changelogs;

/// <summary>Updates of windows that fire again, through filters, maps and state: the remaining rows are those of plain loops.</summary>
public sealed class ChangelogTests
{
    private const string Votes = nameof(VotePipeline.Votes);

    [Fact]
    public void What_is_left_does_not_depend_on_batches_parallelism_and_crashes() =>
        Gen.Select(Gen.Int, Gen.Int[1, 120], Gen.Int[1, 3], Gen.Int[1, 40]).Sample(
            (seed, count, parallelism, batchSize) =>
            {
                var random = new Random(seed);
                var votes = VoteOracle.Votes(random, count);
                using var test =
                    PipelineTest.For<VotePipeline>(options => (options.Parallelism, options.BatchSize) = (parallelism, batchSize));
                for (var sent = 0; sent < votes.Count;)
                {
                    var next = Math.Min(votes.Count, sent + random.Next(1, 30));
                    test.Send(Votes, votes.ToArray().AsSpan(sent, next - sent));
                    sent = next;
                    if (random.Next(3) == 0)
                    {
                        test.Checkpoint();
                        test.CrashAndRestore(random.Next(1, 4));
                    }
                }

                test.End(Votes);
                test.Checkpoint();
                CheckResult(test, new VoteOracle(votes));
            },
            iter: 150);

    [Fact]
    public void Text_is_read_and_its_updates_are_applied()
    {
        var votes = VoteOracle.Votes(new Random(3), 500);
        var text = "subject,at,weight\n"
            + string.Concat(
                votes.Select(static vote => string.Create(CultureInfo.InvariantCulture, $"{vote.Subject},{vote.At},{vote.Weight}\n")));
        using var test = PipelineTest.For<VotePipeline>();
        test.SendText(Votes, text);
        test.End(Votes);
        test.Checkpoint();
        var oracle = new VoteOracle(votes);
        Assert.InRange(oracle.Changed, 20, votes.Count);
        Assert.InRange(oracle.Late, 1, votes.Count);
        CheckResult(test, oracle);
        Assert.Contains(test.CommittedChanges<Tally>(nameof(VotePipeline.Few)), static change => change.Kind == RowKind.Delete);
    }

    [Fact]
    public void Crashes_change_nothing_of_it()
    {
        using var test = PipelineTest.For<StandingsPipeline>();
        Assert.NotEmpty(test.ExploreCrashes(
            input => input.Send(nameof(StandingsPipeline.Votes), VoteOracle.Votes(new Random(5), 60)),
            seeds: 60,
            firstSeed: 1).Crashes);
    }

    [Fact]
    public void A_row_that_no_longer_passes_is_deleted_and_one_that_never_passed_is_not_sent()
    {
        using var test = PipelineTest.For<VotePipeline>();

        // Weights of 5, 6, 10 and 11, twice each; the first and third do not pass.
        test.Send(Votes, new Vote("a", 1_000, 5), new Vote("b", 1_000, 6), new Vote("b", 13_000, 1));
        Assert.Equal([new Change<Tally>(RowKind.Insert, new("b", 0, 1, 12))], test.ReadChanges<Tally>(nameof(VotePipeline.Few)));
        test.Send(Votes, new Vote("b", 2_000, 4));
        Assert.Equal([new Change<Tally>(RowKind.Delete, new("b", 0, 2, 20))], test.ReadChanges<Tally>(nameof(VotePipeline.Few)));
        test.Send(Votes, new Vote("b", 3_000, 1));
        test.Send(Votes, new Vote("a", 3_000, 1));
        Assert.Equal(
            [new Change<Tally>(RowKind.UpdateAfter, new("b", 0, 3, 22)), new(RowKind.UpdateAfter, new("a", 0, 2, 12))],
            test.ReadChanges<Tally>(nameof(VotePipeline.Few)));

        // The second filter: four votes.
        test.Send(Votes, new Vote("b", 4_000, 1));
        Assert.Equal(
            [new Change<Standing>(RowKind.Delete, new("b@0", "b", 0, 24))],
            test.ReadChanges<Standing>(nameof(VotePipeline.Standings)).TakeLast(1));
        Assert.Equal(new Total("b", 0, 0), test.Read<Total>(nameof(VotePipeline.Totals))[^1]);
        Assert.Throws<InvalidOperationException>(() => test.Committed<Tally>(nameof(VotePipeline.Few)).Count
            + CommittedAfterCheckpoint(test));
    }

    [Fact]
    public void Late_rows_of_one_batch_make_one_version()
    {
        using var test = PipelineTest.For<VotePipeline>(options => options.BatchSize = 100);
        test.Send(Votes, new Vote("a", 1_000, 1), new Vote("a", 13_000, 1));
        test.Send(Votes, [.. Enumerable.Range(0, 50).Select(static at => new Vote(at % 2 == 0 ? "a" : "b", 2_000 + at, 1))]);
        Assert.Equal(
            [
                new Change<Tally>(RowKind.Insert, new("a", 0, 1, 1)),
                new(RowKind.UpdateAfter, new("a", 0, 26, 26)),
                new(RowKind.Insert, new("b", 0, 25, 25))
            ],
            test.ReadChanges<Tally>(nameof(VotePipeline.Tallies)));
        Assert.Equal(2, test.Counters.Windows);
    }

    [Fact]
    public void A_test_that_reads_every_stream_sees_what_each_row_means()
    {
        using var test = PipelineTest.For<VotePipeline>(everyStream: true);
        test.Send(Votes, new Vote("b", 1_000, 6), new Vote("b", 13_000, 1));
        test.Send(Votes, new Vote("b", 2_000, 4));
        Assert.Equal(
            [new Change<Tally>(RowKind.Insert, new("b", 0, 1, 12)), new(RowKind.Delete, new("b", 0, 2, 20))],
            test.ReadChanges<Tally>(nameof(VotePipeline.Uneven)));
        Assert.Equal(
            [new Change<Tally>(RowKind.Insert, new("b", 0, 1, 12)), new(RowKind.UpdateAfter, new("b", 0, 2, 20))],
            test.ReadChanges<Tally>(nameof(VotePipeline.Doubled)));
        Assert.Equal([RowKind.Insert, RowKind.Insert, RowKind.Insert], test.ReadChanges<Vote>(Votes).Select(static change => change.Kind));
    }

    private static int CommittedAfterCheckpoint(PipelineTest<VotePipeline> test)
    {
        test.Checkpoint();
        return test.Committed<Tally>(nameof(VotePipeline.Few)).Count;
    }

    private static void CheckResult(PipelineTest<VotePipeline> test, VoteOracle oracle)
    {
        Equal(
            oracle.Tallies,
            Changes.Apply(test.CommittedChanges<Tally>(nameof(VotePipeline.Tallies)), static row => (row.Subject, row.Start)));
        Equal(oracle.Few, Changes.Apply(test.CommittedChanges<Tally>(nameof(VotePipeline.Few)), static row => (row.Subject, row.Start)));
        Equal(oracle.Standings, Changes.Apply(test.CommittedChanges<Standing>(nameof(VotePipeline.Standings)), static row => row.Id));
        Equal(oracle.Totals, test.Committed<Total>(nameof(VotePipeline.Totals))
            .GroupBy(static row => row.Subject)
            .Select(static subject => subject.Last())
            .Where(static total => total.Windows > 0));
    }

    private static void Equal<T>(IEnumerable<T> expected, IEnumerable<T> found) =>
        Assert.Equal(
            expected.Select(static row => $"{row}").Order(StringComparer.Ordinal),
            found.Select(static row => $"{row}").Order(StringComparer.Ordinal));
}
