using Penstock.Sources;

namespace Penstock;

/// <summary>A message that could not be read, byte for byte as it was: for a <see cref="BadRow"/> that comes from messages.</summary>
/// <param name="Key">The key; null where there is none.</param>
/// <param name="Value">The value, whatever its length; null for a tombstone.</param>
/// <param name="TimestampMilliseconds">The time of the message, in milliseconds since 1970: any number, since brokers check it
/// little.</param>
/// <param name="Headers">The headers, in their order.</param>
[StateCodec(typeof(BadMessageCodec))]
public sealed record BadMessage(byte[]? Key, byte[]? Value, long TimestampMilliseconds, IReadOnlyList<MessageHeader> Headers)
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time of the message, in UTC; null when it lies outside the years 1 to 9999.</summary>
    public DateTimeOffset? Timestamp =>
        IsInCalendar(TimestampMilliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(TimestampMilliseconds) : null;

    /// <summary>Whether an instant lies in the years 1 to 9999.</summary>
    internal static bool IsInCalendar(long milliseconds) => milliseconds >= Earliest && milliseconds <= Latest;
}

/// <summary>A header of a message.</summary>
/// <param name="Name">Its name. Several headers may have the same.</param>
/// <param name="Value">Its value; null where it has none.</param>
public readonly record struct MessageHeader(string Name, byte[]? Value);
