namespace Penstock.State;

// The memory of chunks: accounted as it is allocated, and kept for other entries up to a share.
internal sealed partial class OrderedEntries<TEntry>
{
    private const int MinSpare = 16;

    private readonly StateMemory? _memory;
    private readonly Stack<OrderedChunk<TEntry>> _spare = new();
    private OrderedGroup<TEntry>? _spareGroup;
    private int _chunks;
    private int _reported;

    /// <summary>Creates a structure without entries.</summary>
    /// <param name="memory">The memory account, or null for none.</param>
    public OrderedEntries(StateMemory? memory = null) => _memory = memory;

    private OrderedChunk<TEntry> NewChunk()
    {
        _chunks++;
        if (_spare.TryPop(out var chunk))
        {
            return chunk;
        }

        Account(OrderedChunk<TEntry>.MemoryBytes);
        return new OrderedChunk<TEntry>();
    }

    private void Return(OrderedChunk<TEntry> chunk)
    {
        _chunks--;
        if (chunk.FrozenIn == _number && IsRead())
        {
            _replaced.Add(chunk);
        }
        else
        {
            Reuse(chunk);
        }
    }

    private void Reuse(OrderedChunk<TEntry> chunk)
    {
        chunk.Reset();
        _spare.Push(chunk);
        while (_spare.Count > MinSpare + _chunks / 4)
        {
            _spare.Pop();
            Account(-OrderedChunk<TEntry>.MemoryBytes);
        }
    }

    private OrderedGroup<TEntry> NewGroup()
    {
        var group = _spareGroup ?? new OrderedGroup<TEntry>();
        _spareGroup = null;
        return group;
    }

    private void Account(long bytes)
    {
        if (_memory != null)
        {
            var entries = Count - _reported;
            _reported = Count;
            _memory.Add(bytes, entries);
        }
    }
}
