using System.Text;

namespace Penstock.Testing;

/// <summary>A message that a test sends to a message source, in place of a broker.</summary>
/// <param name="value">The value as text; null for a message without a value, which deletes its key.</param>
public sealed class TestMessage(string? value)
{
    /// <summary>Creates a message with a binary value.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns>The message.</returns>
    public static TestMessage OfBytes(ReadOnlySpan<byte> value) => new(null) { Value = value.ToArray() };

    /// <summary>The value; null if there is none.</summary>
    public byte[]? Value { get; private init; } = BytesOf(value);

    /// <summary>The key as text; null if there is none.</summary>
    public string? Key
    {
        get => KeyBytes == null ? null : Encoding.UTF8.GetString(KeyBytes);
        init => KeyBytes = BytesOf(value);
    }

    /// <summary>The key as bytes; null if there is none.</summary>
    public byte[]? KeyBytes { get; init; }

    /// <summary>The time of the message. Default: the time of the test's clock when it is sent.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The headers as text, by name.</summary>
    public IDictionary<string, string?> Headers { get; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>
    /// Further metadata that rows read with <see cref="MetadataAttribute"/>, by the connector's names, such as <c>["offset"] = 7L</c>. A
    /// value is a text or a whole number.
    /// </summary>
    public IDictionary<string, object> Metadata { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

    internal static byte[]? BytesOf(string? text) => text == null ? null : Encoding.UTF8.GetBytes(text);
}
