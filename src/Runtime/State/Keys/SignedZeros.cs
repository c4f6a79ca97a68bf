using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;

namespace Penstock.State;

/// <summary>
/// Tells the keys of a table of release 0.1 apart, to which 0 and -0.0 were two decimals. They are one key now: state that was saved for
/// both does not fit into one entry.
/// </summary>
internal sealed class SignedZeros<TKey>
    where TKey : struct, IKey<TKey>
{
    // A decimal is written as in memory: two bytes that are zero, its scale, its sign, and twelve bytes of its digits.
    private const int SignAt = 3;
    private const int DecimalSize = 16;
    private const byte Negative = 0x80;

    /// <summary>Whether keys have decimals.</summary>
    public static readonly bool Matter = TKey.Schema.Contains("decimal", StringComparison.Ordinal);

    // By key, where its negative zeros stand in its bytes; no key without one.
    private readonly Dictionary<TKey, string> _negative = new(new Comparer());
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>A key goes into the table.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isKnown">Whether the table has an equal one.</param>
    /// <exception cref="StateRefusedException">The equal one is another one.</exception>
    public void Add(TKey key, bool isKnown)
    {
        var zeros = NegativeZerosOf(key);
        if (isKnown && zeros != _negative.GetValueOrDefault(key, ""))
        {
            throw new StateRefusedException(
                ErrorCodes.SignedZeros,
                $"was saved for two keys that are one: release 0.1 took the decimals 0 and -0.0 for two keys (of type "
                    + $"{TKey.Schema}). Which state is right cannot be known: start over with an empty checkpoint folder.");
        }

        if (zeros.Length > 0)
        {
            _negative[key] = zeros;
        }
    }

    /// <summary>A key was removed from the table.</summary>
    /// <returns>Whether it is the one that the table has, and not an equal one.</returns>
    public bool Remove(TKey key)
    {
        if (NegativeZerosOf(key) != _negative.GetValueOrDefault(key, ""))
        {
            return false;
        }

        _negative.Remove(key);
        return true;
    }

    private string NegativeZerosOf(TKey key)
    {
        _bytes.ResetWrittenCount();
        using var state = MemoryPackWriterOptionalStatePool.Rent(null);
        var buffer = _bytes;
        var writer = new MemoryPackWriter<ArrayBufferWriter<byte>>(ref buffer, state);
        TKey.Write(ref writer, key);
        writer.Flush();
        var bytes = _bytes.WrittenSpan;
        var zeros = "";
        for (var start = 0; start + DecimalSize <= bytes.Length; start++)
        {
            if (bytes[start] == 0
                && bytes[start + 1] == 0
                && bytes[start + SignAt] == Negative
                && !bytes.Slice(start + SignAt + 1, DecimalSize - SignAt - 1).ContainsAnyExcept((byte)0))
            {
                zeros += $"{start} ";
            }
        }

        return zeros;
    }

    private sealed class Comparer : IEqualityComparer<TKey>
    {
        public bool Equals(TKey x, TKey y) => TKey.Equals(x, y);

        public int GetHashCode([DisallowNull] TKey obj) => (int)TKey.GroupHash(obj);
    }
}
