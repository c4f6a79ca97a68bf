using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Formats;

/// <summary>
/// Converts rows of files whose columns are in another order, among other columns, or in simple quotes to the usual form, so that the same
/// fast code can read them. Copying a few short fields is cheaper than any other way to read them.
/// </summary>
/// <param name="columnOfField">The column of each field of the file, or -1 if it is not read.</param>
/// <param name="columns">The number of columns in the row type.</param>
/// <param name="delimiter">The field delimiter.</param>
internal sealed class CsvNormalizer(int[] columnOfField, int columns, byte delimiter)
{
    private readonly Range[] _fields = new Range[columns];
    private byte[] _row = new byte[512];

    /// <summary>The row in the usual form, with slack after it.</summary>
    public ref byte Row => ref MemoryMarshal.GetArrayDataReference(_row);

    /// <summary>Normalizes a row.</summary>
    /// <param name="data">The buffer, which contains a line break after the row.</param>
    /// <param name="at">The start of the row.</param>
    /// <returns>The start of the next row, or 0 if quotes do more than enclose a field, or if the number of fields is wrong.</returns>
    public int Normalize(byte[] data, int at)
    {
        var start = at;
        var end = FindFields(ref MemoryMarshal.GetArrayDataReference(data), at);
        if (end != 0)
        {
            // Fields are copied sixteen bytes at a time.
            var needed = end - start + _fields.Length + CsvCursor.Slack + Vector128<byte>.Count;
            if (_row.Length < needed)
            {
                _row = new byte[needed * 2];
            }

            CopyFields(ref MemoryMarshal.GetArrayDataReference(data));
        }

        return end;
    }

    private int FindFields(ref byte data, int at)
    {
        var window = at;
        var stops = CsvStructure.Find(ref Unsafe.Add(ref data, window), delimiter);
        var fieldStart = at;
        for (var field = 0; field < columnOfField.Length; field++)
        {
            var stop = NextStop(ref data, ref window, ref stops);
            var from = fieldStart;
            var to = stop;
            if (Unsafe.Add(ref data, stop) == (byte)'"')
            {
                from++;
                to = NextStop(ref data, ref window, ref stops);
                if (stop != fieldStart || to == from || Unsafe.Add(ref data, to) != (byte)'"')
                {
                    return 0;
                }

                stop = NextStop(ref data, ref window, ref stops);
                if (stop != to + 1)
                {
                    return 0;
                }
            }

            var column = columnOfField[field];
            if (column >= 0)
            {
                _fields[column] = new Range(from, to);
            }

            fieldStart = stop + 1;
            var isLast = field == columnOfField.Length - 1;
            if (isLast != (Unsafe.Add(ref data, stop) != delimiter))
            {
                return 0;
            }
        }

        return Unsafe.Add(ref data, fieldStart - 1) switch
        {
            (byte)'\n' => fieldStart,
            (byte)'\r' when Unsafe.Add(ref data, fieldStart) == (byte)'\n' => fieldStart + 1,
            _ => 0,
        };
    }

    private void CopyFields(ref byte data)
    {
        ref var row = ref MemoryMarshal.GetArrayDataReference(_row);
        nint at = 0;
        foreach (var field in _fields)
        {
            var length = field.To - field.From;
            for (var copied = 0; copied < length; copied += Vector128<byte>.Count)
            {
                Vector128.LoadUnsafe(ref Unsafe.Add(ref data, field.From + copied)).StoreUnsafe(ref Unsafe.Add(ref row, at + copied));
            }

            at += length;
            Unsafe.Add(ref row, at++) = delimiter;
        }

        Unsafe.Add(ref row, at - 1) = (byte)'\n';
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NextStop(ref byte data, ref int window, ref ulong stops)
    {
        while (stops == 0)
        {
            window += CsvStructure.Window;
            stops = CsvStructure.FindNext(ref Unsafe.Add(ref data, window), delimiter);
        }

        var stop = window + BitOperations.TrailingZeroCount(stops);
        stops &= stops - 1;
        return stop;
    }

    private readonly record struct Range(int From, int To);
}
