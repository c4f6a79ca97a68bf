using System.Buffers;
using System.Globalization;
using Penstock.Sorting;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Runtime.Tests.Sorting;

using NoteTable = SortTable<NoteKey, Note, NoteRowCodec, NoteStateCodec>;

/// <summary>The rows of a subtask that sorts, without a pipeline around it.</summary>
public sealed class SortTableTests
{
    private static readonly KeyRange All = new(0, 1, 128);

    private readonly StateBudget _budget = new("Test", null);
    private readonly SubtaskCounters _counters = new();

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void Rows_leave_in_the_order_of_time_whatever_is_saved_and_restored(int lag)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var sorted = Create(All);
            var oracle = new List<(long Time, Note Row)>();
            var chain = new List<ReadOnlySequence<byte>>();
            var split = 0L;
            for (var id = 0; id < 600; id++)
            {
                // Many rows have the same time.
                var (row, time) = (NoteOf(id, random), split + random.Next(-12, 60) / 4 * 4);
                Assert.Equal(time < split, sorted.IsLate(time, split));
                if (time >= split)
                {
                    sorted.Add(in row, time);
                    oracle.Add((time, row));
                }

                if (random.Next(3) == 0)
                {
                    split += random.Next(20) == 0 ? random.Next(80) : random.Next(6);
                    while (!Take(sorted, split - lag, oracle, most: random.Next(1, 5)))
                    {
                        sorted = SaveOrRestore(sorted, chain, random);
                    }
                }

                sorted = SaveOrRestore(sorted, chain, random);
            }

            Assert.True(Take(sorted, Watermarks.End, oracle, most: int.MaxValue));
            Assert.False(((IDueState)sorted).IsDue);
        }

        Assert.InRange(_counters.Late, 100, int.MaxValue);
    }

    [Fact]
    public void A_frozen_version_has_the_rows_as_of_its_barrier()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var sorted = Create(All);
            var oracle = new List<(long Time, Note Row)>();
            var chain = new List<ReadOnlySequence<byte>>();
            var watermark = 0L;
            for (var round = 0; round < 6; round++)
            {
                var frozen = ((IStatePart)sorted).Freeze(all: round == 0);
                var expected = oracle.ToList();
                var due = watermark;
                for (var id = 0; id < 3_000; id++)
                {
                    var (row, time) = (NoteOf(id, random), watermark + random.Next(round % 2 == 0 ? 40_000 : 300));
                    sorted.Add(in row, time);
                    oracle.Add((time, row));
                    watermark += random.Next(8);
                    Take(sorted, watermark, oracle, most: int.MaxValue);
                }

                chain.Add(new ReadOnlySequence<byte>(SavedParts.BytesOf(frozen)));
                var restored = Create(All);
                ((IStatePart)restored).Restore(((IStatePart)restored).Schema, All, chain);
                Assert.True(Take(restored, due, expected, most: int.MaxValue));
                Assert.True(Take(restored, Watermarks.End, expected, most: int.MaxValue));
            }
        }
    }

    [Fact]
    public void A_checkpoint_that_is_not_full_has_only_the_rows_that_are_new()
    {
        var sorted = Create(All);
        for (var id = 0; id < 10_000; id++)
        {
            sorted.Add(new Note(id, id, "a text of some length"), id);
        }

        var whole = SavedParts.BytesOf(((IStatePart)sorted).Freeze(all: false)).Length;
        for (var id = 0; id < 100; id++)
        {
            sorted.Add(new Note(id, id, "a text of some length"), 5_000 + id);
        }

        var added = SavedParts.BytesOf(((IStatePart)sorted).Freeze(all: false)).Length;
        Assert.InRange(added, whole / 120, whole / 80);
        Assert.InRange(SavedParts.BytesOf(((IStatePart)sorted).Freeze(all: false)).Length, 1, 100);
        Assert.InRange(SavedParts.BytesOf(((IStatePart)sorted).Freeze(all: true)).Length, whole, whole + 2 * added);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 4)]
    public void Another_parallelism_takes_each_row_once(int before, int after)
    {
        var random = new Random(before);
        var writers = Enumerable.Range(0, before).Select(subtask => new KeyRange(subtask, before, 128)).ToList();
        var readers = Enumerable.Range(0, after).Select(subtask => new KeyRange(subtask, after, 128)).ToList();
        var tables = writers.ConvertAll(Create);
        var rows = new List<(long Time, Note Row)>();
        for (var id = 0; id < 2_000; id++)
        {
            var (row, time) = (NoteOf(id, random), 1_000L + random.Next(40));
            tables[writers.FindIndex(range => range.Owns(NoteKey.Of(in row)))].Add(in row, time);
            rows.Add((time, row));
        }

        // The subtasks have not advanced equally far, as after idle input.
        var left = new List<(long Time, Note Row)>();
        for (var subtask = 0; subtask < before; subtask++)
        {
            var (own, range) = (rows.Where(row => writers[subtask].Owns(NoteKey.Of(in row.Row))).ToList(), writers[subtask]);
            Assert.True(Take(tables[subtask], 1_005 + 10 * subtask, own, most: int.MaxValue));
            left.AddRange(own);
        }

        var saved = tables.ConvertAll(static table => new ReadOnlySequence<byte>(SavedParts.BytesOf(table)));
        foreach (var range in readers)
        {
            var table = Create(range);
            for (var subtask = 0; subtask < before; subtask++)
            {
                if (range.Groups.Meets(writers[subtask].Groups))
                {
                    ((IStatePart)table).Restore(((IStatePart)table).Schema, writers[subtask], [saved[subtask]]);
                }
                else
                {
                    ((IStatePart)table).RestoreHead(saved[subtask]);
                }
            }

            // What one of them has passed on is past for all.
            Assert.True(table.IsLate(1_004 + 10 * (before - 1), Watermarks.None));
            Assert.False(table.IsLate(1_005 + 10 * (before - 1), Watermarks.None));
            var own = left.Where(row => range.Owns(NoteKey.Of(in row.Row))).ToList();
            AssertOrder(table, own);
            left.RemoveAll(row => range.Owns(NoteKey.Of(in row.Row)));
        }

        Assert.Empty(left);
    }

    [Fact]
    public void A_row_that_has_the_watermark_as_its_time_is_not_late()
    {
        var sorted = Create(All);
        sorted.Add(new Note(1, 1, "at"), 100);
        Assert.False(sorted.TryTake(100, out _, out _));
        Assert.False(sorted.IsLate(100, 100));
        Assert.True(sorted.IsLate(99, 100));

        // Another split was idle meanwhile.
        Assert.True(sorted.IsLate(99, Watermarks.None));
        Assert.True(sorted.TryTake(101, out var row, out var time));
        Assert.Equal((new Note(1, 1, "at"), 100), (row, time));
        Assert.False(sorted.TryTake(101, out _, out _));
        Assert.Equal(2, _counters.Late);
    }

    [Fact]
    public void Rows_that_wait_take_little_more_memory_than_their_members()
    {
        var random = new Random(1);
        var sorted = Create(All);
        var bytes = 0L;
        const int Rows = 300_000;
        for (var id = 0; id < Rows; id++)
        {
            var note = new Note(id, random.NextInt64(), string.Create(CultureInfo.InvariantCulture, $"customer {random.Next(1_000_000)}"));
            bytes += note.Bytes;
            sorted.Add(in note, id * 1_000L + random.Next(60_000_000));
        }

        Assert.InRange(_budget.Bytes, bytes + 16 * Rows, 1.3 * bytes + 16 * Rows);

        // Half of them leave, and others come.
        var kept = Rows;
        for (var id = 0; id < Rows; id++)
        {
            var note = new Note(id, random.NextInt64(), string.Create(CultureInfo.InvariantCulture, $"customer {random.Next(1_000_000)}"));
            bytes += note.Bytes;
            sorted.Add(in note, (Rows + id) * 1_000L + random.Next(60_000_000));
            kept++;
            while (sorted.TryTake((id + Rows / 2) * 1_000L, out var row, out _))
            {
                bytes -= row.Bytes;
                kept--;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{(double)_budget.Bytes / kept} of {(double)bytes / kept}");
        Assert.InRange(_budget.Bytes, bytes, 1.6 * (bytes + 16 * kept));
    }

    [Fact]
    public void Steady_rows_without_text_allocate_nothing()
    {
        var random = new Random(1);
        var sorted = Create(All);
        var allocated = 0L;
        var time = 0L;
        for (var round = 0; round < 14; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var id = 0; id < 100_000; id++)
            {
                time += 7;
                sorted.Add(new Note(id, id, ""), time + random.Next(70_000));
                while (sorted.TryTake(time, out _, out _))
                {
                    // In order.
                }
            }

            var frozen = ((IStatePart)sorted).Freeze(all: false);
            allocated += round < 6 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            frozen.End();
        }

        // The frozen version of each checkpoint is an object, and so are its two parts.
        Assert.InRange(allocated, 0, 8 * 1_000);
    }

    [Fact]
    public void Restored_data_are_forgotten()
    {
        var sorted = Create(All);
        sorted.Add(new Note(1, 1, "a"), 5);
        Assert.True(sorted.TryTake(6, out _, out _));
        sorted.Add(new Note(2, 1, "b"), 7);
        var part = (IStatePart)sorted;
        var saved = new ReadOnlySequence<byte>(SavedParts.BytesOf(part));
        part.Forget();
        Assert.False(sorted.IsLate(1, Watermarks.None));
        Assert.False(sorted.TryTake(Watermarks.End, out _, out _));
        part.Forget();
        part.Restore(part.Schema, All, [saved]);
        Assert.True(sorted.IsLate(5, Watermarks.None));
        Assert.True(sorted.TryTake(8, out var row, out _));
        Assert.Equal("b", row.Text);
    }

    private static Note NoteOf(int id, Random random) => new(id, random.Next(40), random.Next(5) == 0 ? null : $"note {random.Next()}");

    // The rows of all subtasks leave in the order of time, and those of a key that were in one subtask in the order of arrival.
    private static void AssertOrder(NoteTable table, List<(long Time, Note Row)> rows)
    {
        var taken = new List<(long Time, Note Row)>();
        while (table.TryTake(Watermarks.End, out var row, out var time))
        {
            taken.Add((time, row));
        }

        Assert.Equal(rows.OrderBy(static row => row.Time).Select(static row => row.Time), taken.Select(static row => row.Time));
        foreach (var key in rows.GroupBy(static row => row.Row.Key))
        {
            Assert.Equal(key.OrderBy(static row => row.Time), taken.Where(row => row.Row.Key == key.Key));
        }
    }

    private static NoteTable SaveOrRestore(NoteTable sorted, List<ReadOnlySequence<byte>> chain, Random random)
    {
        if (random.Next(12) != 0)
        {
            return sorted;
        }

        var all = chain.Count == 0 || random.Next(6) == 0;
        if (all)
        {
            chain.Clear();
        }

        chain.Add(new ReadOnlySequence<byte>(SavedParts.BytesOf(((IStatePart)sorted).Freeze(all))));
        if (random.Next(3) != 0)
        {
            return sorted;
        }

        var restored = new SortTableTests().Create(All);
        ((IStatePart)restored).Restore(((IStatePart)restored).Schema, All, chain);
        ((IStatePart)restored).Restored();
        return restored;
    }

    // Takes rows that are due, at most a number of them, and compares them with those of the oracle. Returns false if some are left.
    private static bool Take(NoteTable sorted, long watermark, List<(long Time, Note Row)> oracle, int most)
    {
        for (; most > 0; most--)
        {
            var first = oracle.Where(row => row.Time < watermark).OrderBy(static row => row.Time).FirstOrDefault();
            var isDue = oracle.Exists(row => row.Time < watermark);
            Assert.Equal(isDue, sorted.TryTake(watermark, out var row, out var time));
            if (!isDue)
            {
                return true;
            }

            Assert.Equal(first, (time, row));
            oracle.Remove(first);
        }

        return false;
    }

    private NoteTable Create(KeyRange range) =>
        new("Sorted", range, _counters, _budget.For("Sorted"), _budget.For("Sorted", "order", countsKeys: false));
}
