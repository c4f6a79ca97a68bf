using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>
/// A table as of a barrier. The subtask continues to change the table immediately, while a background thread reads the frozen version
/// without locks.
/// </summary>
/// <remarks>
/// A freeze starts a new epoch. Before the subtask touches an entry for the first time in an epoch, it saves an image of the entry and then
/// stamps the entry with the epoch. The reader copies the entries of a segment, and only then reads their stamps. A copy without the stamp
/// of the new epoch is from before any change; for the other entries the images are used, unless they were added later. The memory for
/// images is bounded by the entries touched while the freeze is read, in segments that have not been read yet.
/// </remarks>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <param name="isShared">
/// <c>true</c> if entries refer to memory that may be changed in place: a segment then counts as read only when it has been written.
/// </param>
/// <param name="memory">The memory account of images, or null for none.</param>
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

    /// <summary>Indicates whether the frozen version is no longer needed.</summary>
    public bool IsDone => _isDone;

    /// <summary>The memory of images, in bytes.</summary>
    public long ImageBytes => _images.Bytes + (_removed?.Bytes ?? 0);

    /// <summary>The number of entries in the table at the barrier.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the newest freeze that cleared the stamps of former epochs.</summary>
    public int LastSweep { get; private set; }

    /// <summary>Freezes a table. Called on the thread of its subtask.</summary>
    /// <param name="number">The number of the freeze, from 1.</param>
    /// <param name="slots">The slots of each segment; the outer array is copied.</param>
    /// <param name="entries">The entries of each segment; the outer array is copied.</param>
    /// <param name="infos">The metadata of each segment; the array is copied.</param>
    /// <param name="all"><c>true</c> to read all entries, not only those touched in the epoch that ends.</param>
    /// <param name="behind">The place after which entries are read.</param>
    /// <param name="count">The number of entries after that place.</param>
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
            // A segment may have directory places on both sides: the first one counts.
            info.ReadIn = number;
        }

        _isDone = false;
    }

    /// <summary>Takes the log of keys that were removed in the epoch that ends.</summary>
    /// <param name="removed">The log, or null if no key was ever removed.</param>
    /// <returns>An empty log for the next epoch.</returns>
    public ImageLog<TKey>? TakeRemoved(ImageLog<TKey>? removed)
    {
        var empty = _removed;
        _removed = removed;
        return empty;
    }

    /// <summary>Visits the keys that were removed in the epoch that has ended; none if all entries are read.</summary>
    public void ReadRemoved<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IImageVisitor<TKey>
    {
        if (!_all)
        {
            _removed?.Read(ref visitor);
        }
    }

    /// <summary>Saves the image of an entry before the subtask touches it for the first time since the barrier.</summary>
    /// <returns><c>true</c> if an image was needed.</returns>
    public bool Keep(SegmentInfo segment, byte stamp, in KeyedEntry<TKey, TState> entry)
    {
        if (segment.CreatedInFreeze < _number && Volatile.Read(ref segment.ReadIn) < _number && (_all || stamp == _frozenEpoch))
        {
            _images.Append(in entry);
            return true;
        }

        return false;
    }

    /// <summary>Reads the frozen version. Called on a background thread.</summary>
    /// <param name="visitor">Visits the entries in groups; an entry may be visited twice.</param>
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

        // For every stamp seen above, the image is published by now.
        _images.Read(ref visitor);
    }

    /// <summary>Ends the freeze: no more images are saved. May be called on any thread, but not while the freeze is read.</summary>
    public void End() => _isDone = true;

    /// <summary>Releases the memory of the freeze. Called on the thread of the subtask.</summary>
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
                    // A stamp of a former epoch, whose value will be reused by a later one.
                    Interlocked.CompareExchange(ref stamp, (byte)0, found);
                }
            }
        }

        return count;
    }

    private int Compact(byte[] slots, FreezeRoom<TKey, TState> room, int count)
    {
        // Stamps must not be read again before the copies are made.
        Interlocked.MemoryBarrier();
        var left = 0;
        for (var index = 0; index < count; index++)
        {
            // A tag that is read before an old stamp is at least as old.
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

/// <summary>Members that do not depend on the type parameters.</summary>
internal static class TableFreeze
{
    /// <summary>
    /// Returns the stamp of entries touched after a freeze. It is never 0, and the stamps of two freezes differ unless 255 freezes are
    /// between them.
    /// </summary>
    /// <param name="number">The number of the freeze, or 0 before the first one.</param>
    public static byte EpochAfter(int number) => (byte)(number % byte.MaxValue + 1);
}

/// <summary>Copies a state without sharing mutable memory.</summary>
internal delegate TState Detach<TState>(in TState state)
    where TState : struct;

/// <summary>Visits entries of a frozen table.</summary>
internal interface IEntryVisitor<TKey, TState> : IImageVisitor<KeyedEntry<TKey, TState>>
    where TKey : struct, IKey<TKey>
    where TState : struct;

/// <summary>Buffers for the entries of one segment, reused for the next segment and the next checkpoint.</summary>
internal sealed class FreezeRoom<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private static FreezeRoom<TKey, TState>? _spare;

    /// <summary>Rents buffers for the reader of a frozen table.</summary>
    public static FreezeRoom<TKey, TState> Rent() => Interlocked.Exchange(ref _spare, null) ?? new FreezeRoom<TKey, TState>();

    /// <summary>Returns the buffers.</summary>
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
