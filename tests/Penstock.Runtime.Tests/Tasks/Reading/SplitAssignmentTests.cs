using Penstock.Connectors;
using Penstock.Sources;
using Penstock.Sources.Files;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Tasks.Reading;

/// <summary>Which splits of a checkpoint match those of the source now, and what is refused.</summary>
public sealed class SplitAssignmentTests
{
    [Fact]
    public void Splits_continue_at_their_positions_and_new_ones_begin()
    {
        var splits = SplitAssignment.Assign<int>(
            "In",
            [Split("a#0-5"), Split("a#5-9"), Split("b")],
            [Saved("a#0-5", ended: true), Saved("a#5-9"), Saved("gone", ended: true)],
            false,
            static (_, _) => true,
            Files);
        Assert.Equal([true, false, false], splits.Select(split => split.HasEnded));
        Assert.Equal([true, true, false], splits.Select(split => split.HasBegun));
    }

    [Theory]
    [InlineData("a#0-5,a#5-9", "a", false)]
    [InlineData("a", "a#0-5,a#5-9", false)]
    [InlineData("a#0-3,a#3-9", "a#0-5,a#5-9", false)]
    [InlineData("a#0-3,a#3-9", "a#0-5,a#5-9", true)]
    public void A_file_that_is_divided_otherwise_is_refused_also_when_it_was_read_to_its_end(string before, string now, bool ended)
    {
        foreach (var isFinished in (bool[])[ended, false])
        {
            var error = Assert.Throws<SourceChangedException>(() => SplitAssignment.Assign<int>(
                "In",
                [.. now.Split(',').Select(id => Split(id))],
                [.. before.Split(',').Select(id => Saved(id, ended))],
                isFinished,
                static (_, _) => true,
                Files));
            Assert.Contains(
                "Source 'In' divides 'a' otherwise than when the checkpoint was taken",
                error.Message,
                StringComparison.Ordinal);
            Assert.Contains("Was its SplitSize changed? Set it back (Sources:In:SplitSize)", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a", "a", "The data of source 'In' in 'a' has changed")]
    [InlineData("a#0-5", "a#0-7", "The data of source 'In' in 'a#0-7' has changed")]
    [InlineData("a#0-5", "b", "Source 'In' no longer has 'a#0-5'")]
    public void Other_data_is_refused(string before, string now, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<SourceChangedException>(() => SplitAssignment.Assign<int>(
                "In",
                [Split(now, "other")],
                [Saved(before)],
                false,
                static (_, _) => true,
                Files)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_like_one_that_was_read_and_is_gone_is_new() =>
        Assert.False(Assert.Single(SplitAssignment.Assign<int>(
            "In",
            [Split("b")],
            [Saved("a", ended: true)],
            false,
            static (_, _) => true,
            Files)).HasBegun);

    [Fact]
    public void What_has_ended_and_is_gone_stays_known()
    {
        var gone = Assert.Single(SplitAssignment.Gone([Split("b")], [Saved("a", ended: true), Saved("b", ended: true), Saved("c")]));
        Assert.Equal(("a", true, true), (gone.Id, gone.HasEnded, gone.WasGone));
        Assert.False(Saved("a", ended: true).WasGone);

        // It may come back while the job runs, or before the next start.
        Assert.True(SplitAssignment.HasReturned("In", Split("a"), [gone]));
        Assert.False(SplitAssignment.HasReturned("In", Split("b"), [gone]));
        Assert.Throws<SourceChangedException>(() => SplitAssignment.HasReturned("In", Split("a", "other"), [gone]));
        foreach (var isFinished in (bool[])[false, true])
        {
            Assert.Empty(SplitAssignment.Assign<int>("In", [], [gone], isFinished, static (_, _) => true));
            var back = Assert.Single(SplitAssignment.Assign<int>("In", [Split("a")], [gone], isFinished, static (_, _) => true));
            Assert.Equal((true, true, false), (back.HasBegun, back.HasEnded, back.IsNew));
        }
    }

    [Theory]
    [InlineData(
        "a",
        "in/*, lane 0",
        true,
        "PSR208: Source 'In' looks for new files at 'in/*' now, and did not when the checkpoint was taken, which has 'a':")]
    [InlineData(
        "a#0-5",
        "in/*, lane 0",
        true,
        "PSR208: Source 'In' looks for new files at 'in/*' now, and did not when the checkpoint was taken, which has 'a#0-5':")]
    [InlineData(
        "a, b/*, lane 11",
        "in/*, lane 11",
        true,
        "PSR208: Source 'In' polls 'in/*', but polled 'a, b/*' when the checkpoint was taken.")]
    [InlineData("in/*, lane 3", "in/*, lane 3", true, null)]
    [InlineData(
        "in/*, lane 3",
        "in/a",
        false,
        "PSR208: Source 'In' does not look for new files now, and did at 'in/*' when the checkpoint was taken:")]
    [InlineData("in/a, lane x", "in/a", false, "PSR206: Source 'In' no longer has 'in/a, lane x'")]
    [InlineData("in/a, lane 3", "in/a, lane 3", false, null)]
    public void Changed_settings_are_reported_before_their_consequences(string before, string now, bool polls, string? message)
    {
        foreach (var isFinished in (bool[])[false, true])
        {
            var error = Record.Exception(() => SplitAssignment.Assign<int>(
                "In", [Split(now)], [Saved(before)], isFinished, static (_, _) => true, null, saved => polls
                    ? LaneId.DescribePollingChange("In", "in/*", saved.Id)
                    : LaneId.FindPollingChange("In", saved)));
            if (message == null)
            {
                Assert.Null(error);
            }
            else if (!isFinished || !message.Contains("no longer", StringComparison.Ordinal))
            {
                Assert.StartsWith(message, Assert.IsType<SourceChangedException>(error).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_file_that_was_read_and_is_gone_is_no_lane_whatever_it_is_called() =>
        Assert.Single(SplitAssignment.Assign<int>(
            "In",
            [Split("b")],
            [Saved("a, lane 3", ended: true)],
            false,
            static (_, _) => true,
            null,
            static saved => LaneId.FindPollingChange("In", saved)));

    [Fact]
    public void A_source_of_the_users_says_what_to_do_itself_or_nothing()
    {
        Assert.Contains(
            "is no part of it any more. Let it divide as before, or start over",
            Refused(new Rooms()),
            StringComparison.Ordinal);
        Assert.Contains(
            "is no part of it any more. Set In back to its walls, or start over",
            Refused(new WalledRooms()),
            StringComparison.Ordinal);

        static string Refused(IDividingSource source) =>
            Assert.Throws<SourceChangedException>(() => SplitAssignment.Assign<int>(
                "In",
                [Split("hall/1")],
                [Saved("hall/0")],
                false,
                static (_, _) => true,
                source)).Message;
    }

    private static FilesByPath Files { get; } = new();

    private sealed class FilesByPath : IDividingSource
    {
        public string InputOf(string splitId) => FileSplit.Parse(splitId).Path;

        public string Remedy(string sourceId) => FileSplits.Remedy(sourceId);
    }

    private class Rooms : IDividingSource
    {
        public string InputOf(string splitId) => splitId.Split('/')[0];
    }

    private sealed class WalledRooms : Rooms, IDividingSource
    {
        public string Remedy(string sourceId) => $"Set {sourceId} back to its walls";
    }

    private static SourceSplit Split(string id, string fingerprint = "same") => new(id, fingerprint);

    private static SavedSplit Saved(string id, bool ended = false) => new(id, "same", HasBegun: true, ended, 0, 0, []);
}
