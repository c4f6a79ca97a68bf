using Penstock.Formats;

namespace Penstock.Kafka.Sources;

/// <summary>The parts of a message that rows need besides its key and value. The client skips the other parts.</summary>
internal sealed class RequiredMessageFields
{
    private const string HeaderPrefix = "header:";

    private readonly bool _isWhole;
    private readonly (Kind Kind, string Header)[] _columns;
    private readonly (int Start, int Length)[] _headers;

    /// <summary>Determines the parts that metadata columns need.</summary>
    /// <param name="metadata">The columns.</param>
    /// <param name="isWhole"><c>true</c> if all parts are needed, because messages that cannot be read are kept unchanged.</param>
    public RequiredMessageFields(MetadataColumn[] metadata, bool isWhole)
    {
        _isWhole = isWhole;
        _columns = [.. metadata.Select(Parse)];
        _headers = new (int, int)[_columns.Length];
    }

    private enum Kind
    {
        Key,
        Value,
        Timestamp,
        Partition,
        Offset,
        Topic,
        Header,
    }

    /// <summary>The parts, by their names in the client.</summary>
    public IEnumerable<string> Fields
    {
        get
        {
            if (_isWhole || _columns.Any(static column => column.Kind == Kind.Header))
            {
                yield return "headers";
            }

            if (_isWhole || _columns.Any(static column => column.Kind == Kind.Timestamp))
            {
                yield return "timestamp";
            }
        }
    }

    /// <summary>Passes the parts of a message to the row reader.</summary>
    public void Fill(MessageFields fields, MessageBlock block, in Entry entry, string topic, int partition)
    {
        CopyHeaders(block, in entry);
        fields.Begin(block.Data, entry.ValueStart, entry.ValueLength);
        for (var index = 0; index < _columns.Length; index++)
        {
            switch (_columns[index].Kind)
            {
                case Kind.Key: fields.SetBytes(index, entry.KeyStart, entry.KeyLength); break;
                case Kind.Value: fields.SetBytes(index, entry.ValueStart, entry.ValueLength); break;
                case Kind.Timestamp: fields.SetNumber(index, entry.Timestamp); break;
                case Kind.Partition: fields.SetNumber(index, partition); break;
                case Kind.Offset: fields.SetNumber(index, entry.Offset); break;
                case Kind.Topic: fields.SetText(index, topic); break;
                case Kind.Header: fields.SetBytes(index, _headers[index].Start, _headers[index].Length); break;
                default: throw new InvalidOperationException($"Unknown part of a message: {_columns[index].Kind}.");
            }
        }
    }

    private static (Kind, string) Parse(MetadataColumn column) => column.Name switch
    {
        "key" => (Kind.Key, ""),
        "value" => (Kind.Value, ""),
        "timestamp" => (Kind.Timestamp, ""),
        "partition" => (Kind.Partition, ""),
        "offset" => (Kind.Offset, ""),
        "topic" => (Kind.Topic, ""),
        _ when column.Name.StartsWith(HeaderPrefix, StringComparison.Ordinal) => (Kind.Header, column.Name[HeaderPrefix.Length..]),
        _ => throw new PipelineException(KafkaErrorCodes.MetadataUnknown, $"'{column.Name}' is not known of Kafka's messages."),
    };

    // Copies headers next to the rest of the message. This comes before the memory is read, because the memory may have to grow. If a name
    // occurs twice, the last header is used.
    private void CopyHeaders(MessageBlock block, in Entry entry)
    {
        for (var index = 0; index < _columns.Length; index++)
        {
            if (_columns[index].Kind == Kind.Header)
            {
                _headers[index] = entry.Headers != null
                    && entry.Headers.TryGetLastBytes(_columns[index].Header, out var bytes)
                    && bytes != null
                    ? (block.Append(bytes), bytes.Length)
                    : (0, -1);
            }
        }
    }
}
