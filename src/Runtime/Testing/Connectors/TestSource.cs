using System.Buffers;
using System.Buffers.Binary;
using Penstock.Connectors;
using Penstock.Streams;

namespace Penstock.Testing;

/// <summary>A source whose rows a test sends. Like those of a real source, they survive a crash of the pipeline.</summary>
/// <param name="id">The id of the source.</param>
/// <param name="splits">The number of its splits.</param>
internal sealed class TestSource<T>(string id, int splits) : ISource<T>, ITestSource
{
    private readonly List<Sent>[] _sent = [.. Enumerable.Range(0, splits).Select(_ => new List<Sent>())];

    // The position of the first row of this test, after the rows that were read before the checkpoint of another test.
    private readonly int?[] _first = new int?[splits];
    private bool _ended;

    /// <summary>
    /// Creates a source over sent input, with the reader and the options of the source that the pipeline declares. Each attempt sets its
    /// own.
    /// </summary>
    public required Func<ISentInput, ISource<T>> Over { get; set; }

    public void Send(int split, ReadOnlySpan<T> rows)
    {
        var sent = SentTo(split);
        foreach (var row in rows)
        {
            sent.Add(new Sent(row, null));
        }
    }

    public void SendInput(int split, SentInput input)
    {
        var sent = SentTo(split);
        var source = Over(input);
        var rows = new RowAppender<T>();
        var batch = new BatchPool<T>(1).Rent();
        foreach (var part in source.Discover())
        {
            // One row at a time, so that bad rows keep their position.
            using var reader = source.Open(part, [], new BadRows(sent));
            ReadStatus status;
            do
            {
                batch.Count = 0;
                rows.Attach(batch, 1);
                status = reader.Read(rows);
                if (batch.Count > 0)
                {
                    sent.Add(new Sent(batch.Rows[0], null));
                }
            }
            while (status != ReadStatus.Ended);
        }
    }

    public Type RowType => typeof(T);

    public void End() => _ended = true;

    public IReadOnlyList<SourceSplit> Discover() =>
        [.. Enumerable.Range(0, _sent.Length).Select(index => new SourceSplit($"test-{index}"))];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var index = int.Parse(split.Id.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture);
        var next = position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position);
        var first = _first[index] ??= next;
        return new Reader(this, _sent[index], badRows, first, next - first);
    }

    public void CheckSplit(int split)
    {
        if (split < 0 || split >= _sent.Length)
        {
            throw new ArgumentException($"The test has {_sent.Length} splits per source; there is no split {split}.", nameof(split));
        }
    }

    private List<Sent> SentTo(int split)
    {
        CheckSplit(split);
        return _ended
            ? throw new InvalidOperationException(
                $"The test has ended source '{id}', so that it takes no more input. Send all of it before End.")
            : _sent[split];
    }

    /// <summary>A row, or a bad row of a text.</summary>
    private readonly record struct Sent(T Row, BadRow? Bad);

    private sealed class BadRows(List<Sent> sent) : IBadRowHandler
    {
        public void Handle(in BadRow row) => sent.Add(new Sent(default!, row));
    }

    private sealed class Reader(TestSource<T> source, List<Sent> sent, IBadRowHandler badRows, int start, int next) : ISplitReader<T>
    {
        private readonly List<int> _read = [];
        private int _next = next;

        public ReadStatus Read(RowAppender<T> appender)
        {
            _read.Clear();
            while (appender.Free > 0 && _next < sent.Count)
            {
                var (row, bad) = sent[_next++];
                if (bad is { } unreadable)
                {
                    badRows.Handle(in unreadable);
                    continue;
                }

                _read.Add(_next - 1);
                appender.Append(in row);
            }

            return _next < sent.Count ? ReadStatus.More : source._ended ? ReadStatus.Ended : ReadStatus.CaughtUp;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), start + _next);
            position.Advance(sizeof(int));
        }

        public string Describe(int index) => $"row {start + _read[index]} of the test";

        public void Dispose()
        {
            // There is nothing to close.
        }
    }
}

/// <summary>The part of a test source that does not depend on the row type.</summary>
internal interface ITestSource
{
    Type RowType { get; }

    void SendInput(int split, SentInput input);

    void CheckSplit(int split);

    void End();
}
