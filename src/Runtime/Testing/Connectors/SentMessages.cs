using System.Buffers;
using System.Globalization;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Formats;

namespace Penstock.Testing;

/// <summary>Reads the messages of a test with the generated reader of a source, for any connector.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TReader">The generated reader.</typeparam>
/// <param name="source">The id of the source, for messages.</param>
/// <param name="messages">The messages.</param>
/// <param name="time">The clock of the test.</param>
internal sealed class SentMessages<T, TReader>(string source, IReadOnlyList<TestMessage> messages, TimeProvider time)
    : ISource<T>, ISentMessages
    where TReader : struct, IMessageReader<T>
{
    public IReadOnlyList<SourceSplit> Discover() => [new SourceSplit("messages")];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(source, messages, time, badRows);

    private sealed class Reader(string source, IReadOnlyList<TestMessage> messages, TimeProvider time, IBadRowHandler badRows)
        : ISplitReader<T>
    {
        private const string HeaderPrefix = "header:";

        private readonly MessageFields _fields = new(TReader.Columns, TReader.Metadata);
        private int _next;

        public ReadStatus Read(RowAppender<T> rows)
        {
            while (rows.Free > 0 && _next < messages.Count)
            {
                var message = messages[_next++];
                Fill(message);
                if (TryRead(out var row))
                {
                    rows.Append(in row);
                    continue;
                }

                badRows.Handle(new BadRow(
                    "a message of the test",
                    _next - 1,
                    _fields.ErrorColumn,
                    _fields.Error,
                    _fields.ValueText(int.MaxValue))
                { Message = Copy(message) });
            }

            return _next < messages.Count ? ReadStatus.More : ReadStatus.Ended;
        }

        private bool TryRead(out T row)
        {
            try
            {
                return _fields.TryRead<T, TReader>(out row);
            }
            catch (RowFailedException error)
            {
                // No driver adds the place to the error in a test.
                throw RowFailedException.At(Describe(0), error.Text, error);
            }
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            // Not called: the messages are read once, when they are sent.
        }

        public string Describe(int index) => string.Create(CultureInfo.InvariantCulture, $"message {_next - 1} of the test");

        public void Dispose()
        {
            // There is nothing to close.
        }

        // A value is followed by a line end, and by memory that its reader may look at.
        private void Fill(TestMessage message)
        {
            var data = new ArrayBufferWriter<byte>();
            var value = Append(message.Value);
            var parts = TReader.Metadata.Select(column => column.Name switch
            {
                "key" => Append(message.KeyBytes),
                "value" => value,
                _ when HeaderOf(column) is { } header =>
                    Append(TestMessage.BytesOf(message.Headers.TryGetValue(header, out var text) ? text : null)),
                _ => (0, -1),
            }).ToArray();
            data.Write(new byte[MessageFields.Slack]);
            _fields.Begin(data.WrittenSpan.ToArray(), value.Item1, value.Item2);
            for (var index = 0; index < parts.Length; index++)
            {
                SetPart(index, message, parts[index]);
            }

            (int Start, int Length) Append(byte[]? bytes)
            {
                var start = data.WrittenCount;
                data.Write(bytes);
                data.Write("\n"u8);
                return (start, bytes?.Length ?? -1);
            }
        }

        private void SetPart(int index, TestMessage message, (int Start, int Length) bytes)
        {
            var column = TReader.Metadata[index];
            if (column.Name is "key" or "value" || HeaderOf(column) != null)
            {
                _fields.SetBytes(index, bytes.Start, bytes.Length);
                return;
            }

            switch (message.Metadata.TryGetValue(column.Name, out var given) ? given : column.Name == "timestamp" ? TimeOf(message) : null)
            {
                case string text:
                    _fields.SetText(index, text);
                    break;
                case long number:
                    _fields.SetNumber(index, number);
                    break;
                case int number:
                    _fields.SetNumber(index, number);
                    break;
                case null:
                    throw new ArgumentException(
                        $"The rows of source '{source}' read '{column.Name}', which message {_next - 1} does not have. Write Metadata = "
                            + $"{{ [\"{column.Name}\"] = … }}.");
                case var other:
                    throw new ArgumentException(
                        $"Metadata[\"{column.Name}\"] of message {_next - 1} is a {other.GetType().Name}; a text or a whole number (int "
                            + $"or long) is expected.");
            }
        }

        private long TimeOf(TestMessage message) => (message.Timestamp ?? time.GetUtcNow()).ToUnixTimeMilliseconds();

        private BadMessage Copy(TestMessage message) =>
            new(
                message.KeyBytes,
                message.Value,
                TimeOf(message),
                [.. message.Headers.Select(static header => new MessageHeader(header.Key, TestMessage.BytesOf(header.Value)))]);

        private static string? HeaderOf(MetadataColumn column) =>
            column.Name.StartsWith(HeaderPrefix, StringComparison.Ordinal) ? column.Name[HeaderPrefix.Length..] : null;
    }
}
