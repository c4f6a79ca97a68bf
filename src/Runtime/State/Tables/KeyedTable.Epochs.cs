using System.Runtime.CompilerServices;

namespace Penstock.State;

// Epochs: entries touched since the last freeze, and data that a freeze still needs.
public partial class KeyedTable<TKey, TState>
{
    // The number of stamps is limited, so old ones must be cleared before their value is reused.
    private const int MaxWithoutSweep = 200;

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
    /// <param name="detach">Copies a state that refers to mutable memory, or null if no state does.</param>
    /// <param name="memory">The memory account of the table, or null for none.</param>
    /// <param name="secret">The secret in the hashes, or null for <see cref="StableHash.FixedSecret"/>.</param>
    internal KeyedTable(Detach<TState>? detach, StateMemory? memory = null, TableSecret? secret = null)
    {
        _secret = secret ?? TableSecret.None;
        _detach = detach;
        _memory = memory;
        _frozen = new TableFreeze<TKey, TState>(isShared: detach != null, memory, _secret);
        Account(SegmentBytes(Slots.GroupSize));
        AccountDirectory(0, 1);
    }

    /// <summary>Indicates whether a frozen version is still being read, so that the memory must not be reused.</summary>
    internal bool IsFrozen => _freeze is { IsDone: false };

    /// <summary>Freezes the table for a background thread to read. The previous freeze must have ended.</summary>
    /// <param name="all"><c>true</c> to read all entries, not only those touched since the last freeze.</param>
    /// <returns>The frozen version, which its reader must end.</returns>
    internal TableFreeze<TKey, TState> Freeze(bool all) => Freeze(all, TablePlace.Start, Count);

    /// <summary>Freezes the entries after a place.</summary>
    /// <param name="all"><c>true</c> to read all entries, not only those touched since the last freeze.</param>
    /// <param name="behind">The place. Entries before it are not touched before the freeze has ended.</param>
    /// <param name="count">The number of entries after the place.</param>
    /// <returns>The frozen version, which its reader must end.</returns>
    internal TableFreeze<TKey, TState> Freeze(bool all, TablePlace behind, int count)
    {
        if (IsFrozen)
        {
            throw new InvalidOperationException("The table is frozen already.");
        }

        ReleaseMemory();
        _lastSweep = Math.Max(_lastSweep, _frozen.LastSweep);
        if (_number - _lastSweep > MaxWithoutSweep)
        {
            Sweep();
        }

        _number++;
        ReserveMemory(DirectoryBytes * Places);
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
            ReleaseMemory();
            stamp = _epoch;
        }
        else
        {
            ref var entry = ref _entries[segment][slot];
            var isKept = _freeze.Keep(_infos[segment], stamp, in entry);

            // The reader must see the stamp before it can see any later change.
            Interlocked.Exchange(ref stamp, _epoch);
            if (isKept && _detach != null)
            {
                // The frozen version keeps the memory that the state refers to; the table continues with a copy.
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
