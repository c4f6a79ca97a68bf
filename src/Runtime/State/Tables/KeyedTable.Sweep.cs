namespace Penstock.State;

// Searches for expired entries, a few slots at a time.
public partial class KeyedTable<TKey, TState>
{
    // A sweep that visits more places than keys are added completes a round well before the table has doubled, and also completes the round
    // of a table to which nothing is added.
    private const int SlotsPerAdded = 4;
    private const int MinSlots = 64;

    // The number of entries added since the last sweep.
    private int _added;
    private int _sweptSegment;
    private int _sweptSlot;

    /// <summary>Sweeps the next slots in turn; their number depends on the number of entries added since the last sweep.</summary>
    /// <typeparam name="TSweeper">The type of the sweeper.</typeparam>
    /// <param name="sweeper">Checks entries.</param>
    internal void Sweep<TSweeper>(ref TSweeper sweeper)
        where TSweeper : struct, ISweeper<TKey, TState> => Sweep(SlotsToSweep(), ref sweeper);

    /// <summary>Returns the number of slots to sweep, which depends on the number of entries added since the last call.</summary>
    internal int SlotsToSweep()
    {
        var slots = MinSlots + SlotsPerAdded * _added;
        _added = 0;
        return slots;
    }

    /// <summary>Excludes entries added so far from the size of the next sweep, because a restore has checked all of them.</summary>
    internal void SkipAdded() => _added = 0;

    /// <summary>Sweeps the next slots in turn. The sweeper may remove their entries, but change nothing else.</summary>
    /// <typeparam name="TSweeper">The type of the sweeper.</typeparam>
    /// <param name="slots">The number of slots.</param>
    /// <param name="sweeper">Checks entries.</param>
    internal void Sweep<TSweeper>(int slots, ref TSweeper sweeper)
        where TSweeper : struct, ISweeper<TKey, TState>
    {
        for (; slots > 0; slots--)
        {
            // The table may have been cleared in the meantime.
            if (_sweptSegment >= Places || _sweptSlot >= Slots.CountOf(_slots[_sweptSegment]) || !IsFirstSlotOf(_sweptSegment))
            {
                _sweptSegment = _sweptSegment + 1 < Places ? _sweptSegment + 1 : 0;
                _sweptSlot = 0;
                continue;
            }

            var slot = _sweptSlot++;
            var entries = _entries[_sweptSegment];
            if (IsLive(_slots[_sweptSegment], entries, slot) && sweeper.IsExpired(in entries[slot]))
            {
                sweeper.Remove(entries[slot].Key);
            }
        }
    }

    /// <summary>Sweeps all entries.</summary>
    /// <typeparam name="TSweeper">The type of the sweeper.</typeparam>
    /// <param name="sweeper">Checks entries.</param>
    internal void SweepAll<TSweeper>(ref TSweeper sweeper)
        where TSweeper : struct, ISweeper<TKey, TState>
    {
        for (var segment = 0; segment < Places; segment++)
        {
            if (IsFirstSlotOf(segment))
            {
                _sweptSegment = segment;
                _sweptSlot = 0;
                Sweep(Slots.CountOf(_slots[segment]), ref sweeper);
            }
        }

        SkipAdded();
    }
}

/// <summary>Finds and removes expired entries.</summary>
internal interface ISweeper<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    /// <summary>Determines whether an entry has expired.</summary>
    bool IsExpired(in KeyedEntry<TKey, TState> entry);

    /// <summary>Removes an expired entry.</summary>
    void Remove(TKey key);
}
