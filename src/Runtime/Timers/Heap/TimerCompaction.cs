using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Timers;

/// <summary>
/// Removes changes that later ones have overtaken, so that timers that are set and deleted again and again do not fill the memory.
/// </summary>
/// <param name="secret">The secret of the operator's tables.</param>
internal sealed class TimerCompaction<TKey>(TableSecret secret)
    where TKey : struct, IKey<TKey>
{
    // One change in sixteen is sampled by the hash of its timer, so either all changes of a timer are sampled or none.
    private const int SampleBits = 4;

    /// <summary>Indicates whether about a third of the changes or more are of timers that were changed again later.</summary>
    public bool IsWorthwhile(in TimerBucket<TKey> bucket)
    {
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, bucket.Count >> (SampleBits - 2)));
        var hashes = ArrayPool<ulong>.Shared.Rent(length);
        var table = hashes.AsSpan(0, length);
        table.Clear();
        var (changes, timers) = (0, 0);
        for (var chunk = bucket.First; chunk != null; chunk = chunk.Next)
        {
            foreach (ref readonly var change in chunk.Changes)
            {
                var hash = HashOf(in change);
                if (hash >> (64 - SampleBits) != 0 || timers == length / 2)
                {
                    continue;
                }

                changes++;
                timers += IsAdded(table, hash | 1) ? 1 : 0;
            }
        }

        ArrayPool<ulong>.Shared.Return(hashes);
        return timers * 3L <= changes * 2L && changes > 0;
    }

    /// <summary>Keeps the last change of each timer, and no deletion.</summary>
    public void Compact(ref TimerBucket<TKey> bucket, TimerChunkPool<TKey> chunks)
    {
        var count = bucket.Count;
        var rented = ArrayPool<TimerChange<TKey>>.Shared.Rent(count);
        var changes = rented.AsSpan(0, count);
        var copied = 0;
        for (var chunk = bucket.TakeAll(); chunk != null;)
        {
            chunk.Changes.CopyTo(changes[copied..]);
            copied += chunk.Count;
            var next = chunk.Next;
            chunks.Return(chunk);
            chunk = next;
        }

        foreach (ref readonly var timer in Newest(changes))
        {
            bucket.Append(in timer, chunks);
        }

        ArrayPool<TimerChange<TKey>>.Shared.Return(rented, RuntimeHelpers.IsReferenceOrContainsReferences<TKey>());
    }

    // Moves the newest change of each timer to the end, and then drops deletions.
    private Span<TimerChange<TKey>> Newest(Span<TimerChange<TKey>> changes)
    {
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)changes.Length * 2);
        var rented = ArrayPool<int>.Shared.Rent(length);
        var places = rented.AsSpan(0, length);
        places.Clear();
        var kept = changes.Length;
        for (var index = changes.Length - 1; index >= 0; index--)
        {
            var change = changes[index];
            ref var place = ref PlaceOf(places, changes, in change);
            if (place != 0)
            {
                continue;
            }

            // Never in front of the one that is read, so that nothing unread is overwritten.
            changes[--kept] = change;
            place = kept + 1;
        }

        ArrayPool<int>.Shared.Return(rented);
        return RemoveDeletions(changes[kept..]);
    }

    private static Span<TimerChange<TKey>> RemoveDeletions(Span<TimerChange<TKey>> changes)
    {
        var kept = 0;
        foreach (ref readonly var change in changes)
        {
            if (!change.IsDeleted)
            {
                changes[kept++] = change;
            }
        }

        return changes[..kept];
    }

    private ref int PlaceOf(Span<int> places, Span<TimerChange<TKey>> changes, in TimerChange<TKey> change)
    {
        var mask = places.Length - 1;
        for (var slot = (int)HashOf(in change) & mask; ; slot = (slot + 1) & mask)
        {
            ref var place = ref places[slot];
            if (place == 0 || TimerChange<TKey>.IsSame(in changes[place - 1], in change))
            {
                return ref place;
            }
        }
    }

    private static bool IsAdded(Span<ulong> table, ulong hash)
    {
        var mask = table.Length - 1;
        for (var slot = (int)(hash >> 8) & mask; ; slot = (slot + 1) & mask)
        {
            if (table[slot] == hash)
            {
                return false;
            }

            if (table[slot] == 0)
            {
                table[slot] = hash;
                return true;
            }
        }
    }

    private ulong HashOf(in TimerChange<TKey> change) => StableHash.Of(change.Time, TKey.Hash(change.Key, secret.Value));
}
