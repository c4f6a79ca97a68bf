namespace Penstock;

/// <summary>A message that could not be read, byte for byte as it was: for a <see cref="BadRow"/> that comes from messages.</summary>
/// <param name="Key">The key; null where there is none.</param>
/// <param name="Value">The value, whatever its length; null for a tombstone.</param>
/// <param name="Timestamp">The time of the message.</param>
/// <param name="Headers">The headers, in their order.</param>
public sealed record BadMessage(byte[]? Key, byte[]? Value, DateTimeOffset Timestamp, IReadOnlyList<MessageHeader> Headers);

/// <summary>A header of a message.</summary>
/// <param name="Name">Its name. Several headers may have the same.</param>
/// <param name="Value">Its value; null where it has none.</param>
public readonly record struct MessageHeader(string Name, byte[]? Value);
