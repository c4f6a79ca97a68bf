using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Penstock.State;

/// <summary>
/// The memory of a page. A frozen version has a copy of this struct: rows are only appended to the array, and a page that is moved gets
/// another array.
/// </summary>
/// <param name="Array">The rows, each behind a header.</param>
/// <param name="Moved">
/// The number of rows that were moved to the array from a larger one. Their former and present offsets are at its beginning, in order.
/// </param>
internal readonly record struct PageMemory(byte[] Array, int Moved)
{
    /// <summary>The size of the entry of a moved row: its former offset in the upper half, the present one in the lower half.</summary>
    public const int MovedSize = sizeof(uint);

    /// <summary>The entries of moved rows.</summary>
    public Span<uint> Entries => MemoryMarshal.Cast<byte, uint>(Array.AsSpan(0, Moved * MovedSize));

    /// <summary>Returns the present offset of a row.</summary>
    /// <param name="offset">Its offset when it was added.</param>
    public int Find(int offset) => Moved == 0 ? offset : FindMoved((uint)offset);

    private int FindMoved(uint offset)
    {
        var entries = Entries;
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle] >> 16 < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return (int)(entries[low] & ushort.MaxValue);
    }
}

/// <summary>
/// Rows one behind the other, each behind a header with its length. When half of them are gone, the others can be moved to a smaller array.
/// </summary>
internal sealed class RowPage
{
    /// <summary>
    /// The size of the header of a row: its length, and whether the row was removed. Frozen versions read only the length, which does not
    /// change.
    /// </summary>
    public const int HeaderSize = sizeof(ushort);

    /// <summary>The maximum length of a row.</summary>
    public const int MaxRow = Removed - 1;

    private const ushort Removed = 0x8000;

    public PageMemory Memory { get; private set; }

    /// <summary>The size of the array in bytes.</summary>
    public int Capacity => Memory.Array.Length;

    /// <summary>The end of the last row.</summary>
    public int Used { get; private set; }

    /// <summary>The number of rows that are left.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of the rows that are left, with their headers.</summary>
    public int Bytes { get; private set; }

    /// <summary>The number of the newest freeze that contains the array; 0 if there is none.</summary>
    public int FrozenIn { get; set; }

    /// <summary>Indicates whether it has a single row, which may be too long for a header.</summary>
    public bool IsSingle { get; private set; }

    /// <summary>The bytes that the remaining rows would take in another array.</summary>
    public int BytesWhenMoved => Bytes + Count * PageMemory.MovedSize;

    /// <summary>The free bytes behind the header of the next row.</summary>
    public Span<byte> Free => Capacity - Used < HeaderSize ? [] : Memory.Array.AsSpan(Used + HeaderSize);

    /// <summary>Begins with an array, and without rows.</summary>
    public void Begin(byte[] array)
    {
        (Memory, Used, Count, Bytes, FrozenIn) = (new PageMemory(array, 0), 0, 0, 0, 0);
        IsSingle = false;
    }

    /// <summary>Ends without rows.</summary>
    /// <returns>The array.</returns>
    public byte[] End()
    {
        var array = Memory.Array;
        Memory = default;
        return array;
    }

    /// <summary>Appends a row that was written to <see cref="Free"/>.</summary>
    /// <param name="length">The length of the row, at most <see cref="MaxRow"/>.</param>
    /// <returns>Its offset.</returns>
    public int Append(int length)
    {
        var offset = Used;
        Header(offset, (ushort)length);
        Add(length);
        return offset;
    }

    /// <summary>Appends a row of any length to a page that has no other rows.</summary>
    public void AppendOnly(int length)
    {
        IsSingle = true;
        Add(length);
    }

    /// <summary>Returns the length of a row.</summary>
    /// <param name="offset">Its offset when it was added.</param>
    public int LengthAt(int offset) => IsSingle
        ? Bytes - HeaderSize
        : BinaryPrimitives.ReadUInt16LittleEndian(Memory.Array.AsSpan(Memory.Find(offset))) & MaxRow;

    /// <summary>Removes a row.</summary>
    /// <param name="offset">Its offset when it was added.</param>
    /// <param name="length">Its length.</param>
    public void Remove(int offset, int length)
    {
        Count--;
        Bytes -= HeaderSize + length;
        Header(Memory.Find(offset), (ushort)(Removed | length));
    }

    /// <summary>Moves the rows to another array.</summary>
    /// <param name="target">An array of at least <see cref="BytesWhenMoved"/> bytes.</param>
    /// <returns>The former array.</returns>
    public byte[] MoveTo(byte[] target)
    {
        var (source, moved) = Memory;
        var former = Memory.Entries;
        Memory = new PageMemory(target, Count);
        var entries = Memory.Entries;
        var (found, end) = (0, Count * PageMemory.MovedSize);
        if (moved == 0)
        {
            for (var offset = 0; offset < Used;)
            {
                var header = BinaryPrimitives.ReadUInt16LittleEndian(source.AsSpan(offset));
                var size = HeaderSize + (header & MaxRow);
                if (header < Removed)
                {
                    source.AsSpan(offset, size).CopyTo(target.AsSpan(end));
                    entries[found++] = (uint)offset << 16 | (uint)end;
                    end += size;
                }

                offset += size;
            }
        }
        else
        {
            foreach (var entry in former)
            {
                var offset = (int)(entry & ushort.MaxValue);
                var header = BinaryPrimitives.ReadUInt16LittleEndian(source.AsSpan(offset));
                if (header < Removed)
                {
                    var size = HeaderSize + header;
                    source.AsSpan(offset, size).CopyTo(target.AsSpan(end));
                    entries[found++] = entry & ~(uint)ushort.MaxValue | (uint)end;
                    end += size;
                }
            }
        }

        (Used, FrozenIn) = (end, 0);
        return source;
    }

    /// <summary>Copies the rows to another array, so that they can be changed while a frozen version has the present one.</summary>
    /// <param name="target">An array of at least the same size.</param>
    /// <returns>The former array.</returns>
    public byte[] CopyTo(byte[] target)
    {
        var source = Memory.Array;
        source.AsSpan(0, Used).CopyTo(target);
        (Memory, FrozenIn) = (new PageMemory(target, Memory.Moved), 0);
        return source;
    }

    private void Add(int length)
    {
        Used += HeaderSize + length;
        Bytes += HeaderSize + length;
        Count++;
    }

    private void Header(int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Memory.Array.AsSpan(offset), value);
}
