using System.Globalization;
using System.Text;
using Penstock.Formats;

namespace Penstock.Kafka.Sinks;

/// <summary>Writes bad rows as dead letters: the message as it was, and what is wrong with it in headers behind its own.</summary>
internal readonly struct DeadLetterWriter : IMessageWriter<BadRow>
{
    private const string Prefix = "penstock-";

    public static string[] Headers => [];

    public static bool WriteKey(Utf8Buffer output, in BadRow row) =>
        row.Message is { } message && MessageText.WriteBytes(output, message.Key);

    public static bool WriteValue(Utf8Buffer output, in BadRow row, RowKind kind) =>
        row.Message is { } message ? MessageText.WriteBytes(output, message.Value) : MessageText.WriteText(output, row.Text);

    public static bool WriteHeader(Utf8Buffer output, int header, in BadRow row) => false;

    public static long? TimestampOf(in BadRow row) => null;

    // Behind those of a letter that has been dead before, so that a search for the last one of a name finds these.
    public static IReadOnlyList<MessageHeader> MoreHeaders(in BadRow row) =>
    [
        .. row.Message?.Headers ?? [],
        .. row.Message is { } message ? [Header("timestamp", TimeOf(message))] : Array.Empty<MessageHeader>(),
        Header("source", row.Source),
        Header("position", row.Position.ToString(CultureInfo.InvariantCulture)),
        Header("column", row.Column),
        Header("error", row.Error),
    ];

    // A time that no calendar has stays the number that it was.
    private static string TimeOf(BadMessage message) =>
        message.Timestamp?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
            ?? message.TimestampMilliseconds.ToString(CultureInfo.InvariantCulture);

    private static MessageHeader Header(string name, string text) => new(Prefix + name, Encoding.UTF8.GetBytes(text));
}
