using Confluent.Kafka;

namespace Penstock.Kafka.Sources;

/// <summary>
/// The partitions that a consumer reads, and its position in each. The subtask changes the table, and the consuming thread reads it.
/// </summary>
internal sealed class PartitionTable
{
    private readonly Lock _gate = new();
    private readonly List<Row> _rows = [];

    // Indexes by partition number, for the common case of a single topic.
    private volatile int[] _byNumber = [];
    private volatile Dictionary<(string, int), int> _byName = [];

    public int Add(TopicPartition partition, long next)
    {
        lock (_gate)
        {
            _rows.Add(new Row(partition) { Next = next });
            Rebuild();
            return _rows.Count - 1;
        }
    }

    public bool Remove(TopicPartition partition)
    {
        lock (_gate)
        {
            if (_rows.Find(row => row.Partition == partition && !row.IsRemoved) is not { } found)
            {
                return false;
            }

            found.IsRemoved = true;
            Rebuild();
            return true;
        }
    }

    /// <summary>Returns the index of a partition, or -1 if it is not read.</summary>
    /// <param name="topic">The topic; null if there is only one.</param>
    /// <param name="number">The number of the partition.</param>
    public int IndexOf(string? topic, int number)
    {
        if (topic != null)
        {
            return _byName.GetValueOrDefault((topic, number), -1);
        }

        var byNumber = _byNumber;
        return number < byNumber.Length ? byNumber[number] : -1;
    }

    /// <summary>Records that a message of a partition was consumed. Called on the consuming thread.</summary>
    public void RecordConsumed(int index, long offset) => _rows[index].Next = offset + 1;

    /// <summary>Records that reading of a partition continues at another offset. Called on the consuming thread.</summary>
    public void Reset(TopicPartition partition, long next)
    {
        if (IndexOf(partition.Topic, partition.Partition.Value) is >= 0 and var index)
        {
            _rows[index].Next = next;
        }
    }

    /// <summary>Returns the offset of the next message of a partition, or null if the partition is not read.</summary>
    public long? NextOf(TopicPartition partition) =>
        IndexOf(partition.Topic, partition.Partition.Value) is >= 0 and var index ? _rows[index].Next : null;

    public List<TopicPartitionOffset> Assigned()
    {
        lock (_gate)
        {
            return [.. _rows.Where(static row => !row.IsRemoved).Select(static row => new TopicPartitionOffset(row.Partition, row.Next))];
        }
    }

    public List<(TopicPartition Partition, int Index, long Next)> All()
    {
        lock (_gate)
        {
            return [.. _rows.Select(static (row, index) => (row, index))
                .Where(static item => !item.row.IsRemoved)
                .Select(static item => (item.row.Partition, item.index, item.row.Next))];
        }
    }

    private void Rebuild()
    {
        var byName = new Dictionary<(string, int), int>();
        var byNumber = new int[_rows.Count == 0 ? 0 : _rows.Max(static row => row.Partition.Partition.Value) + 1];
        Array.Fill(byNumber, -1);
        for (var index = 0; index < _rows.Count; index++)
        {
            if (!_rows[index].IsRemoved)
            {
                byName[(_rows[index].Partition.Topic, _rows[index].Partition.Partition.Value)] = index;
                byNumber[_rows[index].Partition.Partition.Value] = index;
            }
        }

        _byName = byName;
        _byNumber = byNumber;
    }

    private sealed class Row(TopicPartition partition)
    {
        public TopicPartition Partition { get; } = partition;

        public long Next { get; set; }

        public bool IsRemoved { get; set; }
    }
}
