using System.Buffers;
using System.Buffers.Binary;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Pipelines;

/// <summary>A source over an array, with a configurable number of splits.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="rows">The rows.</param>
public sealed class MemorySource<T>(MemoryRows<T> rows) : ISource<T>
{
    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [.. Enumerable.Range(0, rows.Splits).Select(index => new SourceSplit($"{index}"))];

    /// <inheritdoc/>
    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var index = int.Parse(split.Id, System.Globalization.CultureInfo.InvariantCulture);
        var start = (int)((long)rows.Rows.Length * index / rows.Splits);
        var end = (int)((long)rows.Rows.Length * (index + 1) / rows.Splits);
        return new Reader(
            rows.Rows.AsMemory(start, end - start),
            rows.Repeats,
            position.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(position));
    }

    private sealed class Reader(ReadOnlyMemory<T> rows, int repeats, long next) : ISplitReader<T>
    {
        private long _next = next;

        public ReadStatus Read(RowAppender<T> appender)
        {
            var at = (int)(_next % rows.Length);
            var count = Math.Min(appender.Free, rows.Length - at);
            rows.Span.Slice(at, count).CopyTo(appender.FreeRows());
            appender.Advance(count);
            _next += count;
            return _next == (long)rows.Length * repeats ? ReadStatus.Ended : ReadStatus.More;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt64LittleEndian(position.GetSpan(sizeof(long)), _next);
            position.Advance(sizeof(long));
        }

        public string Describe(int index) => $"row {_next + index}";

        public void Dispose()
        {
            // There are no resources.
        }
    }
}

/// <summary>The rows of a <see cref="MemorySource{T}"/>.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="Rows">The rows.</param>
/// <param name="Splits">The number of splits.</param>
/// <param name="Repeats">The number of times that each split is read.</param>
public sealed record MemoryRows<T>(T[] Rows, int Splits, int Repeats = 1);

/// <summary>Sums up values, so that nothing can be optimized away.</summary>
public sealed class SumSink : ISink<Reading>
{
    /// <summary>The sum so far.</summary>
    public static long Sum;

    /// <inheritdoc/>
    public ISinkWriter<Reading> OpenWriter(int subtask) => new Writer();

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer : ISinkWriter<Reading>
    {
        public void Write(Batch<Reading> batch, long checkpoint)
        {
            var sum = 0L;
            foreach (ref readonly var row in batch.Rows.AsSpan(0, batch.Count))
            {
                sum += row.Value;
            }

            Interlocked.Add(ref Sum, sum);
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}

/// <summary>Drops all rows.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class DiscardSink<T> : ISink<T>
{
    /// <inheritdoc/>
    public ISinkWriter<T> OpenWriter(int subtask) => new Writer();

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer : ISinkWriter<T>
    {
        public void Write(Batch<T> batch, long checkpoint)
        {
            // Drops a row.
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}

/// <summary>Counts rows.</summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class CountSink<T> : ISink<T>
{
    /// <summary>The number of rows so far.</summary>
    public static long Count;

    /// <inheritdoc/>
    public ISinkWriter<T> OpenWriter(int subtask) => new Writer();

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer : ISinkWriter<T>
    {
        public void Write(Batch<T> batch, long checkpoint) => Interlocked.Add(ref Count, batch.Count);

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
