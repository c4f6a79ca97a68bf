using System.Numerics;
using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>The bounds of a session that is not the newest of its key.</summary>
internal readonly record struct SessionBounds(long Start, long End, bool HasFired);

/// <summary>
/// The sessions of a key except for the newest, in the order of time. They do not overlap, so their ends have the same order, and those
/// that have fired come first.
/// </summary>
internal struct SessionRun
{
    public SessionBounds[]? Items;
    public int Count;

    /// <summary>The number of sessions that start at a time or before.</summary>
    public readonly int CountTo(long time)
    {
        var (from, to) = (0, Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = Items![middle].Start <= time ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    /// <summary>The number of sessions that have fired.</summary>
    public readonly int CountFired()
    {
        var (from, to) = (0, Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = Items![middle].HasFired ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}

/// <summary>The runs of the keys that have more than one session. They are not saved, but rebuilt by a restore.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
/// <param name="memory">The memory account.</param>
/// <param name="secret">The secret in the hashes of keys.</param>
internal sealed class SessionRuns<TKey>(StateMemory memory, TableSecret secret)
    where TKey : struct, IKey<TKey>
{
    private const int MinLength = 4;
    private const int MaxSpare = 64;

    // Most keys with several sessions have two or three, and soon one again.
    private readonly Stack<SessionBounds[]> _spare = new(MaxSpare);
    private readonly KeyedTable<TKey, SessionRun> _runs = new(null, memory, secret);

    /// <summary>Returns the run of a key, which is empty if the key is new.</summary>
    public ref SessionRun Of(TKey key, ulong hash) => ref _runs.GetOrAdd(key, hash);

    public void Insert(ref SessionRun run, int index, SessionBounds bounds)
    {
        if (run.Items == null || run.Count == run.Items.Length)
        {
            Grow(ref run);
        }

        Array.Copy(run.Items!, index, run.Items!, index + 1, run.Count - index);
        run.Items![index] = bounds;
        run.Count++;
    }

    public static void RemoveAt(ref SessionRun run, int index)
    {
        run.Count--;
        Array.Copy(run.Items!, index + 1, run.Items!, index, run.Count - index);
    }

    /// <summary>Removes the run of a key whose sessions are gone.</summary>
    public void Remove(TKey key, ulong hash)
    {
        ref var run = ref _runs.FindToChange(key, hash, isSaved: false);
        Release(run.Items);
        _runs.Remove(key, hash, isSaved: false);
    }

    public void Clear()
    {
        foreach (ref var entry in _runs)
        {
            Release(entry.State.Items);
        }

        _runs.Clear();
    }

    private void Grow(ref SessionRun run)
    {
        if (run.Items == null && _spare.TryPop(out var spare))
        {
            run.Items = spare;
            return;
        }

        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(MinLength, run.Count + 1));
        memory.Add(BytesOf(length), 0);
        var items = new SessionBounds[length];
        run.Items?.CopyTo(items, 0);
        Release(run.Items);
        run.Items = items;
    }

    private void Release(SessionBounds[]? items)
    {
        if (items == null)
        {
            return;
        }

        if (items.Length == MinLength && _spare.Count < MaxSpare)
        {
            _spare.Push(items);
        }
        else
        {
            memory.Add(-BytesOf(items.Length), 0);
        }
    }

    private static long BytesOf(int length) => (long)length * Unsafe.SizeOf<SessionBounds>();
}
