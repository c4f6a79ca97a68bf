using System.Runtime.CompilerServices;
using Penstock.State;

namespace Penstock.Windows;

/// <summary>
/// Merges the states of slices into the states of windows, without an inverse function: a queue of two stacks (Tangwongsan, Hirzel,
/// Schneider: "Low-Latency Sliding-Window Aggregation in Worst-Case Constant Time", DEBS 2017, section "Two-Stacks"; the stacks are from
/// adamax, "Re: Implement a queue in which push_rear(), pop_front() and get_min() are all constant time operations", 2011). A window is the
/// suffix aggregate of its oldest slice merged with the running aggregate of the newer slices. When the older slices have all left the
/// window, the newer ones become the older ones, newest first. Each slice of a key is therefore merged at most twice, plus once per window.
/// States are merged in the order of event time, so merging need not be commutative.
/// </summary>
/// <remarks>
/// Aggregates are not saved: they are rebuilt from the slices after a restore, and for a key when a late row changes an older slice.
/// </remarks>
/// <typeparam name="TKey">The key type.</typeparam>
/// <typeparam name="TState">The state type.</typeparam>
/// <typeparam name="TStateCodec">The codec of the state.</typeparam>
/// <typeparam name="TMerger">Merges two states.</typeparam>
/// <param name="merger">Merges two states.</param>
/// <param name="memory">The memory account of the aggregates.</param>
internal sealed class SliceAggregator<TKey, TState, TStateCodec, TMerger>(TMerger merger, StateMemory memory)
    where TKey : struct, IKey<TKey>
    where TState : struct
    where TStateCodec : struct, IStateCodec<TState>
    where TMerger : struct, IStateMerger<TState>
{
    private const int MinLength = 4;

    // What is allocated for the arrays, in bytes.
    private long _bytes;

    /// <summary>Adds a slice that is newer than all others.</summary>
    /// <param name="slices">The slices of the key.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="state">Its state for the key.</param>
    public void Append(ref SliceAggregate<TKey, TState> slices, WindowPane<TKey, TState> slice, in TState state)
    {
        if (slices.IsStale)
        {
            // The aggregates are rebuilt anyway.
        }
        else if (slices.BackCount == 0)
        {
            slices.Running = Copy(in state);
        }
        else
        {
            Merge(ref slices.Running, in state);
        }

        MakeRoom(ref slices, slices.BackCount + 1);
        slices.Back[slices.BackCount++] = slice;
    }

    /// <summary>Adds a slice in any order, or records that the state of one has changed.</summary>
    /// <param name="slices">The slices of the key.</param>
    /// <param name="slice">The slice.</param>
    public void Insert(ref SliceAggregate<TKey, TState> slices, WindowPane<TKey, TState> slice)
    {
        MakeStale(ref slices);
        var index = slices.BackCount;
        while (index > 0 && IsBehind(slices.Back[index - 1], slice))
        {
            index--;
        }

        if (index > 0 && ReferenceEquals(slices.Back[index - 1], slice))
        {
            return;
        }

        MakeRoom(ref slices, slices.BackCount + 1);
        Array.Copy(slices.Back, index, slices.Back, index + 1, slices.BackCount - index);
        slices.Back[index] = slice;
        slices.BackCount++;
    }

    /// <summary>Merges the states of all slices.</summary>
    /// <param name="slices">The slices of the key, at least one.</param>
    /// <param name="key">The key.</param>
    /// <returns>The state, which shares nothing with those of the slices.</returns>
    public TState Merged(ref SliceAggregate<TKey, TState> slices, TKey key)
    {
        if (slices.IsStale)
        {
            Flip(ref slices, key, first: 0);
        }

        if (slices.FrontCount == 0)
        {
            return Copy(in slices.Running);
        }

        var merged = Copy(in slices.Front[slices.FrontCount - 1].State);
        if (slices.BackCount > 0)
        {
            Merge(ref merged, in slices.Running);
        }

        return merged;
    }

    /// <summary>Removes the slices that start before a time.</summary>
    /// <param name="slices">The slices of the key.</param>
    /// <param name="start">The time.</param>
    /// <param name="key">The key.</param>
    /// <returns><c>false</c> if no slice is left.</returns>
    public bool Evict(ref SliceAggregate<TKey, TState> slices, long start, TKey key)
    {
        while (slices.FrontCount > 0 && slices.Front[slices.FrontCount - 1].Slice.Start < start)
        {
            slices.Front[--slices.FrontCount] = default;
        }

        if (slices.FrontCount == 0 && slices.BackCount > 0 && slices.Back[0].Start < start)
        {
            var first = 1;
            while (first < slices.BackCount && slices.Back[first].Start < start)
            {
                first++;
            }

            Flip(ref slices, key, first);
        }

        return slices.FrontCount + slices.BackCount > 0;
    }

    /// <summary>Records that the slices of a key are left to the garbage collector.</summary>
    public void Drop(ref SliceAggregate<TKey, TState> slices)
    {
        Account(-BytesOf(in slices));
        slices = default;
    }

    /// <summary>Records that the slices of all keys are left to the garbage collector.</summary>
    public void DropAll() => Account(-_bytes);

    // The newer slices become the older ones, except for those that have left the window.
    private void Flip(ref SliceAggregate<TKey, TState> slices, TKey key, int first)
    {
        var count = slices.BackCount - first;
        var hash = TKey.Hash(key, slices.Back[0].Secret);
        if (slices.Front == null || slices.Front.Length < count)
        {
            var before = BytesOf(in slices);
            slices.Front = new SuffixAggregate<TKey, TState>[Math.Max(count, MinLength)];
            Account(BytesOf(in slices) - before);
        }

        for (var index = 0; index < count; index++)
        {
            ref var suffix = ref slices.Front[index];
            suffix.Slice = slices.Back[slices.BackCount - 1 - index];
            suffix.State = Copy(in suffix.Slice.Find(key, hash));
            if (index > 0)
            {
                Merge(ref suffix.State, in slices.Front[index - 1].State);
            }
        }

        slices.FrontCount = count;
        Array.Clear(slices.Back, 0, slices.BackCount);
        slices.BackCount = 0;
        slices.Running = default;
        slices.IsStale = false;
    }

    private void MakeStale(ref SliceAggregate<TKey, TState> slices)
    {
        if (slices.IsStale)
        {
            return;
        }

        var older = slices.FrontCount;
        MakeRoom(ref slices, older + slices.BackCount);
        Array.Copy(slices.Back, 0, slices.Back, older, slices.BackCount);
        for (var index = 0; index < older; index++)
        {
            slices.Back[index] = slices.Front[older - 1 - index].Slice;
        }

        if (older > 0)
        {
            Array.Clear(slices.Front, 0, older);
        }

        slices.FrontCount = 0;
        slices.BackCount += older;
        slices.Running = default;
        slices.IsStale = true;
    }

    /// <summary>Determines whether a slice comes after another one in windows that contain both.</summary>
    public static bool IsBehind(WindowPane<TKey, TState> slice, WindowPane<TKey, TState> other) =>
        slice.Start > other.Start || (slice.Start == other.Start && slice.FirstEnd > other.FirstEnd);

    private void MakeRoom(ref SliceAggregate<TKey, TState> slices, int count)
    {
        if (slices.Back != null && slices.Back.Length >= count)
        {
            return;
        }

        var before = BytesOf(in slices);
        var length = Math.Max(Math.Max(count, MinLength), 2 * (slices.Back?.Length ?? 0));
        Array.Resize(ref slices.Back, length);
        Account(BytesOf(in slices) - before);
    }

    private void Merge(ref TState state, in TState other)
    {
        if (TStateCodec.HasSharedParts)
        {
            // The state may keep parts of the other one.
            var copy = TStateCodec.Detach(in other);
            merger.Merge(ref state, in copy);
        }
        else
        {
            merger.Merge(ref state, in other);
        }
    }

    private static TState Copy(in TState state) => TStateCodec.HasSharedParts ? TStateCodec.Detach(in state) : state;

    private void Account(long bytes)
    {
        _bytes += bytes;
        memory.Add(bytes, 0);
    }

    private static long BytesOf(in SliceAggregate<TKey, TState> slices) =>
        (long)(slices.Front?.Length ?? 0) * Unsafe.SizeOf<SuffixAggregate<TKey, TState>>()
        + (long)(slices.Back?.Length ?? 0) * Unsafe.SizeOf<WindowPane<TKey, TState>>();
}
