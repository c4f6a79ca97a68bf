using Penstock.Sources;

namespace Penstock;

/// <summary>The original bytes of a message that could not be read, for a <see cref="BadRow"/> of a message source.</summary>
/// <param name="Key">The key, or null if there is none.</param>
/// <param name="Value">The value, of any length; null for a tombstone.</param>
/// <param name="TimestampMilliseconds">
/// The timestamp of the message, in milliseconds since 1970. It may be any number, since brokers hardly validate it.
/// </param>
/// <param name="Headers">The headers, in order.</param>
[StateCodec(typeof(BadMessageCodec))]
public sealed record BadMessage(byte[]? Key, byte[]? Value, long TimestampMilliseconds, IReadOnlyList<MessageHeader> Headers)
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The timestamp of the message in UTC, or null if it is outside the years 1 to 9999.</summary>
    public DateTimeOffset? Timestamp =>
        IsInCalendar(TimestampMilliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(TimestampMilliseconds) : null;

    /// <summary>Determines whether an instant is in the years 1 to 9999.</summary>
    internal static bool IsInCalendar(long milliseconds) => milliseconds >= Earliest && milliseconds <= Latest;
}

/// <summary>A header of a message.</summary>
/// <param name="Name">The name. Several headers may have the same name.</param>
/// <param name="Value">The value, or null if it has none.</param>
public readonly record struct MessageHeader(string Name, byte[]? Value);
