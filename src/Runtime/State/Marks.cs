using System.Runtime.CompilerServices;

namespace Penstock.State;

/// <summary>Where the bit of an entry is in an array of bits for all segments of a table.</summary>
internal static class Marks
{
    /// <summary>The slots of a segment of full size.</summary>
    public const int SegmentSize = 1024;

    /// <summary>The bits of a word.</summary>
    public const int BitsOfWord = 64;

    /// <summary>The words of a segment of full size.</summary>
    public const int WordsOfSegment = SegmentSize / BitsOfWord;

    /// <summary>The words of a segment of some size.</summary>
    public static int WordsOf(int size) => Math.Max(1, size / BitsOfWord);

    /// <summary>The word and the bit of a slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int Word, ulong Bit) Of(int id, int slot) => (id * WordsOfSegment + (slot >> 6), 1UL << slot);
}

/// <summary>A copy of the marks of one segment.</summary>
internal readonly struct SegmentMarks(ReadOnlySpan<ulong> words)
{
    private readonly ulong[] _words = words.ToArray();

    /// <summary>Whether a slot is marked.</summary>
    public bool IsSet(int slot) => (_words[slot >> 6] & (1UL << slot)) != 0;
}
