using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.State;

// Lookup without adding, and removal.
public partial class KeyedTable<TKey, TState>
{
    // The keys removed since the last freeze, for the next incremental checkpoint.
    private ImageLog<TKey>? _removed;

    // A spare segment for tidying.
    private Segment? _room;

    /// <summary>Finds the state of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    /// <returns>A reference that may only be read, or a null reference if the key does not exist.</returns>
    internal ref readonly TState Find(TKey key, ulong hash)
    {
        var slot = Locate(key, hash, out var segment);
        return ref slot < 0 ? ref Unsafe.NullRef<TState>() : ref _entries[segment][slot].State;
    }

    /// <summary>
    /// Finds the state of a key, for changing data that checkpoints do not save, or for changing it as with <see cref="GetOrAdd"/>.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    /// <param name="isSaved"><c>true</c> if the change is to be saved.</param>
    /// <returns>A reference as returned by <see cref="GetOrAdd"/>, or a null reference if the key does not exist.</returns>
    internal ref TState FindToChange(TKey key, ulong hash, bool isSaved = true)
    {
        var slot = Locate(key, hash, out var segment);
        if (slot < 0)
        {
            return ref Unsafe.NullRef<TState>();
        }

        if (isSaved && _slots[segment][Slots.StampOf(slot)] != _epoch)
        {
            Touch(segment, (uint)slot);
        }

        return ref _entries[segment][slot].State;
    }

    /// <summary>Returns a key of the table in the form in which it was added.</summary>
    /// <param name="key">The key, in any form.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    internal TKey FormOf(TKey key, ulong hash)
    {
        var slot = Locate(key, hash, out var segment);
        return _entries[segment][slot].Key;
    }

    /// <summary>
    /// Replaces the form of a key. Allowed only between the addition of the key and the next freeze, because it is not recorded as a
    /// change.
    /// </summary>
    /// <param name="key">The key, in any form.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    /// <param name="form">The key in its new form.</param>
    private protected void SetForm(TKey key, ulong hash, TKey form)
    {
        var slot = Locate(key, hash, out var segment);
        _entries[segment][slot].Key = form;
    }

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="IKey{TKey}.Hash"/> with the <see cref="Secret"/>.</param>
    /// <param name="isSaved">
    /// <c>true</c> if the next checkpoint must save the removal. Not needed if a restore detects it anyway, or if nothing is saved.
    /// </param>
    /// <returns><c>false</c> if the key does not exist.</returns>
    internal bool Remove(TKey key, ulong hash, bool isSaved = true)
    {
        var slot = Locate(key, hash, out var segment);
        if (slot < 0)
        {
            return false;
        }

        RemoveAt(segment, slot, isSaved);
        return true;
    }

    private void RemoveAt(int segment, int slot, bool isSaved)
    {
        var slots = _slots[segment];
        if (slots[Slots.StampOf(slot)] != _epoch)
        {
            // The frozen version keeps an image of it and no longer reads the slot.
            Touch(segment, (uint)slot);
        }

        ref var entry = ref _entries[segment][slot];
        if (isSaved)
        {
            (_removed ??= new ImageLog<TKey>(_memory)).Append(in entry.Key);
        }

        entry = default;
        var info = _infos[segment];

        // A group with a free slot ends every search that reaches it. A full group does not, and must not start to.
        var isFull = Vector128.LoadUnsafe(ref slots[Slots.TagOf(slot & -Slots.GroupSize)]).ExtractMostSignificantBits() == 0xFFFF;
        Volatile.Write(ref slots[Slots.TagOf(slot)], isFull ? RemovedTag(Secret) : (byte)0);
        info.Removed += isFull ? 1 : 0;
        info.Count -= isFull ? 0 : 1;
        _inLeaves -= IsLeaf(segment) ? 1 : 0;
        Count--;
    }

    private int Locate(TKey key, ulong hash, out int segment)
    {
        segment = (int)(hash >> DirectoryShift) & _mask;
        var slot = Search(segment, key, hash);
        if (slot < 0 && _infos[segment].IsOrdered)
        {
            segment = PlaceOf(_order.Find(key));
            slot = Search(segment, key, hash);
        }

        return slot;
    }

    private int Search(int segment, TKey key, ulong hash)
    {
        var slots = _slots[segment];
        var entries = _entries[segment];
        var tag = Vector128.Create(Tag(hash));
        var mask = slots.Length - 1;
        var group = (int)((uint)(hash >> TagBits) * Slots.GroupBytes) & mask;
        while (true)
        {
            var present = Vector128.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), group));
            for (var matches = Vector128.Equals(present, tag).ExtractMostSignificantBits(); matches != 0; matches &= matches - 1)
            {
                var slot = group / 2 + BitOperations.TrailingZeroCount(matches);
                if (TKey.Equals(entries[slot].Key, key))
                {
                    return slot;
                }
            }

            if (present.ExtractMostSignificantBits() != 0xFFFF)
            {
                return -1;
            }

            group = (group + Slots.GroupBytes) & mask;
        }
    }

    private bool IsLive(byte[] slots, KeyedEntry<TKey, TState>[] entries, int slot) =>
        slots[Slots.TagOf(slot)] is not 0 and var tag && !IsRemoved(tag, in entries[slot], Secret);

    /// <summary>Determines whether a slot in use, with this tag and entry, is that of a removed entry.</summary>
    internal static bool IsRemoved(byte tag, in KeyedEntry<TKey, TState> entry, ulong secret) =>
        TKey.Equals(entry.Key, default) && tag == RemovedTag(secret);

    // The tag that a removed entry leaves in a full group. The entry is replaced by the default key, which never has this tag itself. So a
    // search continues past it and finds no equal key, without an additional comparison.
    private static byte RemovedTag(ulong secret) => (byte)(Tag(TKey.Hash(default, secret)) ^ 1);
}
