namespace Penstock.State;

// Looking for what has expired, a few slots at a time.
public partial class KeyedTable<TKey, TState>
{
    // A sweep that looks at more places than come goes round a table well before it has doubled; and round one to which nothing comes, some
    // time.
    private const int SlotsPerAdded = 4;
    private const int FewestSlots = 64;

    // Since the last sweep.
    private int _added;
    private int _sweptSegment;
    private int _sweptSlot;

    /// <summary>
    /// Shows some of the next slots in turn to a sweeper: as many as the entries that were added since the last time demand.
    /// </summary>
    /// <typeparam name="TSweeper">The type of the sweeper.</typeparam>
    /// <param name="sweeper">Looks at entries.</param>
    internal void Sweep<TSweeper>(ref TSweeper sweeper)
        where TSweeper : struct, ISweeper<TKey, TState> => Sweep(SlotsToSweep(), ref sweeper);

    /// <summary>How many slots are to be looked at: as many as the entries that were added since the last call demand.</summary>
    internal int SlotsToSweep()
    {
        var slots = FewestSlots + SlotsPerAdded * _added;
        _added = 0;
        return slots;
    }

    /// <summary>Leaves what was added up to now out of the size of the next sweep: a restore has looked at all of it.</summary>
    internal void SkipAdded() => _added = 0;

    /// <summary>Shows the next slots in turn to a sweeper, which may remove what is in them, and nothing else.</summary>
    /// <typeparam name="TSweeper">The type of the sweeper.</typeparam>
    /// <param name="slots">How many.</param>
    /// <param name="sweeper">Looks at entries.</param>
    internal void Sweep<TSweeper>(int slots, ref TSweeper sweeper)
        where TSweeper : struct, ISweeper<TKey, TState>
    {
        for (; slots > 0; slots--)
        {
            // The table may have been cleared meanwhile.
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

    /// <summary>Shows every entry to a sweeper.</summary>
    /// <typeparam name="TSweeper">The type of the sweeper.</typeparam>
    /// <param name="sweeper">Looks at entries.</param>
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

/// <summary>Looks for entries that have expired.</summary>
internal interface ISweeper<TKey, TState>
    where TKey : struct, IKey<TKey>
    where TState : struct
{
    /// <summary>Whether an entry has expired.</summary>
    bool IsExpired(in KeyedEntry<TKey, TState> entry);

    /// <summary>Removes an entry that has.</summary>
    void Remove(TKey key);
}
