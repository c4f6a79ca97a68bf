using System.Runtime.CompilerServices;

namespace Penstock.State;

// Epochs: what was touched since the last freeze, and what a freeze still needs.
public partial class KeyedTable<TKey, TState>
{
    // Stamps have few values, so old ones must be gone before theirs comes again.
    private const int LongestWithoutSweep = 200;

    private readonly TableSecret _secret;
    private readonly Detach<TState>? _detach;
    private readonly StateMemory? _memory;
    private readonly TableFreeze<TKey, TState> _frozen;
    private TableFreeze<TKey, TState>? _freeze;
    private int _number;
    private int _lastSweep;
    private byte _epoch = TableFreeze.EpochAfter(0);

    /// <summary>Creates an empty table, without a secret.</summary>
    public KeyedTable()
        : this(null)
    {
    }

    /// <summary>Creates an empty table.</summary>
    /// <param name="detach">Copies a state that refers to memory which may be changed in place; null where none does.</param>
    /// <param name="memory">Accounts for the table's memory; null where it is not accounted for.</param>
    /// <param name="secret">The secret in the hashes; null for <see cref="StableHash.NoSecret"/>.</param>
    internal KeyedTable(Detach<TState>? detach, StateMemory? memory = null, TableSecret? secret = null)
    {
        _secret = secret ?? TableSecret.None;
        _detach = detach;
        _memory = memory;
        _frozen = new TableFreeze<TKey, TState>(isShared: detach != null, memory, _secret);
        Account(SegmentBytes(Slots.GroupSize));
        AccountDirectory(0, 1);
    }

    /// <summary>Whether a frozen version is still being read, so that the memory must not be used for anything else.</summary>
    internal bool IsFrozen => _freeze is { IsDone: false };

    /// <summary>Freezes the table as it is, for a background thread to read. The freeze before must have been ended.</summary>
    /// <param name="all">Whether all entries are to be read, and not only those that were touched since the last freeze.</param>
    /// <returns>The frozen version, to be ended by its reader.</returns>
    internal TableFreeze<TKey, TState> Freeze(bool all) => Freeze(all, TablePlace.Start, Count);

    /// <summary>Freezes the entries behind a place.</summary>
    /// <param name="all">As of the other method.</param>
    /// <param name="behind">The place. Those before it are not touched before the freeze has ended.</param>
    /// <param name="count">How many there are behind it.</param>
    /// <returns>As of the other method.</returns>
    internal TableFreeze<TKey, TState> Freeze(bool all, TablePlace behind, int count)
    {
        if (IsFrozen)
        {
            throw new InvalidOperationException("The table is frozen already.");
        }

        LetGo();
        _lastSweep = Math.Max(_lastSweep, _frozen.LastSweep);
        if (_number - _lastSweep > LongestWithoutSweep)
        {
            Sweep();
        }

        _number++;
        Hold(DirectoryBytes * Places);
        _frozen.Begin(_number, _slots.AsSpan(0, Places), _entries.AsSpan(0, Places), _infos.AsSpan(0, Places), all, behind, count);
        _removed = _frozen.TakeRemoved(_removed);
        _epoch = TableFreeze.EpochAfter(_number);
        return _freeze = _frozen;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Touch(nint segment, uint slot)
    {
        ref var stamp = ref _slots[segment][Slots.StampOf((int)slot)];
        if (_freeze == null)
        {
            stamp = _epoch;
        }
        else if (_freeze.IsDone)
        {
            _freeze.Release();
            _freeze = null;
            LetGo();
            stamp = _epoch;
        }
        else
        {
            ref var entry = ref _entries[segment][slot];
            var isKept = _freeze.Keep(_infos[segment], stamp, in entry);

            // The reader must see the stamp before it can see what changes from here on.
            Interlocked.Exchange(ref stamp, _epoch);
            if (isKept && _detach != null)
            {
                // The frozen version has the memory that the state refers to; the table goes on with a copy.
                entry.State = _detach(in entry.State);
            }
        }
    }

    private void Sweep()
    {
        foreach (var slots in _slots.AsSpan(0, Places))
        {
            for (var slot = 0; slot < Slots.CountOf(slots); slot++)
            {
                ref var stamp = ref slots[Slots.StampOf(slot)];
                stamp = stamp == _epoch ? stamp : (byte)0;
            }
        }

        _lastSweep = _number;
    }
}
