using System.Buffers;
using MemoryPack;
using Penstock.State;
using Penstock.Streams;

namespace Penstock.Runtime.Tests.State.Rows;

/// <summary>Kept rows are read unchanged, from memory and from frozen versions, and their memory follows their number.</summary>
public sealed class RowStoreTests
{
    private readonly StateBudget _budget = new("Test", null);

    [Fact]
    public void Rows_are_read_unchanged_in_any_order_of_removal()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var store = new RowStore<Note, NoteRowCodec>(_budget.For("Rows"));
            var rows = new List<(RowPosition Position, Note Row)>();
            var last = new RowPosition(-1);
            for (var id = 0; id < 5_000; id++)
            {
                var row = new Note(id, random.NextInt64(), TextOf(random));
                var end = store.End;
                var position = store.Add(in row);
                Assert.True(RowPosition.Compare(last, position) < 0 && RowPosition.Compare(end, position) <= 0);
                last = position;
                rows.Add((position, row));

                // Roughly in the order of their age, but some stay for long.
                while (rows.Count > 1_000 && random.Next(50) != 0)
                {
                    Take(Math.Min(rows.Count - 1, random.Next(8) == 0 ? random.Next(rows.Count) : random.Next(100)));
                }

                var (any, expected) = rows[random.Next(rows.Count)];
                Assert.Equal(expected, store.Read(any));
                Assert.Equal(rows.Count, store.Count);
            }

            while (rows.Count > 0)
            {
                Take(random.Next(rows.Count));
            }

            Assert.Equal(0, store.Count);

            void Take(int index)
            {
                Assert.Equal(rows[index].Row, store.Take(rows[index].Position));
                rows.RemoveAt(index);
            }
        }
    }

    [Fact]
    public void A_frozen_version_has_the_rows_as_of_its_barrier()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var store = new RowStore<Note, NoteRowCodec>(null);
            var rows = new List<(RowPosition Position, Note Row)>();
            for (var round = 0; round < 20; round++)
            {
                var frozen = store.Freeze();
                var expected = rows.ToList();
                var end = store.End;
                for (var step = 0; step < 8_000; step++)
                {
                    if (rows.Count == 0 || random.Next(round % 2 == 0 ? 3 : 9) > 0 == (round % 2 == 0))
                    {
                        var row = new Note(step, random.NextInt64(), TextOf(random));
                        rows.Add((store.Add(in row), row));
                        Assert.True(RowPosition.Compare(end, rows[^1].Position) <= 0);
                    }
                    else
                    {
                        var index = random.Next(Math.Min(rows.Count, 500));
                        store.Take(rows[index].Position);
                        rows.RemoveAt(index);
                    }
                }

                using var state = MemoryPackReaderOptionalStatePool.Rent(null);
                foreach (var (position, row) in expected)
                {
                    Assert.Equal(row, RowMemory<Note, NoteRowCodec>.Read(frozen.At(position), state, out _));
                }

                frozen.End();
                foreach (var (position, row) in rows)
                {
                    Assert.Equal(row, store.Read(position));
                }
            }
        }
    }

    [Fact]
    public void Memory_follows_the_rows_even_if_those_that_stay_are_spread_over_all_pages()
    {
        var memory = _budget.For("Rows");
        var store = new RowStore<Note, NoteRowCodec>(memory);
        var positions = Enumerable.Range(0, 400_000).Select(id => store.Add(new Note(id, id, $"note number {id}"))).ToList();
        var all = memory.Bytes;
        for (var id = 0; id < positions.Count; id++)
        {
            if (id % 20 != 0)
            {
                store.Take(positions[id]);
            }
        }

        // A twentieth of the rows, with the places that they had, at most half empty arrays, and spare pages.
        Assert.InRange(memory.Bytes, all / 20, all / 5);
        for (var id = 0; id < positions.Count; id += 20)
        {
            Assert.Equal(new Note(id, id, $"note number {id}"), store.Take(positions[id]));
        }

        Assert.InRange(memory.Bytes, 0, 8 * RowPagePool.PageSize);
    }

    [Fact]
    public void Memory_is_close_to_the_bytes_of_the_rows()
    {
        var memory = _budget.For("Rows");
        var store = new RowStore<Note, NoteRowCodec>(memory);
        var bytes = 0L;
        for (var id = 0; id < 200_000; id++)
        {
            var note = new Note(id, id, $"Grüße an {id % 1000}");
            bytes += note.Bytes;
            store.Add(in note);
        }

        // The length of a row in two bytes, that of its text in one, and the rest of pages.
        Assert.InRange(memory.Bytes, bytes + 3 * 200_000, bytes + 3 * 200_000 + 2 * RowPagePool.PageSize);
    }

    [Fact]
    public void Rows_of_any_length_are_kept()
    {
        var random = new Random(5);
        var store = new RowStore<Note, NoteRowCodec>(_budget.For("Rows"));
        var rows = new List<(RowPosition Position, Note Row)>();
        foreach (var length in new[] { 0, 1, 83, 84, 250, 16_000, 16_384, 17_000, 32_000, 40_000, 65_535, 65_536, 100_000, 2_000_000 })
        {
            foreach (var text in new[] { new string('x', length), new string('ü', length), new string('\ud800', length) })
            {
                var row = new Note(length, random.NextInt64(), text);
                rows.Add((store.Add(in row), row));
                rows.Add((store.Add(new Note(-1, 0, null)), new Note(-1, 0, null)));
            }
        }

        foreach (var (position, row) in rows.OrderBy(_ => random.Next()))
        {
            Assert.Equal(row, store.Read(position));
            Assert.Equal(row, store.Take(position));
        }

        Assert.InRange(_budget.Bytes, 0, 8 * RowPagePool.PageSize);
    }

    [Fact]
    public void Plain_rows_are_kept_as_they_are_in_memory()
    {
        Assert.True(RowMemory<Plain, PlainCodec>.IsPlain);
        Assert.False(RowMemory<Note, NoteRowCodec>.IsPlain);
        var store = new RowStore<Plain, PlainCodec>(_budget.For("Rows"));
        var positions = Enumerable.Range(0, 100_000).Select(id => store.Add(new Plain(id, id / 7.0, -id))).ToList();
        Assert.InRange(_budget.Bytes, 100_000 * 26, 100_000 * 26 + 2 * RowPagePool.PageSize);
        for (var id = 0; id < positions.Count; id++)
        {
            Assert.Equal(new Plain(id, id / 7.0, -id), store.Take(positions[id]));
        }
    }

    [Fact]
    public void Steady_rows_without_text_allocate_nothing()
    {
        var store = new RowStore<Note, NoteRowCodec>(_budget.For("Rows"));
        var positions = new Queue<RowPosition>();
        var allocated = 0L;
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var id = 0; id < 100_000; id++)
            {
                positions.Enqueue(store.Add(new Note(id, id, "")));
                if (positions.Count > 20_000)
                {
                    store.Take(positions.Dequeue());
                }
            }

            store.Freeze().End();
            allocated += round < 3 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Rows_are_counted_and_forgotten()
    {
        var store = new RowStore<Note, NoteRowCodec>(_budget.For("Rows"));
        for (var id = 0; id < 50_000; id++)
        {
            store.Add(new Note(id, id, "some text"));
        }

        Assert.InRange(_budget.For("Rows").Keys, 45_000, 50_000);
        store.Clear();
        Assert.Equal(0, store.Count);
        Assert.InRange(_budget.Bytes, 0, 8 * RowPagePool.PageSize);
        Assert.Equal(new Note(1, 2, "again"), store.Take(store.Add(new Note(1, 2, "again"))));
    }

    private static string? TextOf(Random random) => random.Next(12) switch
    {
        0 => null,
        1 => "",
        2 => new string((char)random.Next(' ', 0x3000), random.Next(400)),
        3 => "😀 and half of one: \ud83d",
        4 when random.Next(40) == 0 => new string('y', random.Next(80_000)),
        _ => $"text {random.Next()}",
    };

    internal readonly record struct Plain(long Id, double Value, long Other);

    internal readonly struct PlainCodec : IRowCodec<Plain>
    {
        public static int BlittableSize => 24;

        public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in Plain row)
            where TBuffer : class, IBufferWriter<byte> => throw new InvalidOperationException();

        public static Plain Read(ref MemoryPackReader reader) => throw new InvalidOperationException();
    }
}
