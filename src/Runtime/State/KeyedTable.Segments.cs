using System.Runtime.CompilerServices;

namespace Penstock.State;

// Growth, one segment at a time.
public partial class KeyedTable<TKey, TState>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref TState Add(TKey key, ulong hash)
    {
        while (true)
        {
            var index = (int)(hash >> DirectoryShift) & (_tags.Length - 1);
            var tags = _tags[index];
            var info = _infos[index];
            if (info.Count < tags.Length - tags.Length / 8)
            {
                info.Count++;
                Count++;
                var slot = FindFree(tags, hash);
                _freeze?.Hide(_ids[index], slot);
                ref var entry = ref _entries[index][slot];
                entry.Key = key;
                tags[slot] = Tag(hash);
                Mark(_ids[index], slot);
                return ref entry.State;
            }

            if (tags.Length < SegmentSize)
            {
                Grow(index);
            }
            else
            {
                Split(index);
            }
        }
    }

    private static byte Tag(ulong hash) => (byte)((uint)hash | Used);

    private static int FindFree(byte[] tags, ulong hash)
    {
        var slot = (int)(((uint)(hash >> TagBits) * GroupSize) & (uint)(tags.Length - 1));
        while (tags[slot] != 0)
        {
            slot = (slot + 1) & (tags.Length - 1);
        }

        return slot;
    }

    private void Grow(int index)
    {
        var target = new Segment(_tags[index].Length * 2);
        var moved = TakeMarks(index);
        target.Id = KeepId(_ids[index]);
        Reserve(target);
        for (var slot = 0; slot < _tags[index].Length; slot++)
        {
            if (_tags[index][slot] != 0)
            {
                Move(in _entries[index][slot], moved.IsSet(slot), target);
            }
        }

        Install(target, _infos[index], index & ((1 << _infos[index].Depth) - 1));
    }

    private void Split(int index)
    {
        var info = _infos[index];
        if (1 << info.Depth == _tags.Length)
        {
            DoubleDirectory();
        }

        var bit = 1 << info.Depth;
        var moved = TakeMarks(index);
        var stay = new Segment(SegmentSize) { Id = KeepId(_ids[index]) };
        var move = new Segment(SegmentSize) { Id = NewId() };
        Reserve(stay);
        Reserve(move);
        for (var slot = 0; slot < _tags[index].Length; slot++)
        {
            if (_tags[index][slot] != 0)
            {
                ref var entry = ref _entries[index][slot];
                var target = ((TKey.Hash(entry.Key) >> DirectoryShift) & (uint)bit) == 0 ? stay : move;
                Move(in entry, moved.IsSet(slot), target);
            }
        }

        info.Depth++;
        info.Count = stay.Count;
        var low = index & (bit - 1);
        Install(stay, info, low);
        Install(move, new SegmentInfo { Depth = info.Depth, Count = move.Count }, low + bit);
    }

    private void Move(in KeyedEntry<TKey, TState> entry, bool isTouched, Segment target)
    {
        var slot = target.Put(in entry);
        if (isTouched)
        {
            Mark(target.Id, slot);
        }
    }

    private void Install(Segment segment, SegmentInfo info, int first)
    {
        for (var slot = first; slot < _tags.Length; slot += 1 << info.Depth)
        {
            _tags[slot] = segment.Tags;
            _entries[slot] = segment.Entries;
            _ids[slot] = segment.Id;
            _infos[slot] = info;
        }
    }

    private void DoubleDirectory()
    {
        _tags = [.. _tags, .. _tags];
        _entries = [.. _entries, .. _entries];
        _ids = [.. _ids, .. _ids];
        _infos = [.. _infos, .. _infos];
    }

    private sealed class Segment(int size)
    {
        public byte[] Tags { get; } = new byte[size];

        public KeyedEntry<TKey, TState>[] Entries { get; } = new KeyedEntry<TKey, TState>[size];

        public int Id { get; set; }

        public int Count { get; private set; }

        public int Put(in KeyedEntry<TKey, TState> entry)
        {
            var hash = TKey.Hash(entry.Key);
            var slot = FindFree(Tags, hash);
            Tags[slot] = Tag(hash);
            Entries[slot] = entry;
            Count++;
            return slot;
        }
    }

    private sealed class SegmentInfo
    {
        public int Count;
        public int Depth;
    }
}
