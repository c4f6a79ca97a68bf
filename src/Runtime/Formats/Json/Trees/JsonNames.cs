using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Penstock.Formats;

/// <summary>
/// The names of the members of a type. A name is found by its bytes, with one lookup for a known name and one for an unknown one.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class JsonNames
{
    /// <summary>A flag, combined with the index of a name that differs only in case.</summary>
    internal const int OtherCase = 1 << 16;

    internal const int NotFound = -1;
    internal const int NotPlain = -2;
    internal const int NotUtf8 = -3;

    // A longer name can only match exactly.
    private const int MaxName = 512;
    private const int Short = 15;

    private readonly TextColumn[] _columns;
    private readonly byte[][] _names;
    private readonly ulong _required;
    private readonly ulong _requiredHigh;
    private readonly Slot[] _slots;
    private readonly int[] _next;
    private readonly ulong _factor;
    private readonly int _shift;

    /// <summary>Creates the names of members.</summary>
    /// <param name="columns">The members, at most 128.</param>
    public JsonNames(params TextColumn[] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns;
        _names = [.. columns.Select(static column => Encoding.UTF8.GetBytes(column.Name))];
        _next = [.. columns.Select(static _ => -1)];
        for (var i = 0; i < columns.Length; i++)
        {
            ref var required = ref i < 64 ? ref _required : ref _requiredHigh;
            required |= columns[i].IsRequired ? 1UL << i : 0;
        }

        (_slots, _factor, _shift) = Divide();
    }

    /// <summary>Determines whether an object has all required members.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasAll(in JsonMembers members) => members.Lacking(_required, _requiredHigh) == (0, 0);

    /// <summary>Returns the name of the first required member that the object lacks.</summary>
    internal string FirstMissing(in JsonMembers members) => members.Lacking(_required, _requiredHigh) is var (low, high) && low != 0
        ? _columns[BitOperations.TrailingZeroCount(low)].Name
        : _columns[64 + BitOperations.TrailingZeroCount(high)].Name;

    /// <summary>Finds a name without escapes.</summary>
    /// <param name="block">The first bytes of the name.</param>
    /// <param name="name">The first byte of the name.</param>
    /// <param name="length">The length of the name in bytes.</param>
    /// <returns>
    /// The index, combined with <see cref="OtherCase"/> if the match is not exact; negative if there is no match or the name is not ASCII.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Find(Vector128<byte> block, ref byte name, int length)
    {
        var key = KeyOf(block, ref name, length);
        ref var slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), SlotOf(key, _factor, _shift));
        if (slot.Key == key)
        {
            return FindAmong(slot.First, MemoryMarshal.CreateReadOnlySpan(ref name, length));
        }

        return length <= Short && (block.ExtractMostSignificantBits() & ((1u << length) - 1)) == 0
            ? NotFound
            : FindOther(MemoryMarshal.CreateReadOnlySpan(ref name, length));
    }

    /// <summary>Finds a name by its characters.</summary>
    internal int FindUnusual(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        if (name.Length > MaxName)
        {
            return NotFound;
        }

        Span<char> buffer = stackalloc char[MaxName];
        if (!TextValues.IsValidUtf8(name))
        {
            return NotUtf8;
        }

        var isAscii = Ascii.IsValid(name);
        ReadOnlySpan<char> characters = isAscii ? default : buffer[..Encoding.UTF8.GetChars(name, buffer)];
        for (var i = 0; i < _columns.Length; i++)
        {
            if (isAscii
                ? Ascii.EqualsIgnoreCase(name, _names[i])
                : MemoryExtensions.Equals(characters, _columns[i].Name, StringComparison.OrdinalIgnoreCase))
            {
                return i | OtherCase;
            }
        }

        return NotFound;
    }

    // The key of a short name is all of its bytes in lower case and its length; that of a longer one is its ends. Names that differ only in
    // case have the same key; other names may, too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Key KeyOf(Vector128<byte> block, ref byte name, int length)
    {
        var lower = Vector128.Create((byte)0x20);
        if (length > Short)
        {
            var end = Vector128.LoadUnsafe(ref Unsafe.Add(ref name, length - Vector128<byte>.Count)) | lower;
            var start = block | lower;
            return new Key(start.AsUInt64().ToScalar(), end.AsUInt64().GetElement(1) ^ ((ulong)length << 56));
        }

        var key = Vector128.ConditionalSelect(
            Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length)),
            block | lower,
            Vector128.Create(0, (ulong)length << 56).AsByte()).AsUInt64();
        return new Key(key.ToScalar(), key.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint SlotOf(Key key, ulong factor, int shift) => (nint)(((key.Low ^ (key.High * 0x9E3779B97F4A7C15)) * factor) >> shift);

    private int FindAmong(int first, ReadOnlySpan<byte> name)
    {
        for (var i = first; i >= 0; i = _next[i])
        {
            if (name.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        for (var i = first; i >= 0; i = _next[i])
        {
            if (Ascii.EqualsIgnoreCase(name, _names[i]))
            {
                return i | OtherCase;
            }
        }

        return Ascii.IsValid(name) ? NotFound : NotPlain;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FindOther(ReadOnlySpan<byte> name) => Ascii.IsValid(name) ? NotFound : NotPlain;

    // Finds a division into slots without collisions.
    private (Slot[] Slots, ulong Factor, int Shift) Divide()
    {
        var keys = _names.Select(KeyOf).ToArray();
        var factor = 0x9E3779B97F4A7C15UL;
        for (var bits = 2; ; bits++)
        {
            for (var attempt = 0; attempt < 100 && 1 << bits > keys.Distinct().Count(); attempt++)
            {
                factor = (factor * 6364136223846793005 + 1442695040888963407) | 1;
                if (TryDivide(keys, factor, 64 - bits) is { } slots)
                {
                    return (slots, factor, 64 - bits);
                }
            }
        }
    }

    private Slot[]? TryDivide(Key[] keys, ulong factor, int shift)
    {
        Array.Fill(_next, -1);
        var slots = new Slot[1 << (64 - shift)];
        var last = new Dictionary<Key, int>();
        for (var i = 0; i < keys.Length; i++)
        {
            ref var slot = ref slots[SlotOf(keys[i], factor, shift)];
            if (last.TryGetValue(keys[i], out var before))
            {
                _next[before] = i;
            }
            else if (slot.Key != default)
            {
                return null;
            }
            else
            {
                slot = new Slot(keys[i], i);
            }

            last[keys[i]] = i;
        }

        return slots;
    }

    private static Key KeyOf(byte[] name)
    {
        var padded = new byte[name.Length + Vector128<byte>.Count];
        name.CopyTo(padded, 0);
        return KeyOf(Vector128.Create(padded, 0), ref padded[0], name.Length);
    }

    private readonly record struct Key(ulong Low, ulong High);

    private readonly record struct Slot(Key Key, int First);
}
