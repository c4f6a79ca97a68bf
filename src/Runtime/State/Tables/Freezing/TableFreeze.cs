using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// A table as it was at a barrier. The subtask goes on changing the table at once; a background thread reads the frozen
/// version beside it, without locks.
/// </summary>
/// <remarks>
/// With a freeze a new epoch begins. Before the subtask touches an entry for the first time in the new epoch, it keeps an image of it
/// and then stamps it with the epoch. The reader copies the entries of a segment, and only then looks at their stamps: a copy whose stamp
/// is not of the new epoch is from before any change, and the others are taken from their images, or were added later. The memory for
/// images is bounded by the entries that are touched while the freeze is being read, in segments that have not been read yet.
/// </remarks>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="isShared">Whether entries refer to memory that may be changed in place: then a segment counts as read only once it is
/// written.</param>
/// <param name="memory">Accounts for the memory of images; null where it is not accounted for.</param>
/// <param name="secret">The secret in the hashes of the table.</param>
internal sealed class TableFreeze<TKey, TState>(bool isShared, StateMemory? memory, TableSecret secret)
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private readonly ImageLog<KeyedEntry<TKey, TState>> _images = new(memory);
    private ImageLog<TKey>? _removed;
    private byte[][] _slots = [];
    private KeyedEntry<TKey, TState>[][] _entries = [];
    private SegmentInfo[] _infos = [];
    private int _number;
    private bool _all;
    private TablePlace _behind;
    private byte _frozenEpoch;
    private byte _newEpoch;
    private volatile bool _isDone = true;

    /// <summary>Whether the frozen version is not needed any more.</summary>
    public bool IsDone => _isDone;

    /// <summary>The memory of images.</summary>
    public long ImageBytes => _images.Bytes + (_removed?.Bytes ?? 0);

    /// <summary>How many entries the table had at the barrier.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the newest freeze that took the stamps of former epochs away.</summary>
    public int LastSweep { get; private set; }

    /// <summary>Freezes a table, on the thread of its subtask.</summary>
    /// <param name="number">The number of the freeze, from 1.</param>
    /// <param name="slots">The slots of each segment; the list of them is copied.</param>
    /// <param name="entries">The entries of each segment; the list of them is copied.</param>
    /// <param name="infos">What is known of each segment; the list of it is copied.</param>
    /// <param name="all">Whether all entries are to be read, and not only those that were touched in the epoch that ends.</param>
    /// <param name="behind">The place behind which entries are to be read.</param>
    /// <param name="count">How many entries the table has there.</param>
    public void Begin(
        int number,
        ReadOnlySpan<byte[]> slots,
        ReadOnlySpan<KeyedEntry<TKey, TState>[]> entries,
        ReadOnlySpan<SegmentInfo> infos,
        bool all,
        TablePlace behind,
        int count)
    {
        Release();
        _number = number;
        _slots = slots.ToArray();
        _entries = entries.ToArray();
        _infos = infos.ToArray();
        _all = all;
        _behind = behind;
        Count = count;
        _frozenEpoch = TableFreeze.EpochAfter(number - 1);
        _newEpoch = TableFreeze.EpochAfter(number);
        foreach (var info in infos[..behind.Segment])
        {
            // A segment may have places on both sides: the first one counts.
            info.ReadIn = number;
        }

        _isDone = false;
    }

    /// <summary>Takes the keys that were removed in the epoch that ends.</summary>
    /// <param name="removed">The log of them; null where there never were any.</param>
    /// <returns>An empty log for the next epoch.</returns>
    public ImageLog<TKey>? TakeRemoved(ImageLog<TKey>? removed)
    {
        var empty = _removed;
        _removed = removed;
        return empty;
    }

    /// <summary>Shows the keys that were removed in the epoch that has ended; none where all entries are read.</summary>
    public void ReadRemoved<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IImageVisitor<TKey>
    {
        if (!_all)
        {
            _removed?.Read(ref visitor);
        }
    }

    /// <summary>Keeps what an entry is before the subtask touches it for the first time since.</summary>
    /// <returns>Whether it was needed.</returns>
    public bool Keep(SegmentInfo segment, byte stamp, in KeyedEntry<TKey, TState> entry)
    {
        if (segment.Born < _number && Volatile.Read(ref segment.ReadIn) < _number && (_all || stamp == _frozenEpoch))
        {
            _images.Append(in entry);
            return true;
        }

        return false;
    }

    /// <summary>Reads the frozen version, on a thread of its own.</summary>
    /// <param name="visitor">Takes the entries, some at a time; an entry may come twice.</param>
    /// <param name="room">Memory to copy entries to.</param>
    public void Read<TVisitor>(ref TVisitor visitor, FreezeRoom<TKey, TState> room)
        where TVisitor : struct, IEntryVisitor<TKey, TState>
    {
        for (var index = _behind.Segment; index < _infos.Length; index++)
        {
            var info = _infos[index];
            if (info.ReadIn < _number)
            {
                var count = Compact(
                    _slots[index],
                    room,
                    Copy(_slots[index], _entries[index], index == _behind.Segment ? _behind.Slot + 1 : 0, room));
                if (isShared)
                {
                    visitor.Visit(room.Entries.AsSpan(0, count));
                    Volatile.Write(ref info.ReadIn, _number);
                }
                else
                {
                    Volatile.Write(ref info.ReadIn, _number);
                    visitor.Visit(room.Entries.AsSpan(0, count));
                }
            }
        }

        if (_all && _behind == TablePlace.Start)
        {
            LastSweep = _number;
        }

        // All images are published that a stamp, seen above, was for.
        _images.Read(ref visitor);
    }

    /// <summary>Ends the freeze: nothing is kept any more. On any thread, but not while it is read.</summary>
    public void End() => _isDone = true;

    /// <summary>Gives the memory of the freeze back, on the thread of the subtask.</summary>
    public void Release()
    {
        _slots = [];
        _entries = [];
        _infos = [];
        _images.Clear();
        _removed?.Clear();
    }

    private int Copy(byte[] slots, KeyedEntry<TKey, TState>[] entries, int first, FreezeRoom<TKey, TState> room)
    {
        var count = 0;
        for (var slot = first; slot < entries.Length; slot++)
        {
            if (Volatile.Read(ref slots[Slots.TagOf(slot)]) == 0)
            {
                continue;
            }

            ref var stamp = ref slots[Slots.StampOf(slot)];
            var found = Volatile.Read(ref stamp);
            if (_all ? found != _newEpoch : found == _frozenEpoch)
            {
                room.Entries[count] = entries[slot];
                room.Found[count++] = slot;
                if (found != _frozenEpoch && found != 0)
                {
                    // A value of a former epoch, which will be that of a later one.
                    Interlocked.CompareExchange(ref stamp, (byte)0, found);
                }
            }
        }

        return count;
    }

    private int Compact(byte[] slots, FreezeRoom<TKey, TState> room, int count)
    {
        // No stamp may be read again before the copies were made.
        Interlocked.MemoryBarrier();
        var left = 0;
        for (var index = 0; index < count; index++)
        {
            // A tag that was read before an old stamp is as old as that.
            var tag = Volatile.Read(ref slots[Slots.TagOf(room.Found[index])]);
            if (Volatile.Read(ref slots[Slots.StampOf(room.Found[index])]) != _newEpoch
                && !KeyedTable<TKey, TState>.IsRemoved(tag, in room.Entries[index], secret.Value))
            {
                if (left < index)
                {
                    room.Entries[left] = room.Entries[index];
                }

                left++;
            }
        }

        return left;
    }
}

/// <summary>What all freezes have in common.</summary>
internal static class TableFreeze
{
    /// <summary>
    /// The stamp of what is touched after a freeze. Never 0, and that of two freezes differs unless 255 are between them.
    /// </summary>
    /// <param name="number">The number of the freeze; 0 before the first one.</param>
    public static byte EpochAfter(int number) => (byte)(number % byte.MaxValue + 1);
}

/// <summary>Copies a state so that it shares no memory that may be changed.</summary>
internal delegate TState Detach<TState>(in TState state)
    where TState : struct;

/// <summary>Takes entries of a frozen table.</summary>
internal interface IEntryVisitor<TKey, TState> : IImageVisitor<KeyedEntry<TKey, TState>>
    where TKey : struct, IKey<TKey>
    where TState : struct;

/// <summary>Room for the entries of one segment, used again for the next, and for the next checkpoint.</summary>
internal sealed class FreezeRoom<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private static FreezeRoom<TKey, TState>? _spare;

    /// <summary>Gives the reader of a frozen table its buffers; to be returned.</summary>
    public static FreezeRoom<TKey, TState> Rent() => Interlocked.Exchange(ref _spare, null) ?? new FreezeRoom<TKey, TState>();

    /// <summary>Takes the room back.</summary>
    public void Return()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<KeyedEntry<TKey, TState>>())
        {
            Array.Clear(Entries);
        }

        _spare = this;
    }

    public KeyedEntry<TKey, TState>[] Entries { get; } = new KeyedEntry<TKey, TState>[Slots.SegmentSize];

    public int[] Found { get; } = new int[Slots.SegmentSize];
}
