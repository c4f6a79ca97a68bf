using System.Text;

namespace Penstock.Testing;

/// <summary>A message that a test sends to a source of messages, as a broker would hand it over.</summary>
/// <param name="value">The value as text; null for a message without a value, which deletes its key.</param>
public sealed class TestMessage(string? value)
{
    /// <summary>Creates a message whose value is no text.</summary>
    /// <param name="value">The bytes.</param>
    /// <returns>The message.</returns>
    public static TestMessage OfBytes(ReadOnlySpan<byte> value) => new(null) { Value = value.ToArray() };

    /// <summary>The value; null where there is none.</summary>
    public byte[]? Value { get; private init; } = BytesOf(value);

    /// <summary>The key as text; null where there is none.</summary>
    public string? Key
    {
        get => KeyBytes == null ? null : Encoding.UTF8.GetString(KeyBytes);
        init => KeyBytes = BytesOf(value);
    }

    /// <summary>The key; null where there is none.</summary>
    public byte[]? KeyBytes { get; init; }

    /// <summary>The time of the message. Default: the time of the test's clock when it is sent.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The headers by their names, as text.</summary>
    public IDictionary<string, string?> Headers { get; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>
    /// What else rows read with <see cref="MetadataAttribute"/>, by the name that the connector has for it, such as <c>["offset"] = 7L</c>:
    /// a text or a whole number.
    /// </summary>
    public IDictionary<string, object> Metadata { get; } = new Dictionary<string, object>(StringComparer.Ordinal);

    internal static byte[]? BytesOf(string? text) => text == null ? null : Encoding.UTF8.GetBytes(text);
}
