using System.Buffers;
using System.Globalization;
using Confluent.Kafka;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Kafka.Sources;

/// <summary>Reads the messages of one partition from the consumed blocks.</summary>
internal sealed class KafkaSplitReader<T, TReader>(
    KafkaSource<T, TReader> source, TopicPartition partition, int index, PartitionPosition start, IBadRowHandler badRows) : ISplitReader<T>
    where TReader : struct, IMessageReader<T>
{
    private const int MaxText = 64 * 1024;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{partition.Topic}/{partition.Partition.Value}");
    private long[] _offsets = [];
    private long _next = start.Next;
    private bool _isAtEnd;

    public TopicPartition Partition => partition;

    public int Index => index;

    public bool IsClosed { get; private set; }

    private bool HasEnded => start.End != PartitionPosition.Endless && _next >= start.End;

    public ReadStatus Read(RowAppender<T> rows)
    {
        var count = 0;
        if (rows.Free > 0 && _offsets.Length < rows.Free)
        {
            _offsets = new long[rows.Free];
        }

        while (rows.Free > 0 && !HasEnded && source.TryPeek(index, out var block))
        {
            ref var entry = ref block.Current;
            block.At++;
            if (start.End != PartitionPosition.Endless && entry.Offset >= start.End)
            {
                _next = start.End;
                break;
            }

            _isAtEnd = false;

            // Set before the row is created, because the error message for an event time that throws needs the offset.
            _offsets[count] = entry.Offset;
            if (TryRead(block, ref entry, out var row))
            {
                count++;
                rows.Append(in row);
            }

            _next = entry.Offset + 1;
        }

        return HasEnded ? ReadStatus.Ended : _isAtEnd && source.IsKnown ? ReadStatus.CaughtUp : ReadStatus.More;
    }

    /// <summary>Records that the partition has no more messages for now.</summary>
    /// <param name="offset">The offset of the next message to arrive. It is after transaction markers, which consumers do not
    /// see, and before the position if the broker has lost messages.</param>
    public void RecordEnd(long offset) => (_isAtEnd, _next) = (true, offset);

    public void SavePosition(IBufferWriter<byte> position) => new PartitionPosition(_next, start.End).Write(position);

    public string Describe(int row) => string.Create(CultureInfo.InvariantCulture, $"{_name}, offset {_offsets[row]}");

    public void Dispose()
    {
        IsClosed = true;
        source.Close(partition);
    }

    private bool TryRead(MessageBlock block, ref Entry entry, out T row)
    {
        var fields = source.Fields;
        source.Needs.Fill(fields, block, in entry, partition.Topic, partition.Partition.Value);
        if (fields.TryRead<T, TReader>(out row))
        {
            return true;
        }

        badRows.Handle(new BadRow(_name, entry.Offset, fields.ErrorColumn, fields.Error, fields.ValueText(MaxText))
        {
            Message = source.KeepsBadMessages ? block.Copy(in entry) : null
        });
        return false;
    }
}
