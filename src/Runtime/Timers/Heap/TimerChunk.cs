using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Timers;

/// <summary>
/// An array to which changes of timers are appended. A frozen version reads the changes that it had at the barrier; those never change.
/// </summary>
internal sealed class TimerChunk<TKey>(int capacity)
    where TKey : struct, IKey<TKey>
{
    /// <summary>The capacity of the first chunk of a bucket: most buckets have few timers.</summary>
    public const int SmallCapacity = 16;

    /// <summary>The capacity of all others.</summary>
    public const int FullCapacity = 256;

    private readonly TimerChange<TKey>[] _changes = new TimerChange<TKey>[capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == _changes.Length;

    public bool IsSmall => _changes.Length == SmallCapacity;

    /// <summary>The memory of the chunk, in bytes: the array and the objects themselves.</summary>
    public long MemoryBytes => _changes.Length * (long)Unsafe.SizeOf<TimerChange<TKey>>() + 24 + 40;

    /// <summary>The next chunk of the bucket.</summary>
    public TimerChunk<TKey>? Next { get; set; }

    /// <summary>The number of the newest freeze that contains the chunk; 0 if there is none.</summary>
    public int FrozenIn { get; set; }

    public ReadOnlySpan<TimerChange<TKey>> Changes => _changes.AsSpan(0, Count);

    /// <summary>The first changes, also those of a frozen version.</summary>
    public ReadOnlySpan<TimerChange<TKey>> First(int count) => _changes.AsSpan(0, count);

    public void Append(in TimerChange<TKey> change) => _changes[Count++] = change;

    /// <summary>Empties the chunk for other timers.</summary>
    public void Reset()
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TKey>())
        {
            _changes.AsSpan(0, Count).Clear();
        }

        (Count, Next, FrozenIn) = (0, null, 0);
    }
}
