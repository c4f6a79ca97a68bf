using System.Buffers.Binary;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// Encodes messages as consecutive bytes. A message consists of its length, its time, and then the key, the value and the headers, each
/// preceded by its length, or -1 if it is absent; then follow the names and values of headers that only this message has. A spool has this
/// format, and messages are passed to a producer in it.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TWriter">The generated writer.</typeparam>
internal static class MessageBuffer<T, TWriter>
    where TWriter : struct, IMessageWriter<T>
{
    /// <summary>Appends a message.</summary>
    /// <param name="output">The buffer.</param>
    /// <param name="batch">The batch of the row.</param>
    /// <param name="index">The index of the row.</param>
    /// <returns>The complete encoded message, valid until the next one is appended.</returns>
    /// <exception cref="RowWriteException">Code of the row type threw an exception.</exception>
    public static ReadOnlySpan<byte> Append(Utf8Buffer output, Batch<T> batch, int index)
    {
        try
        {
            return Append(output, in batch.Rows[index], batch.KindOf(index));
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw new RowWriteException(index, error);
        }
    }

    private static ReadOnlySpan<byte> Append(Utf8Buffer output, in T row, RowKind kind)
    {
        var start = output.Length;
        output.GetSpan(MessageBuffer.HeadLength);
        output.Advance(MessageBuffer.HeadLength);
        var at = output.Length;
        Reserve(output);
        End(output, at, TWriter.WriteKey(output, in row));
        at = output.Length;
        Reserve(output);
        End(output, at, TWriter.WriteValue(output, in row, kind));
        for (var header = 0; header < TWriter.Headers.Length; header++)
        {
            at = output.Length;
            Reserve(output);
            End(output, at, TWriter.WriteHeader(output, header, in row));
        }

        if (TWriter.AdditionalHeaders(in row) is { } more)
        {
            AppendMore(output, more);
        }

        var length = output.Length - start;
        var head = output.Patch(start, MessageBuffer.HeadLength);
        BinaryPrimitives.WriteInt32LittleEndian(head, length);
        BinaryPrimitives.WriteInt64LittleEndian(
            head[sizeof(int)..],
            TWriter.TimestampOf(in row) is { } time ? Math.Max(time, MessageBuffer.NoTime + 1) : MessageBuffer.NoTime);
        return output.Written[start..];
    }

    private static void AppendMore(Utf8Buffer output, IReadOnlyList<MessageHeader> headers)
    {
        foreach (var header in headers)
        {
            var at = output.Length;
            Reserve(output);
            End(output, at, MessageText.WriteText(output, header.Name));
            at = output.Length;
            Reserve(output);
            End(output, at, MessageText.WriteBytes(output, header.Value));
        }
    }

    private static void Reserve(Utf8Buffer output)
    {
        output.GetSpan(sizeof(int));
        output.Advance(sizeof(int));
    }

    private static void End(Utf8Buffer output, int at, bool isThere) =>
        BinaryPrimitives.WriteInt32LittleEndian(
            output.Patch(at, sizeof(int)),
            isThere ? output.Length - at - sizeof(int) : MessageBuffer.Absent);
}

/// <summary>The constants of the encoding.</summary>
internal static class MessageBuffer
{
    /// <summary>The number of bytes of the length and the time.</summary>
    public const int HeadLength = sizeof(int) + sizeof(long);

    /// <summary>The length of an absent part.</summary>
    public const int Absent = -1;

    /// <summary>The time of a message without a time of its own.</summary>
    public const long NoTime = long.MinValue;
}

/// <summary>Reads consecutive messages in memory.</summary>
/// <param name="bytes">The messages, all of them complete.</param>
internal ref struct MessageCursor(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private int _behind;

    /// <summary><c>true</c> if there is another message.</summary>
    public readonly bool HasNext => !_rest.IsEmpty;

    /// <summary><c>true</c> if the message has another part.</summary>
    public readonly bool HasPart => _rest.Length > _behind;

    /// <summary>Returns the length of the first message.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    /// <summary>Moves to the next message.</summary>
    /// <returns>Its time in milliseconds since the Unix epoch, or <see cref="MessageBuffer.NoTime"/>.</returns>
    public long Begin()
    {
        _behind = _rest.Length - BinaryPrimitives.ReadInt32LittleEndian(_rest);
        var time = BinaryPrimitives.ReadInt64LittleEndian(_rest[sizeof(int)..]);
        _rest = _rest[MessageBuffer.HeadLength..];
        return time;
    }

    /// <summary>Reads the next part: key, value, and then the headers.</summary>
    /// <param name="part">The part; empty if it is absent.</param>
    /// <returns><c>true</c> if the part is present.</returns>
    public bool Next(out ReadOnlySpan<byte> part)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        part = length < 0 ? [] : _rest.Slice(sizeof(int), length);
        _rest = _rest[(sizeof(int) + part.Length)..];
        return length >= 0;
    }
}
