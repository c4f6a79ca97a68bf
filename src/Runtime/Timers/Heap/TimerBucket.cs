using Penstock.State;

namespace Penstock.Timers;

/// <summary>
/// The changes of all timers within a range of times, in the order in which they were made: of several changes of one timer, the last one
/// counts.
/// </summary>
internal struct TimerBucket<TKey>
    where TKey : struct, IKey<TKey>
{
    private const int MinCheck = 4_096;
    private const int MinDeleted = 256;

    private TimerChunk<TKey>? _last;
    private int _checkAt;
    private int _deleted;

    /// <summary>The number of changes.</summary>
    public int Count { get; private set; }

    /// <summary>The first chunk; the others follow it.</summary>
    public TimerChunk<TKey>? First { get; private set; }

    /// <summary>Indicates whether many timers were deleted, so that their removal is worth its time.</summary>
    public readonly bool HasManyDeleted => _deleted >= MinDeleted && _deleted > Count / 3;

    /// <summary>
    /// Indicates that the number of changes has doubled, so that it is worth the time to see whether timers were set again and again.
    /// </summary>
    public readonly bool HasDoubled => Count >= Math.Max(MinCheck, _checkAt);

    public void Append(in TimerChange<TKey> change, TimerChunkPool<TKey> chunks)
    {
        if (_last is not { IsFull: false } last)
        {
            last = Grow(chunks);
        }

        last.Append(in change);
        Count++;
        if (change.IsDeleted)
        {
            _deleted++;
        }
    }

    /// <summary>Takes all chunks, in order.</summary>
    public TimerChunk<TKey>? TakeAll()
    {
        var first = First;
        this = default;
        return first;
    }

    /// <summary>Called after <see cref="HasDoubled"/> has been noticed, and after a compaction.</summary>
    public void SetNextCheck() => _checkAt = Count * 2;

    private TimerChunk<TKey> Grow(TimerChunkPool<TKey> chunks)
    {
        var chunk = chunks.Rent(isSmall: _last == null);
        if (_last == null)
        {
            First = chunk;
        }
        else
        {
            _last.Next = chunk;
        }

        return _last = chunk;
    }
}
