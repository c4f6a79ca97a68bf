using System.Globalization;
using System.Text;
using Penstock.Formats;

namespace Penstock.Kafka.Sinks;

/// <summary>Writes bad rows as dead letters: the unchanged message, with the error in additional headers after its own.</summary>
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

    // They follow those of a message that was a dead letter before, so a search for the last header of a name finds these.
    public static IReadOnlyList<MessageHeader> AdditionalHeaders(in BadRow row) =>
    [
        .. row.Message?.Headers ?? [],
        .. row.Message is { } message ? [Header("timestamp", TimeOf(message))] : Array.Empty<MessageHeader>(),
        Header("source", row.Source),
        Header("position", row.Position.ToString(CultureInfo.InvariantCulture)),
        Header("column", row.Column),
        Header("error", row.Error),
    ];

    // A time out of the range of the calendar is written as a number.
    private static string TimeOf(BadMessage message) =>
        message.Timestamp?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
            ?? message.TimestampMilliseconds.ToString(CultureInfo.InvariantCulture);

    private static MessageHeader Header(string name, string text) => new(Prefix + name, Encoding.UTF8.GetBytes(text));
}
