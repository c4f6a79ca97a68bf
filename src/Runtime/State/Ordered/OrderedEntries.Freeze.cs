namespace Penstock.State;

// Epochs: entries added since the last freeze, and chunks that a frozen version still reads.
internal sealed partial class OrderedEntries<TEntry>
{
    // A stamp has one byte, so old stamps must be cleared before their value is used again.
    private const int MaxFreezesPerSweep = 200;

    private readonly OrderedFreeze<TEntry> _freeze = new();

    // Chunks that only the frozen version reads.
    private readonly List<OrderedChunk<TEntry>> _replaced = [];
    private ImageLog<TEntry>? _removed;
    private bool _isFrozen;
    private int _number;
    private int _lastSweep;
    private byte _epoch = TableFreeze.EpochAfter(0);

    /// <summary>Freezes the entries for a background thread to read. The previous freeze must have ended.</summary>
    /// <param name="all"><c>true</c> to read all entries, not only those added since the last freeze.</param>
    /// <returns>The frozen version, which its reader must end.</returns>
    public OrderedFreeze<TEntry> Freeze(bool all)
    {
        if (IsRead())
        {
            throw new InvalidOperationException("The entries are frozen already.");
        }

        var isSwept = ++_number - _lastSweep > MaxFreezesPerSweep;
        _lastSweep = isSwept ? _number : _lastSweep;
        _freeze.Begin(all, _number, _epoch, Count, Count == 0 ? default : _groups[0][0][0]);
        _removed = _freeze.TakeRemoved(_removed);
        foreach (var group in _groups)
        {
            for (var index = 0; index < group.Count; index++)
            {
                if (isSwept)
                {
                    group[index].ClearStampsExcept(_epoch);
                }

                _freeze.Add(group[index]);
            }
        }

        _isFrozen = true;
        _epoch = TableFreeze.EpochAfter(_number);
        return _freeze;
    }

    // Returns a chunk that may be changed: a copy if a frozen version still reads the chunk.
    private OrderedChunk<TEntry> Own(ref OrderedChunk<TEntry> chunk)
    {
        if (chunk.FrozenIn == _number && IsRead())
        {
            var copy = NewChunk();
            copy.Append(chunk, 0);
            Return(chunk);
            chunk = copy;
        }

        return chunk;
    }

    private bool IsRead()
    {
        if (_isFrozen && _freeze.IsDone)
        {
            _isFrozen = false;
            _freeze.Release();
            foreach (var chunk in _replaced)
            {
                Reuse(chunk);
            }

            _replaced.Clear();
        }

        return _isFrozen;
    }

    // An entry that was added in this epoch is in no checkpoint.
    private void LogRemoved(OrderedChunk<TEntry> chunk, int index)
    {
        if (chunk.Stamps[index] != _epoch)
        {
            (_removed ??= new ImageLog<TEntry>(_memory)).Append(in chunk[index]);
        }
    }
}
