using Penstock.State;

namespace Penstock.Timers;

/// <summary>The chunks of a heap: accounted as they are allocated, and kept for other timers up to a share.</summary>
/// <param name="memory">The memory account, or null for none.</param>
internal sealed class TimerChunkPool<TKey>(StateMemory? memory)
    where TKey : struct, IKey<TKey>
{
    // Small chunks come and go with each step of time, at most one for each bucket. The full ones are a megabyte of timers with small keys.
    private const int MinSmall = 2_048;
    private const int MinFull = 256;

    // How many small ones are needed varies by a few with the time. So they are allocated together.
    private const int SmallAtOnce = 16;

    private readonly Stack<TimerChunk<TKey>> _small = new();
    private readonly Stack<TimerChunk<TKey>> _full = new();

    // Chunks that only the frozen version reads.
    private readonly List<TimerChunk<TKey>> _replaced = [];
    private TimerFreeze<TKey>? _frozen;
    private int _inUse;

    /// <summary>Keeps the chunks of a frozen version until it has ended.</summary>
    public void KeepFor(TimerFreeze<TKey> freeze) => _frozen = freeze;

    /// <summary>Indicates whether a frozen version is still read. If it has ended, its chunks are used again.</summary>
    public bool IsFrozen()
    {
        if (_frozen is { IsDone: true } ended)
        {
            _frozen = null;
            ended.Release();
            foreach (var chunk in _replaced)
            {
                Reuse(chunk);
            }

            _replaced.Clear();
        }

        return _frozen != null;
    }

    public TimerChunk<TKey> Rent(bool isSmall)
    {
        _inUse++;
        if ((isSmall ? _small : _full).TryPop(out var spare))
        {
            return spare;
        }

        for (var more = isSmall ? SmallAtOnce - 1 : 0; more > 0; more--)
        {
            _small.Push(Create(isSmall));
        }

        return Create(isSmall);
    }

    public void Return(TimerChunk<TKey> chunk)
    {
        _inUse--;
        if (chunk.FrozenIn != 0 && IsFrozen() && chunk.FrozenIn == _frozen!.Number)
        {
            _replaced.Add(chunk);
        }
        else
        {
            Reuse(chunk);
        }
    }

    private TimerChunk<TKey> Create(bool isSmall)
    {
        var chunk = new TimerChunk<TKey>(isSmall ? TimerChunk<TKey>.SmallCapacity : TimerChunk<TKey>.FullCapacity);
        memory?.Add(chunk.MemoryBytes, 0);
        return chunk;
    }

    private void Reuse(TimerChunk<TKey> chunk)
    {
        chunk.Reset();
        var spare = chunk.IsSmall ? _small : _full;
        spare.Push(chunk);
        while (spare.Count > (chunk.IsSmall ? MinSmall : MinFull) + _inUse / 4)
        {
            var released = spare.Pop();
            memory?.Add(-released.MemoryBytes, 0);
        }
    }
}
