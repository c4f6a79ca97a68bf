using System.Numerics;

namespace Penstock.State;

/// <summary>
/// A table as it was at a barrier. The subtask goes on changing the table at once; a background thread reads the frozen
/// version beside it, without locks.
/// </summary>
/// <remarks>
/// Before the subtask touches an entry that has not been read yet, it keeps an image of the entry and then marks it as kept. The
/// reader copies the entries of a segment, and only then looks which of them are marked: a copy whose mark was not yet set is from
/// before the change, and the others are taken from their images. An entry that was added after the barrier is marked without an
/// image, so it is not there. The memory for images is bounded by the entries touched while the freeze is being read.
/// </remarks>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
internal sealed class TableFreeze<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    private ImageLog<TKey, TState> _images = new();
    private byte[][] _tags = [];
    private KeyedEntry<TKey, TState>[][] _entries = [];
    private int[] _ids = [];
    private int _idLimit;
    private bool _all;
    private ulong[] _changed = [];
    private ulong[] _kept = [];
    private bool[] _isRead = [];
    private volatile bool _isDone = true;

    /// <summary>Whether the frozen version is not needed any more.</summary>
    public bool IsDone => _isDone;

    /// <summary>Freezes a table, on the thread of its subtask.</summary>
    /// <param name="tags">The directory of tags; copied.</param>
    /// <param name="entries">The directory of entries; copied.</param>
    /// <param name="ids">The directory of segment ids; copied.</param>
    /// <param name="idLimit">A number above every segment id.</param>
    /// <param name="changed">What has changed since the last freeze, by segment id and slot; taken over.</param>
    /// <param name="all">Whether all entries are to be read, and not only those that changed.</param>
    /// <returns>An array of at least the same length for the changes from now on, all 0.</returns>
    public ulong[] Begin(byte[][] tags, KeyedEntry<TKey, TState>[][] entries, int[] ids, int idLimit, ulong[] changed, bool all)
    {
        var next = Cleared(_changed, changed.Length);
        _tags = (byte[][])tags.Clone();
        _entries = (KeyedEntry<TKey, TState>[][])entries.Clone();
        _ids = (int[])ids.Clone();
        _idLimit = idLimit;
        _all = all;
        _changed = changed;
        _kept = Cleared(_kept, changed.Length);
        _isRead = Cleared(_isRead, idLimit);
        _isDone = false;
        return next;
    }

    /// <summary>Whether a segment belongs to the frozen version and has not been read yet.</summary>
    public bool Needs(int id) => !_isDone && id < _idLimit && !Volatile.Read(ref _isRead[id]);

    /// <summary>Keeps what an entry is before the subtask changes it.</summary>
    public void Keep(int id, int slot, in KeyedEntry<TKey, TState> entry)
    {
        var (word, bit) = Marks.Of(id, slot);
        if (Needs(id) && (_kept[word] & bit) == 0 && (_all || (_changed[word] & bit) != 0))
        {
            _images.Append(word, bit, in entry);
            Interlocked.Or(ref _kept[word], bit);
        }
    }

    /// <summary>Hides an entry that is about to be added.</summary>
    public void Hide(int id, int slot)
    {
        var (word, bit) = Marks.Of(id, slot);
        if (Needs(id))
        {
            Interlocked.Or(ref _kept[word], bit);
        }
    }

    /// <summary>Reads the frozen version, on a thread of its own.</summary>
    /// <param name="visitor">Takes the entries, some at a time.</param>
    /// <param name="room">Memory to copy entries to.</param>
    public void Read<TVisitor>(ref TVisitor visitor, FreezeRoom<TKey, TState> room)
        where TVisitor : struct, IEntryVisitor<TKey, TState>
    {
        var late = new ulong[_kept.Length];
        for (var index = 0; index < _ids.Length; index++)
        {
            var id = _ids[index];
            if (!_isRead[id])
            {
                var count = Compact(id, room, Copy(index, room), late);
                Volatile.Write(ref _isRead[id], true);
                visitor.Visit(room.Entries.AsSpan(0, count));
            }
        }

        ReadImages(ref visitor, room.Entries, late);
    }

    /// <summary>Ends the freeze: nothing is kept any more. On any thread, when nobody reads.</summary>
    public void End() => _isDone = true;

    /// <summary>Gives memory back that the next freeze would not use, on the thread of the subtask.</summary>
    public void Release()
    {
        _tags = [];
        _entries = [];
        _ids = [];
        _images = new ImageLog<TKey, TState>();
    }

    private static T[] Cleared<T>(T[] array, int length)
    {
        if (array.Length < length)
        {
            return new T[length];
        }

        Array.Clear(array);
        return array;
    }

    private int Copy(int index, FreezeRoom<TKey, TState> room)
    {
        var tags = _tags[index];
        var entries = _entries[index];
        var count = 0;
        for (var first = 0; first < tags.Length; first += Marks.BitsOfWord)
        {
            for (var rest = _all ? ulong.MaxValue : _changed[Marks.Of(_ids[index], first).Word]; rest != 0; rest &= rest - 1)
            {
                var slot = first + BitOperations.TrailingZeroCount(rest);
                if (slot < tags.Length && tags[slot] != 0)
                {
                    room.Entries[count] = entries[slot];
                    room.Slots[count++] = slot;
                }
            }
        }

        return count;
    }

    private int Compact(int id, FreezeRoom<TKey, TState> room, int count, ulong[] late)
    {
        // No mark may be read before the copies were made.
        Interlocked.MemoryBarrier();
        var left = 0;
        for (var index = 0; index < count; index++)
        {
            var (word, bit) = Marks.Of(id, room.Slots[index]);
            if ((_kept[word] & bit) != 0)
            {
                late[word] |= bit;
            }
            else if (left++ < index)
            {
                room.Entries[left - 1] = room.Entries[index];
            }
        }

        return left;
    }

    private void ReadImages<TVisitor>(ref TVisitor visitor, KeyedEntry<TKey, TState>[] block, ulong[] late)
        where TVisitor : struct, IEntryVisitor<TKey, TState>
    {
        var filled = 0;
        var published = _images.Count;
        for (var index = 0; index < published; index++)
        {
            ref readonly var image = ref _images[index];

            // What was kept after its copy had been made is in that copy.
            if ((late[image.Word] & image.Bit) != 0)
            {
                block[filled++] = image.Entry;
                if (filled == block.Length)
                {
                    visitor.Visit(block);
                    filled = 0;
                }
            }
        }

        visitor.Visit(block.AsSpan(0, filled));
    }
}

/// <summary>Takes entries of a frozen table.</summary>
internal interface IEntryVisitor<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    /// <summary>Takes some entries, in no particular order; perhaps none.</summary>
    void Visit(ReadOnlySpan<KeyedEntry<TKey, TState>> entries);
}

/// <summary>Room for the entries of one segment, used again for the next.</summary>
internal sealed class FreezeRoom<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    public KeyedEntry<TKey, TState>[] Entries { get; } = new KeyedEntry<TKey, TState>[Marks.SegmentSize];

    public int[] Slots { get; } = new int[Marks.SegmentSize];
}
