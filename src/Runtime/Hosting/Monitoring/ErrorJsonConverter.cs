using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Penstock.Hosting;

/// <summary>Writes an exception as the text of its message, since JSON has no form for the rest of it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ErrorJsonConverter : JsonConverter<Exception>
{
    /// <inheritdoc/>
    public override Exception? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } message ? FromMessage(message) : null;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Exception value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value is PipelineException ? value.Message : $"{value.GetType().Name}: {value.Message}");
    }
    // What was no PipelineException had no code.
    private static PipelineException FromMessage(string message)
    {
        var end = message.IndexOf(": ", StringComparison.Ordinal);
        return end > 0 && PipelineErrorCode.IsId(message.AsSpan(0, end))
            ? new PipelineException(new PipelineErrorCode(message[..end], "An error of another process"), message[(end + 2)..])
            : new PipelineException(PipelineErrorCode.Custom, message);
    }
}
