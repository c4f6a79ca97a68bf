using Penstock.State;

namespace Penstock.Joins;

/// <summary>A row in the list of its key: its event time, and where it lies.</summary>
/// <param name="time">The event time.</param>
/// <param name="position">The position in the store of its side.</param>
/// <param name="isMatched">Whether a row of the other side has met it.</param>
internal struct JoinEntry(long time, RowPosition position, bool isMatched)
{
    // Twice the position, plus one if it is matched.
    private long _position = position.Value * 2 + (isMatched ? 1 : 0);

    public readonly long Time => time;

    public readonly RowPosition Position => new(_position >> 1);

    public readonly bool IsMatched => (_position & 1) != 0;

    /// <summary>An entry that is no row, but names the next free block.</summary>
    public static JoinEntry Free(int next) => new(next, default, false);

    public void SetMatched() => _position |= 1;
}

/// <summary>The rows of a key on one side, in the order of time: a part of a block of entries.</summary>
internal struct JoinList
{
    /// <summary>The block, if it has rows.</summary>
    public int Block;

    /// <summary>The index in the block of its first row.</summary>
    public int Start;

    /// <summary>The number of rows.</summary>
    public int Count;

    /// <summary>The logarithm of the length of the block.</summary>
    public int SizeBits;

    /// <summary>The earliest time for which the key has a timer on this side, if it has rows.</summary>
    public long Timer;
}

/// <summary>What is kept for a key.</summary>
internal struct JoinKey
{
    public JoinList Left;

    public JoinList Right;
}
