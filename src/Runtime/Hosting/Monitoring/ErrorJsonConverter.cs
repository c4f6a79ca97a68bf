using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Penstock.Hosting;

/// <summary>Writes an exception as its message, since JSON has no representation for the rest.</summary>
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
    // An exception other than PipelineException has no code.
    private static PipelineException FromMessage(string message)
    {
        var end = message.IndexOf(": ", StringComparison.Ordinal);
        return end > 0 && PipelineErrorCode.IsId(message.AsSpan(0, end))
            ? new PipelineException(new PipelineErrorCode(message[..end], "An error of another process"), message[(end + 2)..])
            : new PipelineException(PipelineErrorCode.Custom, message);
    }
}
