using Penstock.Connectors;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Testing.Conformance;

/// <summary>Each check finds its mistake, and no check fails for a correct connector.</summary>
public sealed class WrongConnectorTests
{
    // Half of the time is spent waiting for rows that do not arrive.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private static readonly (SourceMistake Mistake, string Check)[] Sources =
    [
        (SourceMistake.ListsOtherSplits, "Splits are listed the same each time"),
        (SourceMistake.ThrowsAtOnce, "Splits are listed the same each time"),
        (SourceMistake.UsesAnIdTwice, "Each split has an id of its own"),
        (SourceMistake.LosesARow, "The rows are those of the data"),
        (SourceMistake.HidesBadRows, "Bad rows go to the handler"),
        (SourceMistake.IgnoresTheRoom, "A read takes no more rows than there is room for"),
        (SourceMistake.LosesRowsOfSmallBatches, "Rows do not depend on the batch size"),
        (SourceMistake.SavesWhatItHasFetched, "Reading resumes from every saved position"),
        (SourceMistake.DescribesByIndex, "Places of rows do not depend on the batch size"),
        (SourceMistake.CatchesRefusals, "What the handler throws ends the read"),
        (SourceMistake.SharesItsPosition, "Splits that are read side by side do not disturb each other"),
        (SourceMistake.CannotBeClosedTwice, "A reader can be closed at any time, and twice"),
        (SourceMistake.OverlooksChanges, "Data that has changed is recognized"),
    ];

    private static readonly (FeedMistake Mistake, bool IsUnbounded, string Check)[] Feeds =
    [
        (FeedMistake.ListsOtherSplits, false, "Splits are listed the same each time"),
        (FeedMistake.UsesAnIdTwice, false, "Each split has an id of its own"),
        (FeedMistake.CountsSlots, false, "All subtasks see the same slot of a split"),
        (FeedMistake.LosesARow, false, "The rows are those of the data"),
        (FeedMistake.LosesARow, true, "The rows are those of the data"),
        (FeedMistake.NamesAReaderOfItsOwn, false, "The rows are those of the data"),
        (FeedMistake.ForgetsWhatItHasNamed, false, "Being asked again before a read loses no rows"),
        (FeedMistake.NeverEnds, false, "The source ends with its last split"),
        (FeedMistake.SavesWhatItHasFetched, false, "Reading resumes from saved positions"),
        (FeedMistake.ForgetsAtCheckpoints, false, "A complete checkpoint does not disturb reading"),
        (FeedMistake.WakesNobody, true, "Rows that come later wake the pipeline"),
        (FeedMistake.OverlooksNewSplits, true, "A split that is new is read from its first row"),
        (FeedMistake.CannotBeClosedTwice, false, "It can be closed in the middle, and twice"),
    ];

    private static readonly (SinkMistake Mistake, string Check)[] Sinks =
    [
        (SinkMistake.TurnsRowsRound, "Rows are visible when they are committed, and in their order"),
        (SinkMistake.ShowsWhatIsPrepared, "Rows are invisible until they are committed"),
        (SinkMistake.KeepsBatches, "A batch belongs to its caller"),
        (SinkMistake.ShowsTwice, "A commit that comes again changes nothing"),
        (SinkMistake.DeletesOnClose, "Another process commits what was prepared"),
        (SinkMistake.CommitsEverything, "A commit takes what it was given, and no more"),
        (SinkMistake.CommitsItsOwnCheckpointOnly, "What a failed checkpoint has prepared comes with the next one"),
        (SinkMistake.ContinuesThePart, "Rows of the next checkpoint are written while one is prepared"),
        (SinkMistake.SharesNames, "Subtasks do not disturb each other"),
        (SinkMistake.PreparesNothing, "A checkpoint without rows prepares nothing"),
        (SinkMistake.TakesNothingBack, "Uncommitted output is removed by a restart"),
        (SinkMistake.ShowsOnClose, "A writer can be closed in the middle, and twice"),
    ];

    private static readonly (SinkMistake Mistake, string Check)[] Committers =
    [
        (SinkMistake.ForgetsItsOutput, "The newest visible checkpoint is known"),
        (SinkMistake.DropsWhatIsGivenUp, "A cancelled commit can be repeated"),
        (SinkMistake.ClaimsToRevoke, "Visible output is taken back where it can be"),
        (SinkMistake.RevokesOnce, "Taking back may come again"),
        (SinkMistake.HasANameEachTime, "The place has one name"),
        (SinkMistake.RefusesNobody, "A place that is taken is refused to another job"),
        (SinkMistake.LeavesItsOutputToOthers, "Output belongs to its job, even after a crash"),
        (SinkMistake.DeletesOnRelease, "A finished job keeps its output and recognizes it"),
        (SinkMistake.CannotBeClosedTwice, "A committer can be interrupted and closed, and twice"),
    ];

    private static readonly (StorageMistake Mistake, bool IsExclusive, string Check)[] Storages =
    [
        (StorageMistake.LosesTheLastByte, true, "What was created is read"),
        (StorageMistake.Appends, true, "What is created takes the place of what was there"),
        (StorageMistake.PublishesOver, true, "What is published stays"),
        (StorageMistake.ListsWhatIsDeleted, true, "What is there is listed"),
        (StorageMistake.MakesUpWhatIsMissing, true, "A missing object cannot be read and may be deleted"),
        (StorageMistake.LocksWhatWasNotSynced, true, "What was not synced keeps no name from being used"),
        (StorageMistake.ForgetsOnClose, true, "Written objects survive a restart"),
        (StorageMistake.LetsEveryoneIn, true, "Writers are kept apart"),
        (StorageMistake.PublishesOncePerProcess, false, "Writers are kept apart"),
        (StorageMistake.WritesOneAtATime, true, "Several objects are written and read at a time"),
        (StorageMistake.ChangesItsName, true, "The place has one name"),
        (StorageMistake.CannotBeClosedTwice, true, "It can be closed in the middle, and twice"),
    ];

    /// <summary>Each mistake, with a suite that contains it and the check that finds it.</summary>
    private static Dictionary<string, (ConformanceSuite Suite, string Check)> Cases => new(
    [
        .. Sources.Select(static one => KeyValuePair.Create(
            $"source: {one.Mistake}",
            (SourceConformance.For(() => NumberSource.SetUp(one.Mistake), Soon), one.Check))),
        .. Feeds.Select(static one => KeyValuePair.Create(
            $"streaming source{(one.IsUnbounded ? " without end" : "")}: {one.Mistake}",
            (StreamingSourceConformance.For(() => NumberFeed.SetUp(one.Mistake, one.IsUnbounded), Soon), one.Check))),
        .. Sinks.Select(static one => KeyValuePair.Create(
            $"sink: {one.Mistake}",
            (SinkConformance.For(() => NumberSink.SetUp(one.Mistake), Soon), one.Check))),
        .. Committers.Select(static one => KeyValuePair.Create(
            $"committer: {one.Mistake}",
            (CommitterConformance.For(() => NumberSink.SetUp(one.Mistake), Soon), one.Check))),
        .. Storages.Select(static one => KeyValuePair.Create(
            $"storage: {one.Mistake}",
            (StorageConformance.For(() => NumberStorage.SetUp(one.Mistake, one.IsExclusive)), one.Check))),
    ]);

    public static TheoryData<string> Mistakes => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_found_by_the_check_that_is_for_it(string mistake)
    {
        var (suite, check) = Cases[mistake];
        var error = await Assert.ThrowsAsync<ConformanceException>(() => suite.VerifyAsync(check));
        Assert.Equal(check, error.Check);
        Assert.Contains($"(\"{check}\") when it ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_check_has_a_mistake()
    {
        Assert.Equal(
            Names(SourceConformance.For(() => NumberSource.SetUp(SourceMistake.None))),
            Sources.Select(static one => one.Check).Distinct());
        Assert.Equal(
            Names(StreamingSourceConformance.For(() => NumberFeed.SetUp(FeedMistake.None, true))),
            Feeds.Select(static one => one.Check).Distinct());
        Assert.Equal(
            Names(SinkConformance.For(() => NumberSink.SetUp(SinkMistake.None))),
            Sinks.Select(static one => one.Check).Distinct());
        Assert.Equal(
            Names(CommitterConformance.For(() => NumberSink.SetUp(SinkMistake.None))),
            Committers.Select(static one => one.Check).Distinct());
        Assert.Equal(
            Names(StorageConformance.For(() => NumberStorage.SetUp(StorageMistake.None, true))),
            Storages.Select(static one => one.Check).Distinct());
    }

    [Fact]
    public async Task What_is_right_passes()
    {
        await SourceConformance.For(() => NumberSource.SetUp(SourceMistake.None)).VerifyAsync();
        await StreamingSourceConformance.For(() => NumberFeed.SetUp(FeedMistake.None, isOpenEnded: false)).VerifyAsync();
        await StreamingSourceConformance.For(() => NumberFeed.SetUp(FeedMistake.None, isOpenEnded: true)).VerifyAsync();
        await SinkConformance.For(() => NumberSink.SetUp(SinkMistake.None)).VerifyAsync();
        await CommitterConformance.For(() => NumberSink.SetUp(SinkMistake.None)).VerifyAsync();
        await StorageConformance.For(() => NumberStorage.SetUp(StorageMistake.None, isExclusive: true)).VerifyAsync();
        await StorageConformance.For(() => NumberStorage.SetUp(StorageMistake.None, isExclusive: false)).VerifyAsync();
    }

    [Fact]
    public async Task A_message_says_what_was_done_what_came_of_it_and_what_to_do()
    {
        var suite = SourceConformance.For(() => NumberSource.SetUp(SourceMistake.SavesWhatItHasFetched));
        var error = await Assert.ThrowsAsync<ConformanceException>(suite.VerifyAsync);
        Assert.Equal(
            "'NumberSource' breaks a promise of ISource<Int64> (\"Reading resumes from every saved position\") when it goes on in split "
            + "'0' from the position behind 0 rows and 0 bad ones: "
            + "the last 7 of 7 rows are missing, from 1 on. A position must lie behind everything that was appended or reported, and a "
            + "reader may keep nothing that is not in it: "
            + "buffered rows are not read yet. (Rows are compared by the Comparer of the setup.)",
            error.Message);
        var thrown = await Assert.ThrowsAsync<ConformanceException>(
            SourceConformance.For(() => NumberSource.SetUp(SourceMistake.ThrowsAtOnce)).VerifyAsync);
        Assert.Contains(
            "when it lists its splits: it has thrown InvalidOperationException: There is no list.",
            thrown.Message,
            StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(thrown.InnerException);
    }

    [Fact]
    public async Task A_call_that_does_not_come_back_is_named()
    {
        using var forEver = new ManualResetEventSlim();
        var suite = SourceConformance.For(
            () => new SourceSetup<long> { Create = () => new WaitingSource(forEver) },
            TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<ConformanceException>(suite.VerifyAsync);
        forEver.Set();
        Assert.Contains("when it lists its splits: it has not come back after 1 s.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_that_a_setup_leaves_out_are_not_checked_and_a_missing_check_is_named()
    {
        var changed = SourceConformance.For(
            () => new SourceSetup<long> { Create = static () => new NumberSource([[1]], SourceMistake.None) });
        Assert.False(await changed.VerifyAsync("Data that has changed is recognized"));
        Assert.False(await changed.VerifyAsync("The rows are those of the data"));
        Assert.False(await changed.VerifyAsync("What the handler throws ends the read"));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => changed.VerifyAsync("Rows"));
        Assert.Contains(
            "There is no check 'Rows'. There are: Splits are listed the same each time; ",
            error.Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(ConformanceSuite suite) => suite.Checks.Select(static check => check.Name);

    private sealed class WaitingSource(ManualResetEventSlim forEver) : ISource<long>
    {
        public IReadOnlyList<SourceSplit> Discover()
        {
            forEver.Wait();
            return [];
        }

        public ISplitReader<long> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
            throw new NotSupportedException();
    }
}
