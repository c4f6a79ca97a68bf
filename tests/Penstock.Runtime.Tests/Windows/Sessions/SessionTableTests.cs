using System.Buffers;
using MemoryPack;
using Penstock.Connectors;
using Penstock.State;
using Penstock.Time;
using Penstock.Windows;

namespace Penstock.Runtime.Tests.Windows.Sessions;

using IdTable = SessionTable<LongKey, StateCell<List<int>?>, SessionTableTests.IdsCodec, SessionTableTests.Joiner>;

/// <summary>The sessions of a subtask, without a pipeline around them.</summary>
public sealed class SessionTableTests
{
    private const long Gap = 10;

    private readonly StateBudget _budget = new("Test", null);
    private readonly SubtaskCounters _counters = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 25)]
    [InlineData(15, 0)]
    [InlineData(15, 25)]
    public void Sessions_are_those_of_a_plain_loop_whatever_is_saved_and_restored(int lateness, int lag)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var sessions = Create(lateness);
            var oracle = new Oracle(lateness);
            var results = new Dictionary<(long Key, long Start), string>();
            var chain = new List<ReadOnlySequence<byte>>();
            var split = 0L;
            for (var id = 0; id < 500; id++)
            {
                var (key, time) = (random.Next(4), split + random.Next(-45, 25));
                Assert.Equal(oracle.Add(id, key, time, split), Add(sessions, id, key, time, split, results));
                if (random.Next(3) == 0)
                {
                    split += random.Next(20) == 0 ? random.Next(80) : random.Next(6);
                    while (!Fire(sessions, split - lag, results, most: random.Next(1, 4)))
                    {
                        sessions = SaveOrRestore(sessions, lateness, chain, random);
                    }
                }

                sessions = SaveOrRestore(sessions, lateness, chain, random);
            }

            Assert.True(Fire(sessions, Watermarks.End, results, most: int.MaxValue));
            Assert.Equal(oracle.Results.Order(), results.Values.Order());
            Assert.False(((IDueState)sessions).IsDue);
        }

        Assert.True(_counters.Windows > 1000 && _counters.Late > 100);
    }

    [Fact]
    public void A_frozen_version_has_the_sessions_as_of_its_barrier()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var sessions = Create(lateness: 0);
            var oracle = new Oracle(0);
            var split = 0L;
            for (var id = 0; id < 200; id++)
            {
                AddAny(id);
            }

            var expected = oracle.ResultsAfter(split).Order().ToList();
            var frozen = ((IStatePart)sessions).Freeze(all: true);
            for (var id = 1000; id < 1200; id++)
            {
                AddAny(id);
            }

            var restored = Create(lateness: 0);
            Restore(restored, [Bytes(frozen)]);
            var results = new Dictionary<(long Key, long Start), string>();
            Assert.True(Fire(restored, Watermarks.End, results, most: int.MaxValue));
            Assert.Equal(expected, results.Values.Order());

            void AddAny(int id)
            {
                var (key, time) = (random.Next(4), split + random.Next(-5, 40));
                oracle.Add(id, key, time, split);
                Add(sessions, id, key, time, split, []);
                split += random.Next(4) == 0 ? random.Next(6) : 0;
                Fire(sessions, split, [], most: int.MaxValue);
            }
        }
    }

    [Fact]
    public void Steady_rows_allocate_nothing()
    {
        // A checkpoint takes the block with the keys of merged sessions along, which is less than a byte for each row here.
        const int Rows = 100_000;
        const int Block = 68_000;
        var sessions = CreateCounts(lateness: 30);
        var time = 0L;
        var allocated = 0L;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            time = Run(sessions, time, Rows);
            allocated += round < 4 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;

            // Sessions that were merged are recorded until the next checkpoint.
            ((IStatePart)sessions).Freeze(all: round == 0).End();
        }

        Assert.InRange(allocated, 0, 16 * Block);
        Assert.InRange(_counters.Windows, 2_000, int.MaxValue);
    }

    [Fact]
    public void Rows_that_extend_a_session_leave_no_timers_behind()
    {
        var sessions = CreateCounts(lateness: 0);
        var bytes = new List<long>();
        for (var time = 0L; time < 100_000; time++)
        {
            sessions.GetOrOpen(new LongKey(1), LongKey.Hash(new LongKey(1), sessions.Secret), time, time - 5).Value++;
            Assert.False(sessions.TryTakeDue(time - 5, out _, out _, out _));
            if (time is 1_000 or 99_999)
            {
                bytes.Add(_budget.Bytes);
            }
        }

        Assert.Equal(bytes[0], bytes[1]);
        Assert.True(sessions.TryTakeDue(Watermarks.End, out _, out var window, out _));
        Assert.Equal(new WindowBounds(0, 99_999 + Gap), window);
        Assert.Equal(100_000, sessions.State.Value);
    }

    [Fact]
    public void A_longer_lateness_after_a_restart_opens_no_closed_session_again()
    {
        var results = new Dictionary<(long Key, long Start), string>();
        var sessions = Create(lateness: 5);
        Assert.True(Add(sessions, id: 0, key: 1, time: 100, split: 100, results));
        Assert.True(Fire(sessions, 120, results, most: int.MaxValue));
        Assert.Equal("1 100 110: 0", Assert.Single(results).Value);

        // The bound must survive a second start. Sessions up to 115 were closed.
        for (var start = 0; start < 2; start++)
        {
            var saved = Bytes(((IStatePart)sessions).Freeze(all: true));
            sessions = Create(lateness: 100);
            Restore(sessions, [saved]);
            Assert.False(Add(sessions, id: 1, key: 1, time: 105, split: 120, results));
        }

        Assert.True(Add(sessions, id: 2, key: 1, time: 106, split: 120, results));
        Assert.Equal(["1 100 110: 0", "1 106 116: 2"], results.Values.Order());
        Assert.Equal(2, _counters.Late);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Subtasks_that_were_not_equally_far_fire_each_session_once(bool aheadFirst)
    {
        var (ahead, behind) = (Create(lateness: 0), Create(lateness: 0));
        var results = new Dictionary<(long Key, long Start), string>();
        foreach (var (sessions, range, watermark) in new[] { (ahead, Ahead, 40L), (behind, Behind, 12L) })
        {
            foreach (var key in Enumerable.Range(0, 40).Where(key => range.Owns(new LongKey(key))))
            {
                Add(sessions, key, key, 0, Watermarks.None, results);
                Add(sessions, key, key, 25, Watermarks.None, results);
                Add(sessions, key, key, 45, Watermarks.None, results);
            }

            Fire(sessions, watermark, results, most: int.MaxValue);
        }

        var both = Create(lateness: 0);
        foreach (var (sessions, range) in aheadFirst ? [(ahead, Ahead), (behind, Behind)] : new[] { (behind, Behind), (ahead, Ahead) })
        {
            ((IStatePart)both).Restore(((IStatePart)both).Schema, range, [Bytes(((IStatePart)sessions).Freeze(all: true))]);
        }

        ((IStatePart)both).Restored();
        Assert.True(((IDueState)both).IsDue);
        var before = results.Count;
        Assert.True(Fire(both, Watermarks.None, results, most: int.MaxValue));
        Assert.Equal(80, results.Count);
        Assert.True(before is > 40 and < 80);
        Fire(both, Watermarks.End, results, most: int.MaxValue);
        Assert.Equal(120, results.Count);
    }

    private static KeyRange Ahead => new(0, 2, 128);

    private static KeyRange Behind => new(1, 2, 128);

    // Rows of three keys, whose sessions have a row before or behind them, so that some keys have several.
    private static long Run(SessionTable<LongKey, StateCell<int>, IntCodec, Adder> sessions, long from, long length)
    {
        for (var time = from; time < from + length; time++)
        {
            for (var key = 0; key < 3; key++)
            {
                // In one of four periods, late rows join sessions.
                var at = time - (time % 7 == 0 && time / 45 % 4 == 0 ? 20 : 0);
                if ((time / 15 + key) % 3 == 0 || sessions.IsLate(at, time - 5))
                {
                    continue;
                }

                var hash = LongKey.Hash(new LongKey(key), sessions.Secret);
                sessions.GetOrOpen(new LongKey(key), hash, at, time - 5).Value++;
                while (sessions.TryTakeDeleted(out _))
                {
                }

                sessions.TryTakeLate(out _, out _);
            }

            while (sessions.TryTakeDue(time - 5, out _, out _, out _))
            {
                // An assertion allocates.
                if (sessions.State.Value == 0)
                {
                    throw new InvalidOperationException("The session has no rows.");
                }
            }
        }

        return from + length;
    }

    private static bool Add(
        IdTable sessions,
        int id,
        long key,
        long time,
        long split,
        Dictionary<(long Key, long Start), string> results)
    {
        if (sessions.IsLate(time, split))
        {
            return false;
        }

        ref var state = ref sessions.GetOrOpen(new LongKey(key), LongKey.Hash(new LongKey(key), sessions.Secret), time, split);
        (state.Value ??= []).Add(id);
        var hasChanges = sessions.HasChanges;
        while (sessions.TryTakeDeleted(out var deleted))
        {
            Assert.True(hasChanges);
            Assert.DoesNotContain(id, sessions.State.Value!);
            Assert.True(results.Remove((key, deleted.Start)));
        }

        if (sessions.TryTakeLate(out var window, out var kind))
        {
            Assert.True(hasChanges);
            Assert.Equal(kind == RowKind.UpdateAfter, results.ContainsKey((key, window.Start)));
            results[(key, window.Start)] = Text(key, window.Start, window.End, state.Value);
        }

        Assert.False(sessions.HasChanges);
        return true;
    }

    // Returns false if it has stopped after a number of sessions.
    private static bool Fire(IdTable sessions, long watermark, Dictionary<(long Key, long Start), string> results, int most)
    {
        var last = (End: long.MinValue, Key: 0L);
        for (var count = 0; count < most; count++)
        {
            if (!sessions.TryTakeDue(watermark, out var key, out var window, out var kind))
            {
                return true;
            }

            Assert.True((window.End, key.Value).CompareTo(last) > 0, "Sessions fire by end and key.");
            last = (window.End, key.Value);
            Assert.Equal(kind == RowKind.UpdateAfter, results.ContainsKey((key.Value, window.Start)));
            results[(key.Value, window.Start)] = Text(key.Value, window.Start, window.End, sessions.State.Value!);
            Assert.True(((IDueState)sessions).CanBeSaved);
        }

        return false;
    }

    private IdTable SaveOrRestore(IdTable sessions, long lateness, List<ReadOnlySequence<byte>> chain, Random random)
    {
        if (random.Next(6) > 0)
        {
            return sessions;
        }

        chain.Add(Bytes(((IStatePart)sessions).Freeze(all: chain.Count == 0)));
        if (random.Next(3) > 0)
        {
            return sessions;
        }

        var restored = Create(lateness);
        Restore(restored, chain);
        chain.Clear();
        return restored;
    }

    private static void Restore(IdTable sessions, IReadOnlyList<ReadOnlySequence<byte>> chain)
    {
        ((IStatePart)sessions).Restore(((IStatePart)sessions).Schema, new KeyRange(0, 1, 128), chain);
        ((IStatePart)sessions).Restored();
    }

    private static ReadOnlySequence<byte> Bytes(IFrozenPart frozen)
    {
        var files = new MemoryFileSystem();
        using (var stream = new StateStream(files.Create("state"), new BlockPool()))
        {
            frozen.Write(stream);
            stream.EndPiece();
            stream.Complete();
        }

        frozen.End();
        using var file = files.OpenRead("state");
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return new ReadOnlySequence<byte>(bytes);
    }

    private static string Text(long key, long start, long end, IEnumerable<int> ids) =>
        $"{key} {start} {end}: {string.Join(' ', ids.Order())}";

    private IdTable Create(long lateness) => new(
        "Sessions",
        new KeyRange(0, 1, 128),
        _counters,
        _budget.For("Sessions"),
        _budget.For("Sessions", "sessions", countsKeys: false),
        TableSecret.None,
        Gap,
        lateness,
        default);

    private SessionTable<LongKey, StateCell<int>, IntCodec, Adder> CreateCounts(long lateness) => new(
        "Sessions",
        new KeyRange(0, 1, 128),
        _counters,
        _budget.For("Sessions"),
        _budget.For("Sessions", "sessions", countsKeys: false),
        TableSecret.None,
        Gap,
        lateness,
        default);

    /// <summary>Sessions as a list of all of them.</summary>
    private sealed class Oracle(long lateness)
    {
        private readonly List<(long Key, long Start, long End, List<int> Ids)> _sessions = [];

        public IEnumerable<string> Results => ResultsAfter(long.MinValue);

        /// <summary>The sessions that end after a time.</summary>
        public IEnumerable<string> ResultsAfter(long watermark) => _sessions
            .Where(session => session.End > watermark)
            .Select(static session => Text(session.Key, session.Start, session.End, session.Ids));

        public bool Add(int id, long key, long time, long watermark)
        {
            if (time + Gap + lateness <= watermark)
            {
                return false;
            }

            var (start, end, ids) = (time, time + Gap, new List<int> { id });
            foreach (var other in _sessions.FindAll(other =>
                other.Key == key && other.Start < time + Gap && time < other.End && other.End + lateness > watermark))
            {
                _sessions.Remove(other);
                (start, end) = (Math.Min(start, other.Start), Math.Max(end, other.End));
                ids.AddRange(other.Ids);
            }

            _sessions.Add((key, start, end, ids));
            return true;
        }
    }

    internal readonly struct Joiner : IStateMerger<StateCell<List<int>?>>
    {
        public void Merge(ref StateCell<List<int>?> state, in StateCell<List<int>?> other)
        {
            // Takes the list of the other session, and changes it later.
            var ids = other.Value!;
            ids.AddRange(state.Value!);
            state.Value = ids;
        }
    }

    private readonly struct Adder : IStateMerger<StateCell<int>>
    {
        public void Merge(ref StateCell<int> state, in StateCell<int> other) => state.Value += other.Value;
    }

    internal readonly struct IdsCodec : IStateCodec<StateCell<List<int>?>>
    {
        public static string Schema => "Ids:int32[]";

        public static bool HasSharedParts => true;

        public static StateCell<List<int>?> Detach(in StateCell<List<int>?> state) =>
            new() { Value = state.Value == null ? null : [.. state.Value] };

        public static void Write<TBuffer>(ref MemoryPackWriter<TBuffer> writer, in StateCell<List<int>?> state)
            where TBuffer : class, IBufferWriter<byte>
        {
            writer.WriteUnmanaged(state.Value!.Count);
            foreach (var id in state.Value)
            {
                writer.WriteUnmanaged(id);
            }
        }

        public static void Read(ref MemoryPackReader reader, out StateCell<List<int>?> state)
        {
            var ids = new List<int>();
            for (var count = reader.ReadUnmanaged<int>(); count > 0; count--)
            {
                ids.Add(reader.ReadUnmanaged<int>());
            }

            state = new() { Value = ids };
        }
    }
}
