using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MemoryPack;

namespace Penstock.State;

/// <summary>
/// Distinguishes the keys of a table of release 0.1, for which 0 and -0.0 were different decimals. They are one key now, and the state that
/// was saved for both does not fit into one entry.
/// </summary>
internal sealed class SignedZeros<TKey>
    where TKey : struct, IKey<TKey>
{
    // The memory layout of a decimal is also its serialized form: two zero bytes, scale, sign, and twelve bytes of digits.
    private const int SignAt = 3;
    private const int DecimalSize = 16;
    private const byte Negative = 0x80;

    /// <summary>Indicates whether keys contain decimals.</summary>
    public static readonly bool CanOccur = TKey.Schema.Contains("decimal", StringComparison.Ordinal);

    // The positions of negative zeros in the bytes of each key. Keys without one are not included.
    private readonly Dictionary<TKey, string> _negative = new(new Comparer());
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Records that a key is added to the table.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isKnown"><c>true</c> if the table contains an equal key.</param>
    /// <exception cref="StateRefusedException">The equal key differs in the sign of a zero.</exception>
    public void Add(TKey key, bool isKnown)
    {
        var zeros = NegativeZerosOf(key);
        if (isKnown && zeros != _negative.GetValueOrDefault(key, ""))
        {
            throw new StateRefusedException(
                ErrorCodes.SignedZeros,
                $"was saved for two keys that are one: release 0.1 took the decimals 0 and -0.0 for two keys (of type "
                    + $"{TKey.Schema}). Which state is right cannot be known: start over with an empty checkpoint folder and an empty "
                    + $"output.");
        }

        if (zeros.Length > 0)
        {
            _negative[key] = zeros;
        }
    }

    /// <summary>Records that a key is removed from the table.</summary>
    /// <returns><c>true</c> if it is the key in the table, and not just an equal one.</returns>
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
