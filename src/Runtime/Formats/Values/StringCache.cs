using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Penstock.Formats;

/// <summary>
/// Converts UTF-8 to strings. Known strings come from a table of fixed size, which is looked up by bytes without allocation. For a column
/// whose values do not repeat, the table is switched off and tried again from time to time.
/// </summary>
internal sealed class StringCache
{
    private const int Slots = 4096;
    private const int Probes = 4;

    /// <summary>The maximum length in bytes of cached strings.</summary>
    private const int MaxLength = 128;

    /// <summary>The number of misses of a column after which the use of the table is evaluated.</summary>
    private const int Trial = 2048;

    private const int Pause = 1 << 20;

    // Probing may run past the last slot, so the hot path needs no wrap-around.
    private readonly Entry[] _entries = new Entry[Slots + Probes];
    private Column[] _columns;

    /// <summary>Creates a cache for the columns of one row type.</summary>
    public StringCache(int columns)
    {
        _columns = new Column[columns];

        // A slot that was never filled has the key of the empty string, whose slot is the first.
        _entries[0].Value = "";
    }

    /// <summary>The number of rows read, updated by the reader once per batch.</summary>
    public long Rows { get; set; }

    /// <summary>Returns the string for a text of at most 15 bytes.</summary>
    /// <param name="block">The text and the bytes after it.</param>
    /// <param name="length">The length of the text in bytes, 0 to 15.</param>
    /// <param name="column">The index of its column.</param>
    /// <returns>The string, or null if the text is not valid UTF-8.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public string? Short(Vector128<byte> block, int length, int column)
    {
        // The sixteenth byte of the key is the length, so that trailing zero characters are significant.
        var key = Vector128.ConditionalSelect(
            Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length)),
            block,
            Vector128.Create(0, (ulong)length << 56).AsByte()).AsUInt64();
        var low = key.ToScalar();
        var high = key.GetElement(1);
        ref var entry = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_entries), (nint)SlotOf(low, high));
        return entry.Low == low && entry.High == high ? entry.Value : ShortSlow(block, low, high, length, column);
    }

    /// <summary>Returns the string for a text of any length.</summary>
    /// <param name="text">The text.</param>
    /// <param name="column">The index of its column.</param>
    /// <returns>The string, or null if the text is not valid UTF-8.</returns>
    public string? Find(ReadOnlySpan<byte> text, int column)
    {
        if (text.Length < 16)
        {
            Span<byte> padded = stackalloc byte[16];
            padded.Clear();
            text.CopyTo(padded);
            return Short(Vector128.Create<byte>(padded), text.Length, column);
        }

        if (text.Length > MaxLength)
        {
            return Decode(text);
        }

        if (column < _columns.Length && _columns[column].IsOff)
        {
            Count(ref _columns[column]);
            return Decode(text);
        }

        // The length in the top byte is at least 16 here, so long keys never equal short ones.
        var low = XxHash3.HashToUInt64(text);
        var high = (ulong)text.Length << 56;
        var slot = SlotOf(low, high);
        for (var i = slot; i < slot + Probes; i++)
        {
            if (_entries[i].Low == low && _entries[i].High == high && IsText(_entries[i].Value!, text))
            {
                return _entries[i].Value;
            }
        }

        return Add(text, low, high, column);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private string? ShortSlow(Vector128<byte> block, ulong low, ulong high, int length, int column)
    {
        if (length == 0)
        {
            return "";
        }

        var slot = SlotOf(low, high);
        for (var i = slot + 1; i < slot + Probes; i++)
        {
            if (_entries[i].Low == low && _entries[i].High == high)
            {
                return _entries[i].Value;
            }
        }

        Span<byte> text = stackalloc byte[16];
        block.CopyTo(text);
        return Add(text[..length], low, high, column);
    }

    private string? Add(ReadOnlySpan<byte> text, ulong low, ulong high, int column)
    {
        var value = Decode(text);
        if (column >= _columns.Length)
        {
            // A string inside of a tree: only the code that reads the tree has their number.
            Array.Resize(ref _columns, column + 1);
        }

        ref var statistics = ref _columns[column];
        Count(ref statistics);
        if (value == null || statistics.IsOff)
        {
            return value;
        }

        var slot = SlotOf(low, high);
        var free = slot;
        for (var i = slot; i < slot + Probes; i++)
        {
            if (_entries[i].Value == null)
            {
                free = i;
                break;
            }
        }

        _entries[free] = new Entry { Low = low, High = high, Value = value };
        return value;
    }

    // Counts a string that was not in the table, or not looked up.
    private void Count(ref Column statistics)
    {
        statistics.Misses++;
        if (statistics.Misses >= (statistics.IsOff ? Pause : Trial))
        {
            // Off if most rows since the last evaluation had new values. A pause is followed by another trial.
            statistics.IsOff = !statistics.IsOff && statistics.Misses * 2L > Rows - statistics.RowsBefore;
            statistics.Misses = 0;
            statistics.RowsBefore = Rows;
        }
    }

    // Most strings are ASCII, whose bytes are the characters, so one pass creates the string.
    private static string? Decode(ReadOnlySpan<byte> text) =>
        Ascii.IsValid(text) ? Encoding.Latin1.GetString(text)
        : TextValues.IsValidUtf8(text) ? Encoding.UTF8.GetString(text)
        : null;

    private static bool IsText(string value, ReadOnlySpan<byte> text)
    {
        if (Ascii.Equals(text, value))
        {
            return true;
        }

        Span<char> characters = stackalloc char[MaxLength];
        return value.Length <= MaxLength
            && Encoding.UTF8.TryGetChars(text, characters, out var count)
            && value.AsSpan().SequenceEqual(characters[..count]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SlotOf(ulong low, ulong high) => (int)(((low ^ (high * 0x9E3779B97F4A7C15)) * 0xD6E8FEB86659FD93) >> 52);

    private struct Entry
    {
        public ulong Low;
        public ulong High;
        public string? Value;
    }

    private struct Column
    {
        public int Misses;
        public long RowsBefore;
        public bool IsOff;
    }
}
