using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.State;

// What was touched since the last freeze, and what a freeze still needs.
public partial class KeyedTable<TKey, TState>
{
    // What was touched since the last freeze, by segment id and slot.
    private int[] _ids = [0];
    private ulong[] _touched = new ulong[1];
    private int _nextId = 1;
    private readonly Stack<int> _freeIds = new();
    private readonly List<int> _retiredIds = [];
    private TableFreeze<TKey, TState>? _freeze;
    private TableFreeze<TKey, TState>? _lastFreeze;

    /// <summary>Freezes the table as it is, for a background thread to read.</summary>
    /// <param name="all">Whether all entries are to be read, and not only those that were touched since the last freeze.</param>
    /// <returns>The frozen version, to be ended by whoever reads it.</returns>
    internal TableFreeze<TKey, TState> Freeze(bool all)
    {
        EndFreeze();

        // One that was given up may still be read.
        var freeze = _lastFreeze is { IsDone: true } ? _lastFreeze : new TableFreeze<TKey, TState>();
        _touched = freeze.Begin(_tags, _entries, _ids, _nextId, _touched, all);
        return _freeze = _lastFreeze = freeze;
    }

    /// <summary>Whether a frozen version is still being read, so that the memory must not be used for anything else.</summary>
    internal bool IsFrozen => _freeze is { IsDone: false };

    // Whoever gets a reference may write through it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Touch(int id, int slot, in KeyedEntry<TKey, TState> entry)
    {
        if (_freeze != null)
        {
            Keep(id, slot, in entry);
        }

        var (word, bit) = Marks.Of(id, slot);
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_touched), word) |= bit;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Keep(int id, int slot, in KeyedEntry<TKey, TState> entry)
    {
        if (_freeze!.IsDone)
        {
            EndFreeze();
        }
        else
        {
            _freeze.Keep(id, slot, in entry);
        }
    }

    private void EndFreeze()
    {
        if (_freeze is { IsDone: true } done)
        {
            done.Release();
        }

        _freeze = null;
        foreach (var id in _retiredIds)
        {
            _freeIds.Push(id);
        }

        _retiredIds.Clear();
    }

    private void Mark(int id, int slot)
    {
        var (word, bit) = Marks.Of(id, slot);
        _touched[word] |= bit;
    }

    // The marks of a segment's slots, which are not to stay where they are.
    private SegmentMarks TakeMarks(int index)
    {
        var words = _touched.AsSpan(Marks.Of(_ids[index], 0).Word, Marks.WordsOf(_tags[index].Length));
        var taken = new SegmentMarks(words);
        words.Clear();
        return taken;
    }

    // A segment that a freeze still has to read keeps its id to itself.
    private int KeepId(int id)
    {
        if (_freeze?.Needs(id) != true)
        {
            return id;
        }

        _retiredIds.Add(id);
        return NewId();
    }

    private int NewId() => _freeze == null && _freeIds.TryPop(out var id) ? id : _nextId++;

    private void Reserve(Segment segment)
    {
        var needed = Marks.Of(segment.Id, 0).Word + Marks.WordsOf(segment.Tags.Length);
        if (_touched.Length < needed)
        {
            Array.Resize(ref _touched, segment.Id == 0 ? needed : Math.Max(needed, _touched.Length * 2));
        }
    }
}
