using System.Buffers;
using Penstock.Joins;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Runtime.Tests.Joins;

using NoteJoin = JoinTable<NoteKey, Note, NoteRowCodec, NoteStateCodec, Note, NoteRowCodec, NoteStateCodec>;

/// <summary>The rows of a subtask that joins, without a pipeline around it, compared with nested loops.</summary>
public sealed class JoinTableTests
{
    private const int Lower = -30;
    private const int Upper = 20;
    private static readonly KeyRange All = new(0, 1, 128);

    private readonly StateBudget _budget = new("Test", null);
    private readonly SubtaskCounters _counters = new();

    public static TheoryData<JoinMode> Modes =>
    [
        JoinMode.None, JoinMode.UnmatchedLeft, JoinMode.UnmatchedRight, JoinMode.UnmatchedLeft | JoinMode.UnmatchedRight, JoinMode.Once,
        JoinMode.Once | JoinMode.UnmatchedLeft | JoinMode.UnmatchedRight, JoinMode.NoPairs | JoinMode.UnmatchedLeft,
        JoinMode.NoPairs | JoinMode.UnmatchedRight, JoinMode.NoPairs | JoinMode.UnmatchedLeft | JoinMode.UnmatchedRight,
    ];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Results_are_those_of_nested_loops_whatever_is_saved_and_restored(JoinMode mode)
    {
        for (var seed = 0; seed < 15; seed++)
        {
            var random = new Random(seed);
            var oracle = new Oracle(mode);
            var (join, parts) = Create(All, mode);
            var chains = NewChains();
            var watermark = 0L;
            for (var id = 1; id < 1_500; id++)
            {
                var note = NoteOf(id, random, keys: seed % 3 == 0 ? 2 : 40);
                oracle.Add(join, note, watermark + random.Next(60) / 3 * 3, random.Next(2) == 0);
                if (random.Next(4) == 0)
                {
                    watermark += random.Next(25) == 0 ? random.Next(100) : random.Next(8);
                    oracle.Advance(join, watermark);
                }

                if (random.Next(15) == 0)
                {
                    var isWhole = chains[0].Count == 0 || random.Next(6) == 0;
                    for (var side = 0; side < 2; side++)
                    {
                        Save(parts[side], chains[side], isWhole);
                    }

                    if (random.Next(3) == 0)
                    {
                        (join, parts) = Restore(mode, chains);
                    }
                }
            }

            oracle.Advance(join, Watermarks.End);
            Assert.False(((IDueState)join).IsDue);
        }
    }

    [Fact]
    public void A_frozen_version_has_the_rows_as_of_its_barrier()
    {
        const JoinMode Mode = JoinMode.UnmatchedLeft | JoinMode.UnmatchedRight;
        for (var seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            var oracle = new Oracle(Mode);
            var (join, parts) = Create(All, Mode);
            var chains = NewChains();
            var watermark = 0L;
            for (var round = 0; round < 6; round++)
            {
                var frozen = Array.ConvertAll(parts, part => part.Freeze(all: round == 0));
                var expected = oracle.Copy();
                for (var id = 0; id < 4_000; id++)
                {
                    var note = NoteOf(round * 4_000 + id, random, keys: 2_000);
                    oracle.Add(join, note, watermark + random.Next(round % 2 == 0 ? 20 : 500), random.Next(2) == 0);
                    if (random.Next(round % 2 == 0 ? 400 : 10) == 0)
                    {
                        oracle.Advance(join, ++watermark);
                    }
                }

                for (var side = 0; side < 2; side++)
                {
                    chains[side].Add(new ReadOnlySequence<byte>(SavedParts.BytesOf(frozen[side])));
                }

                var (restored, _) = Restore(Mode, chains);
                expected.Advance(restored, Watermarks.End);
            }
        }
    }

    [Fact]
    public void A_checkpoint_that_is_not_full_has_only_the_rows_that_are_new()
    {
        var (join, parts) = Create(All, JoinMode.UnmatchedLeft);
        for (var id = 0; id < 10_000; id++)
        {
            AddLeft(join, new Note(id, id, "a text of some length"), 1_000);
        }

        var whole = SavedParts.BytesOf(parts[0].Freeze(all: false)).Length;
        for (var id = 0; id < 100; id++)
        {
            AddLeft(join, new Note(id, 20_000 + id, "a text of some length"), 1_000);
        }

        var added = SavedParts.BytesOf(parts[0].Freeze(all: false)).Length;
        Assert.InRange(added, whole / 120, whole / 80);
        Assert.InRange(SavedParts.BytesOf(parts[0].Freeze(all: false)).Length, 1, 100);

        // Of rows that are met, only their positions.
        for (var id = 0; id < 100; id++)
        {
            AddRight(join, new Note(id, id, ""), 1_000);
        }

        Assert.InRange(SavedParts.BytesOf(parts[0].Freeze(all: false)).Length, 800, 1_000);
        Assert.InRange(SavedParts.BytesOf(parts[0].Freeze(all: true)).Length, whole, whole + 2 * added);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 4)]
    public void Another_parallelism_takes_each_row_once(int before, int after)
    {
        const JoinMode Mode = JoinMode.UnmatchedLeft | JoinMode.UnmatchedRight;
        var random = new Random(before);
        var writers = Enumerable.Range(0, before).Select(subtask => new KeyRange(subtask, before, 128)).ToList();
        var readers = Enumerable.Range(0, after).Select(subtask => new KeyRange(subtask, after, 128)).ToList();
        var tables = writers.ConvertAll(range => Create(range, Mode));
        var oracles = writers.ConvertAll(static _ => new Oracle(Mode));
        for (var id = 0; id < 3_000; id++)
        {
            var note = NoteOf(id, random, keys: 300);
            var owner = writers.FindIndex(range => range.Owns(NoteKey.Of(in note)));
            oracles[owner].Add(tables[owner].Join, note, random.Next(200), random.Next(2) == 0);
        }

        var saved = tables.ConvertAll(static table => SavedOf(table.Parts));
        foreach (var range in readers)
        {
            var (join, parts) = Create(range, Mode);
            for (var subtask = 0; subtask < before; subtask++)
            {
                for (var side = 0; side < 2; side++)
                {
                    if (range.Groups.Meets(writers[subtask].Groups))
                    {
                        parts[side].Restore(parts[side].Schema, writers[subtask], [saved[subtask][side]]);
                    }
                    else
                    {
                        parts[side].RestoreHead(saved[subtask][side]);
                    }
                }
            }

            Oracle.Of(oracles, row => range.Owns(NoteKey.Of(in row)), Mode).Advance(join, Watermarks.End);
        }
    }

    [Fact]
    public void Kept_rows_take_little_more_memory_than_their_members()
    {
        var random = new Random(1);
        var (join, _) = Create(All, JoinMode.UnmatchedLeft);
        var bytes = 0L;
        const int Rows = 300_000;
        for (var id = 0; id < Rows; id++)
        {
            var note = new Note(id, random.Next(Rows / 20), $"customer {random.Next(1_000_000)} of the shop in the main street");
            bytes += note.Bytes;
            AddLeft(join, note, 1_000 + random.Next(1_000));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{(double)_budget.Bytes / Rows} of {(double)bytes / Rows}");
        // Twenty rows of a key are in a list with room for 32, and smaller lists that it outgrew are kept for other keys.
        Assert.InRange(_budget.Bytes, bytes + 16 * Rows, 1.3 * bytes + 40 * Rows);
    }

    [Fact]
    public void Memory_is_used_again_when_rows_leave()
    {
        var random = new Random(1);
        var (join, _) = Create(All, JoinMode.UnmatchedLeft);
        var most = 0L;
        for (var id = 0; id < 1_000_000; id++)
        {
            AddLeft(join, new Note(id, random.Next(1_000), "a note"), id + random.Next(1_000));
            if (id % 100 == 0)
            {
                join.Reach(id);
                while (join.TryTakeLeft(out _, out _))
                {
                    // All that are due.
                }
            }

            most = id == 100_000 ? _budget.Bytes : most;
        }

        Assert.InRange(_budget.Bytes, 1, 2 * most);
    }

    [Fact]
    public void Steady_rows_without_text_allocate_nothing()
    {
        var random = new Random(1);
        var (join, parts) = Create(All, JoinMode.UnmatchedLeft | JoinMode.UnmatchedRight);
        var (allocated, time) = (0L, 0L);
        for (var round = 0; round < 14; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var id = 0; id < 50_000; id++)
            {
                time += 1;
                AddLeft(join, new Note(id, random.Next(5_000), ""), time + random.Next(50));
                AddRight(join, new Note(id, random.Next(5_000), ""), time + random.Next(50));
                join.Reach(time);
                while (join.TryTakeLeft(out _, out _) || join.TryTakeRight(out _, out _))
                {
                    // All that are due.
                }
            }

            var frozen = Array.ConvertAll(parts, static part => part.Freeze(all: false));
            allocated += round < 6 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.All(frozen, static part => part.End());
        }

        // The frozen versions of each checkpoint are objects.
        Assert.InRange(allocated, 0, 8 * 1_000);
    }

    [Fact]
    public void Restored_data_are_forgotten()
    {
        var (join, parts) = Create(All, JoinMode.UnmatchedLeft);
        AddLeft(join, new Note(1, 1, "a"), 5);
        join.Reach(26);
        Assert.True(join.TryTakeLeft(out _, out _));
        AddLeft(join, new Note(2, 1, "b"), 27);
        var saved = SavedOf(parts);
        Assert.All(parts, static part => part.Forget());
        Assert.False(join.IsLate(1, Watermarks.None));
        join.Reach(1_000);
        Assert.False(join.TryTakeLeft(out _, out _));
        Assert.All(parts, static part => part.Forget());
        parts[0].Restore(parts[0].Schema, All, [saved[0]]);
        parts[1].Restore(parts[1].Schema, All, [saved[1]]);
        Assert.True(join.IsLate(25, Watermarks.None));
        join.Reach(48);
        Assert.True(join.TryTakeLeft(out var row, out var time));
        Assert.Equal(("b", 47), (row.Text, time));
    }

    private static List<ReadOnlySequence<byte>>[] NewChains() => [[], []];

    private static void AddLeft(NoteJoin join, Note row, long time)
    {
        var key = NoteKey.Of(in row);
        join.EnterLeft(in row, time, key, NoteKey.Hash(key, join.Secret));
        while (join.NextRight(out _, out _))
        {
            // All that it meets.
        }
    }

    private static void AddRight(NoteJoin join, Note row, long time)
    {
        var key = NoteKey.Of(in row);
        join.EnterRight(in row, time, key, NoteKey.Hash(key, join.Secret));
        while (join.NextLeft(out _, out _))
        {
            // All that it meets.
        }
    }

    private static NoteKey KeyOf(Note row) => NoteKey.Of(in row);

    private static Note NoteOf(int id, Random random, int keys) =>
        new(id, random.Next(keys), random.Next(30) == 0 ? new string('x', 20_000) : random.Next(5) == 0 ? null : $"note {random.Next()}");

    private static ReadOnlySequence<byte>[] SavedOf(IStatePart[] parts) =>
        Array.ConvertAll(parts, static part => new ReadOnlySequence<byte>(SavedParts.BytesOf(part)));

    private static void Save(IStatePart part, List<ReadOnlySequence<byte>> chain, bool isWhole)
    {
        if (isWhole)
        {
            chain.Clear();
        }

        chain.Add(new ReadOnlySequence<byte>(SavedParts.BytesOf(part.Freeze(isWhole))));
    }

    private static (NoteJoin Join, IStatePart[] Parts) Restore(JoinMode mode, List<ReadOnlySequence<byte>>[] chains)
    {
        var (join, parts) = new JoinTableTests().Create(All, mode);
        for (var side = 0; side < 2; side++)
        {
            parts[side].Restore(parts[side].Schema, All, chains[side]);
        }

        return (join, parts);
    }

    private (NoteJoin Join, IStatePart[] Parts) Create(KeyRange range, JoinMode mode)
    {
        var owner = new Owner(range, _budget);
        var join = new NoteJoin(owner, "Joined", _counters, Lower, Upper, mode, KeyOf, KeyOf);
        return (join, [.. owner.Parts]);
    }

    private sealed class Owner(KeyRange range, StateBudget budget) : IStateOwner
    {
        private readonly TableSecret _secret = new("Joined");

        public List<IStatePart> Parts { get; } = [];

        public KeyRange KeyRange => range;

        public TableSecret Secret(string id) => _secret;

        public StateMemory Memory(string id, string part, bool countsKeys = true) => budget.For(id, part, countsKeys);

        public void Register(IStatePart part) => Parts.Add(part);
    }

    // All rows that could still meet others, and whether they have met any.
    private sealed class Oracle(JoinMode mode)
    {
        private readonly List<(Note Row, long Time, bool IsLeft, bool IsMet)> _rows = [];

        public static Oracle Of(IEnumerable<Oracle> others, Predicate<Note> owns, JoinMode mode)
        {
            var oracle = new Oracle(mode);
            oracle._rows.AddRange(others.SelectMany(static other => other._rows).Where(row => owns(row.Row)));
            return oracle;
        }

        public Oracle Copy() => Of([this], static _ => true, mode);

        public void Add(NoteJoin join, Note row, long time, bool isLeft)
        {
            var expected = new List<(Note, long)>();
            var isMet = false;
            for (var index = 0; index < _rows.Count; index++)
            {
                var other = _rows[index];
                var distance = isLeft ? other.Time - time : time - other.Time;
                if (other.IsLeft == isLeft || other.Row.Key != row.Key || distance is < Lower or > Upper)
                {
                    continue;
                }

                if (!mode.HasFlag(JoinMode.Once) || (isLeft ? !isMet : !other.IsMet))
                {
                    expected.Add((other.Row, Math.Max(time, other.Time)));
                }

                isMet = true;
                _rows[index] = other with { IsMet = true };
            }

            _rows.Add((row, time, isLeft, isMet));
            var found = new List<(Note, long)>();
            var key = NoteKey.Of(in row);
            if (isLeft)
            {
                join.EnterLeft(in row, time, key, NoteKey.Hash(key, join.Secret));
            }
            else
            {
                join.EnterRight(in row, time, key, NoteKey.Hash(key, join.Secret));
            }

            if (mode.HasFlag(JoinMode.NoPairs))
            {
                if (isLeft)
                {
                    join.MeetRight();
                }
                else
                {
                    join.MeetLeft();
                }

                return;
            }

            while (isLeft ? join.NextRight(out var other, out var at) : join.NextLeft(out other, out at))
            {
                found.Add((other, at));

                // A task that stops enters the row again.
                join.EnterLeft(in row, time, key, 0);
            }

            if (mode.HasFlag(JoinMode.Once) && isLeft)
            {
                // Which right row it is, is not defined.
                Assert.Equal(expected.Count, found.Count);
            }
            else
            {
                Assert.Equal(expected.OrderBy(static row => row.Item1.Id), found.OrderBy(static row => row.Item1.Id));
            }
        }

        public void Advance(NoteJoin join, long watermark)
        {
            join.Reach(watermark);
            Take(JoinMode.UnmatchedLeft, isLeft: true, join.TryTakeLeft, join.RemoveLeft);
            Take(JoinMode.UnmatchedRight, isLeft: false, join.TryTakeRight, join.RemoveRight);

            void Take(JoinMode emits, bool isLeft, Taker take, Action remove)
            {
                bool IsPassed((Note Row, long Time, bool IsLeft, bool IsMet) row) => row.IsLeft == isLeft && EndOf(row.Time) < watermark;
                long EndOf(long time) => time + (isLeft ? Upper : -Lower);
                var found = new List<(Note, long)>();
                if (mode.HasFlag(emits))
                {
                    while (take(out var row, out var time))
                    {
                        found.Add((row, time));
                    }
                }
                else
                {
                    remove();
                }

                var expected = _rows.FindAll(row => mode.HasFlag(emits) && IsPassed(row) && !row.IsMet)
                    .ConvertAll(row => (row.Row, EndOf(row.Time)));
                Assert.Equal(expected.OrderBy(static row => row.Item1.Id), found.OrderBy(static row => row.Item1.Id));
                _rows.RemoveAll(IsPassed);
            }
        }

        private delegate bool Taker(out Note row, out long time);
    }
}
