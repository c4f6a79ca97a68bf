using Penstock.Checkpoints;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Checkpoints;

/// <summary>
/// Several writers of a storage without locks, whose steps are interleaved at random. In all cases, the checkpoints that any writer relies
/// on form one sequence, in which each continues the previous one.
/// </summary>
public class FencingTests
{
    private const int Writers = 3;
    private const int Checkpoints = 6;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Checkpoints_form_one_line_however_writers_interleave(int part)
    {
        for (var seed = part * 500; seed < part * 500 + Thoroughness.Times(500, brief: 100); seed++)
        {
            Interleave(seed);
        }
    }

    [Fact]
    public void An_older_writer_can_publish_nothing_once_a_newer_one_has_come()
    {
        var place = new SharedPlace();
        using var older = Store(place);
        older.FenceOtherWriters();
        Publish(older, 2);
        using var newer = Store(place);
        Assert.Equal([3, 2, 1], newer.FenceOtherWriters());
        AssertTakenOver(() => Publish(older, 3));
        AssertTakenOver(() => Publish(older, 4));
        Publish(newer, 4);
    }

    [Fact]
    public void An_older_writer_can_publish_nothing_when_the_marks_of_the_newer_one_are_gone()
    {
        var place = new SharedPlace();
        using var older = Store(place);
        older.FenceOtherWriters();
        Publish(older, 2);
        using var newer = Store(place);
        newer.FenceOtherWriters();
        for (var id = 4; id < 9; id++)
        {
            Publish(newer, id);
            newer.Collect(1, id);
        }

        AssertTakenOver(() => Publish(older, 3));
        Assert.Equal([8], newer.List());
    }

    [Fact]
    public void A_number_that_is_neither_there_nor_free_is_left_out()
    {
        var place = new SharedPlace();
        var trouble = Trouble.None;
        using var store = new CheckpointStore(place.For(() => { }, () => trouble), Guid.NewGuid);
        Assert.Equal([1], store.FenceOtherWriters());
        trouble = Trouble.Torn;
        Assert.Contains("refuses checkpoint 2", Assert.Throws<IOException>(() => Publish(store, 2)).Message, StringComparison.Ordinal);
        trouble = Trouble.None;
        Assert.Equal([3, 1], store.FenceOtherWriters());
        Publish(store, 4);
        Assert.Equal([4, 3, 1], store.List());
    }

    [Fact]
    public void What_an_older_writer_clears_away_is_nothing_of_a_newer_one()
    {
        var place = new SharedPlace();
        using var older = Store(place);
        older.FenceOtherWriters();
        Publish(older, 2);
        using var newer = Store(place);
        newer.FenceOtherWriters();
        newer.State.Write(CheckpointNames.State(4), []);
        older.Collect(1, 2);
        Assert.Equal([3, 2], newer.List());
        newer.Publish(Manifest("newer", 4, 2));
        Assert.NotNull(newer.ReadVerified(4));
        AssertTakenOver(() => Publish(older, 3));
    }

    [Fact]
    public void A_checkpoint_that_a_newer_writer_may_have_restored_stays()
    {
        var place = new SharedPlace();
        var steps = 0;
        CheckpointStore? newer = null;
        using var older = new CheckpointStore(place.For(Between, () => Trouble.None), Guid.NewGuid);
        older.FenceOtherWriters();
        older.State.Write(CheckpointNames.State(2), []);
        steps = 2;
        AssertTakenOver(() => older.Publish(Manifest("older", 2, 0)));
        Assert.Equal([3, 2, 1], newer!.List());
        newer.Dispose();

        // After the write of the manifest, before the check whether another writer is ahead.
        void Between()
        {
            if (steps > 0 && --steps == 0)
            {
                newer = Store(place);
                Assert.Equal([3, 2, 1], newer.FenceOtherWriters());
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_first_starts_continue_with_the_same_job(int before)
    {
        // At one of these steps the slower writer looks for an id, and has not written its own yet.
        var place = new SharedPlace();
        using var faster = Store(place);
        var steps = before;
        using var slower = new CheckpointStore(place.For(
            () =>
            {
                if (--steps == 0)
                {
                    Assert.True(Guid.TryParse(faster.OpenJob(), out _));
                }
            },
            static () => Trouble.None), Guid.NewGuid);
        Assert.Equal(slower.OpenJob(), CheckpointStore.JobAt(slower.Storage));
        Assert.Equal(faster.OpenJob(), slower.OpenJob());
    }

    private static void Interleave(int seed)
    {
        var random = new Random(seed);
        var place = new SharedPlace();
        var turns = new Turns(random);
        var history = new History();
        turns.Run(
            [.. Enumerable.Range(0, Writers).Select(writer => (Action)(() => Write(writer, place, turns, random, history)))],
            () =>
            {
                if (random.Next(20) == 0)
                {
                    place.DeliverLate();
                }
            });

        using var last = Store(place);
        var restored = Restore(last, last.FenceOtherWriters());
        history.Restored(restored);
        Assert.True(history.Broken == null, $"seed {seed}: {history.Broken}");
        Assert.True(
            restored >= history.NewestCommitted,
            $"seed {seed}: checkpoint {history.NewestCommitted} is lost, {restored} was restored");
    }

    // The steps of a process, without data. It starts at its first turn, and starts over after an error that may be temporary.
    private static void Write(int writer, SharedPlace place, Turns turns, Random random, History history)
    {
        turns.Next(writer);
        using var store = new CheckpointStore(
            place.For(() => turns.Next(writer), () => random.Next(12) == 0 ? (Trouble)random.Next(1, 6) : Trouble.None),
            Guid.NewGuid);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                var ids = store.FenceOtherWriters();
                var parent = Restore(store, ids);
                history.Restored(parent);
                var next = ids[0] + 1;
                for (var count = 0; count < Checkpoints; count++)
                {
                    // If output is ahead of the checkpoints, numbers are skipped.
                    next += random.Next(6) == 0 ? random.Next(3) : 0;
                    store.State.Write(CheckpointNames.State(next), []);
                    store.Publish(Manifest($"{writer}", next, parent));
                    history.Committed(next, parent);
                    store.Collect(2, next);
                    parent = next++;
                }

                return;
            }
            catch (IOException)
            {
                // The same as after any other failure of an attempt.
            }
            catch (PipelineException error) when (error.Message.Contains("taken over", StringComparison.Ordinal))
            {
                return;
            }
        }
    }

    private static long Restore(CheckpointStore store, IReadOnlyList<long> ids)
    {
        var restored = ids.FirstOrDefault(id => IsWhole(store, id));
        store.EnsureStillOwner();
        return restored;
    }

    private static bool IsWhole(CheckpointStore store, long id)
    {
        try
        {
            return store.ReadVerified(id) != null;
        }
        catch (DamagedCheckpointException)
        {
            // Another writer is deleting it.
            return false;
        }
    }

    private static CheckpointStore Store(SharedPlace place) => new(place.For(() => { }, () => Trouble.None), Guid.NewGuid);

    private static void Publish(CheckpointStore store, long id)
    {
        store.State.Write(CheckpointNames.State(id), []);
        store.Publish(Manifest("test", id, id - 1));
    }

    private static void AssertTakenOver(Action act) =>
        Assert.Contains("Another process has taken over", Assert.Throws<PipelineException>(act).Message, StringComparison.Ordinal);

    private static Manifest Manifest(string writer, long id, long parent) => new()
    {
        Job = "job",
        Pipeline = $"{writer} after {parent}",
        Id = id,
        TakenAt = default,
        PenstockVersion = "0",
        Terminal = false,
        KeyGroups = 1,
        Subtasks = [],
        Files = [new StateFile(CheckpointNames.State(id), 0)],
        State = [],
        Sinks = [],
        Counters = [],
    };

    /// <summary>The checkpoints that some writer relies on: those that sinks were notified of, or from which a writer resumes.</summary>
    private sealed class History
    {
        private readonly SortedSet<long> _reliedOn = [0];
        private readonly List<(long Id, long Parent)> _committed = [];

        public long NewestCommitted => _committed.Select(checkpoint => checkpoint.Id).DefaultIfEmpty().Max();

        public string? Broken => _committed.Where(checkpoint => _reliedOn.GetViewBetween(0, checkpoint.Id - 1).Max != checkpoint.Parent)
            .Select(checkpoint =>
                $"checkpoint {checkpoint.Id} continues {checkpoint.Parent}, but there were {string.Join(", ", _reliedOn)}")
            .FirstOrDefault();

        public void Restored(long id) => _reliedOn.Add(id);

        public void Committed(long id, long parent)
        {
            _reliedOn.Add(id);
            _committed.Add((id, parent));
        }
    }
}
