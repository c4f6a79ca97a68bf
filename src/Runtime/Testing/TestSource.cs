using System.Buffers;
using System.Buffers.Binary;
using Penstock.Sources;

namespace Penstock.Testing;

/// <summary>A source whose rows a test sends. They outlive a crash of the pipeline, as those of a real source do.</summary>
internal sealed class TestSource<T>(int splits) : ISource<T>, ITestSource
{
    private readonly List<T>[] _rows = [.. Enumerable.Range(0, splits).Select(_ => new List<T>())];

    // The position of the first row of this test: behind what the checkpoint of another test has read.
    private readonly int?[] _first = new int?[splits];
    private bool _ended;

    public void Send(int split, ReadOnlySpan<T> rows)
    {
        if (split < 0 || split >= _rows.Length)
        {
            throw new ArgumentException($"The test has {_rows.Length} splits per source; there is no split {split}.", nameof(split));
        }

        _rows[split].AddRange(rows);
    }

    public void End() => _ended = true;

    public IReadOnlyList<SourceSplit> Discover() => [.. Enumerable.Range(0, _rows.Length).Select(index => new SourceSplit($"test-{index}"))];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var index = int.Parse(split.Id.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture);
        var next = position.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(position);
        var first = _first[index] ??= next;
        return new Reader(this, _rows[index], first, next - first);
    }

    private sealed class Reader(TestSource<T> source, List<T> rows, int start, int next) : ISplitReader<T>
    {
        private int _first = next;
        private int _next = next;

        public ReadStatus Read(RowAppender<T> appender)
        {
            _first = _next;
            while (appender.Free > 0 && _next < rows.Count)
            {
                appender.Append(rows[_next++]);
            }

            return _next < rows.Count ? ReadStatus.More : source._ended ? ReadStatus.Ended : ReadStatus.CaughtUp;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), start + _next);
            position.Advance(sizeof(int));
        }

        public string Describe(int index) => $"row {start + _first + index} of the test";

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}

/// <summary>The part of a test source that does not depend on the row type.</summary>
internal interface ITestSource
{
    void End();
}
