using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Formats.Messages;

/// <summary>A message of these tests, as a broker would store it.</summary>
public sealed record Letter(string? Key, byte[]? Value, (string Name, string? Text)[] Headers, long Number, long Time)
{
    public string? Text => Value == null ? null : Encoding.UTF8.GetString(Value);
}

/// <summary>The received and the sent letters.</summary>
public sealed class LetterBox
{
    public List<Letter> Incoming { get; } = [];

    public List<Letter> Outgoing { get; } = [];

    public void Put(string? key, string? value, params (string Name, string? Text)[] headers) =>
        Incoming.Add(new Letter(
            key,
            value == null ? null : Encoding.UTF8.GetBytes(value),
            headers,
            Incoming.Count,
            1_000 + Incoming.Count));
}

[AttributeUsage(AttributeTargets.Property)]
[Connector(typeof(LetterConnector))]
[ConnectorMetadata("key")]
[ConnectorMetadata("header:*")]
[ConnectorMetadata("number", typeof(long), typeof(int))]
[ConnectorMetadata("timestamp", typeof(DateTimeOffset), typeof(DateTime), typeof(long))]
[ConnectorMetadata("place", typeof(string))]
public sealed class LetterSourceAttribute : SourceAttribute
{
    public MessageFormat Format { get; set; }

    public BadRowPolicy OnBadRow { get; set; }
}

[AttributeUsage(AttributeTargets.Property)]
[Connector(typeof(LetterConnector))]
[ConnectorMetadata("key")]
[ConnectorMetadata("header:*")]
[ConnectorMetadata("number", typeof(long), typeof(int))]
[ConnectorMetadata("timestamp", typeof(DateTimeOffset), typeof(DateTime), typeof(long))]
[ConnectorMetadata("place", typeof(string))]
public sealed class LetterSinkAttribute : SinkAttribute
{
    public MessageFormat Format { get; set; }

    public string? Key { get; set; }

    public string? Tombstone { get; set; }
}

/// <summary>A connector for messages, like one of a package.</summary>
public static class LetterConnector
{
    public static ISource<T> CreateSource<T, TReader>(SourceContext context, LetterSourceAttribute attribute)
        where TReader : struct, IMessageReader<T>
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return new LetterSource<T, TReader>(context.Services.GetRequiredService<LetterBox>());
    }

    public static ISink<T> CreateSink<T, TWriter>(SinkContext context, LetterSinkAttribute attribute)
        where TWriter : struct, IMessageWriter<T>
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return new LetterSink<T, TWriter>(context.Services.GetRequiredService<LetterBox>());
    }
}

internal sealed class LetterSource<T, TReader>(LetterBox box) : ISource<T>, ISplitReader<T>
    where TReader : struct, IMessageReader<T>
{
    private readonly MessageFields _fields = new(TReader.Columns, TReader.Metadata);
    private IBadRowHandler _badRows = null!;
    private int _next;

    public string PositionName => "letter";

    public IReadOnlyList<SourceSplit> Discover() => [new("box")];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        _badRows = badRows;
        return this;
    }

    public ReadStatus Read(RowAppender<T> rows)
    {
        while (rows.Free > 0 && _next < box.Incoming.Count)
        {
            Fill(box.Incoming[_next++]);
            if (_fields.TryRead<T, TReader>(out var row))
            {
                rows.Append(in row);
            }
            else
            {
                _badRows.Handle(new BadRow("box", _next - 1, _fields.ErrorColumn, _fields.Error, _fields.ValueText(100)));
            }
        }

        return _next < box.Incoming.Count ? ReadStatus.More : ReadStatus.Ended;
    }

    public void SavePosition(IBufferWriter<byte> position)
    {
        // Each letter is read once in these tests.
    }

    public string Describe(int index) => "a letter";

    public void Dispose()
    {
        // There are no resources.
    }

    private void Fill(Letter letter)
    {
        // The buffer has other bytes before and nonzero bytes after the message, which must not be read.
        var key = letter.Key == null ? null : Encoding.UTF8.GetBytes(letter.Key);
        var data = new List<byte>("before"u8.ToArray());
        var (value, valueLength) = Append(letter.Value);
        var parts = TReader.Metadata.Select(column => column.Name switch
        {
            "key" => Append(key),
            "value" => (value, valueLength),
            _ =>
                Append(letter.Headers.LastOrDefault(header => "header:" + header.Name == column.Name).Text is { } text
                    ? Encoding.UTF8.GetBytes(text)
                    : null),
        }).ToArray();
        data.AddRange(Enumerable.Repeat((byte)'7', MessageFields.Slack));
        _fields.Begin([.. data], value, valueLength);
        for (var index = 0; index < parts.Length; index++)
        {
            switch (TReader.Metadata[index].Name)
            {
                case "number": _fields.SetNumber(index, letter.Number); break;
                case "timestamp": _fields.SetNumber(index, letter.Time); break;
                case "place": _fields.SetText(index, "box"); break;
                default: _fields.SetBytes(index, parts[index].Item1, parts[index].Item2); break;
            }
        }

        (int, int) Append(byte[]? bytes)
        {
            var start = data.Count;
            data.AddRange(bytes ?? []);
            data.Add((byte)'\n');
            return (start, bytes?.Length ?? -1);
        }
    }
}

internal sealed class LetterSink<T, TWriter>(LetterBox box) : ISink<T>, ISinkWriter<T>
    where TWriter : struct, IMessageWriter<T>
{
    public ISinkWriter<T> OpenWriter(int subtask) => this;

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    public void Write(Batch<T> batch, long checkpoint)
    {
        for (var index = 0; index < batch.Count; index++)
        {
            ref readonly var row = ref batch.Rows[index];
            using var output = new Utf8Buffer(16);
            var key = TWriter.WriteKey(output, in row) ? Encoding.UTF8.GetString(output.Written) : null;
            output.Clear();
            var value = TWriter.WriteValue(output, in row, batch.KindOf(index)) ? output.Written.ToArray() : null;
            var headers = new List<(string, string?)>();
            for (var header = 0; header < TWriter.Headers.Length; header++)
            {
                output.Clear();
                headers.Add((TWriter.Headers[header], TWriter.WriteHeader(output, header, in row)
                    ? Encoding.UTF8.GetString(output.Written)
                    : null));
            }

            box.Outgoing.Add(new Letter(key, value, [.. headers], box.Outgoing.Count, TWriter.TimestampOf(in row) ?? -1));
        }
    }

    public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

    public void Dispose()
    {
        // There are no resources.
    }
}
