using System.Buffers;
using System.Buffers.Binary;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Pipelines;

/// <summary>A row of sixteen numbers.</summary>
public readonly record struct WideRow(
    long A, long B, long C, long D, long E, long F, long G, long H, double I, double J, double K, double L, int M, int N, int O, int P);

/// <summary>The four numbers that are read.</summary>
public readonly record struct Narrow(long A, long D, double J, int P);

/// <summary>Sixteen columns in memory.</summary>
public sealed class WideColumns
{
    /// <summary>Creates columns of random numbers.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="repeats">The number of times that they are read.</param>
    public WideColumns(int rows, int repeats)
    {
        (Rows, Repeats) = (rows, repeats);
        var random = new Random(1);
        Longs = [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextInt64(1000)).ToArray())];
        Doubles = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextDouble()).ToArray())];
        Ints = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, rows).Select(_ => random.Next(1000)).ToArray())];
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of times that they are read.</summary>
    public int Repeats { get; }

    /// <summary>The columns A to H.</summary>
    public long[][] Longs { get; }

    /// <summary>The columns I to L.</summary>
    public double[][] Doubles { get; }

    /// <summary>The columns M to P.</summary>
    public int[][] Ints { get; }
}

/// <summary>Returns the columns that are read.</summary>
/// <param name="columns">The columns.</param>
public sealed class WideColumnSource(WideColumns columns) : IColumnSource<WideRow>
{
    private RowSchema _read = null!;

    /// <inheritdoc/>
    public void SetProjection(RowSchema columns) => _read = columns;

    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [new SourceSplit("all")];

    /// <inheritdoc/>
    public ISplitReader<WideRow> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(
            columns,
            [.. _read.Columns.Select(static column => column.Member[0] - 'A')],
            position.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(position));

    private sealed class Reader(WideColumns columns, int[] read, long next) : WideReader(columns, next), IColumnReader<WideRow>
    {
        public ReadStatus Read(ColumnAppender appender)
        {
            var (start, count) = Next(appender.Free);
            for (var index = 0; index < read.Length; index++)
            {
                var column = read[index];
                if (column < 8)
                {
                    appender.Set<long>(index, Columns.Longs[column].AsMemory(start, count));
                }
                else if (column < 12)
                {
                    appender.Set<double>(index, Columns.Doubles[column - 8].AsMemory(start, count));
                }
                else
                {
                    appender.Set<int>(index, Columns.Ints[column - 12].AsMemory(start, count));
                }
            }

            appender.Append(count);
            return Status;
        }
    }
}

/// <summary>Creates whole rows from the columns itself, because it does not know which columns are read.</summary>
/// <param name="columns">The columns.</param>
public sealed class WideRowSource(WideColumns columns) : ISource<WideRow>
{
    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [new SourceSplit("all")];

    /// <inheritdoc/>
    public ISplitReader<WideRow> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(columns, position.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(position));

    private sealed class Reader(WideColumns columns, long next) : WideReader(columns, next), ISplitReader<WideRow>
    {
        public ReadStatus Read(RowAppender<WideRow> appender)
        {
            var (start, count) = Next(appender.Free);
            var rows = appender.FreeRows()[..count];
            var (longs, doubles, ints) = (Columns.Longs, Columns.Doubles, Columns.Ints);
            for (var index = 0; index < rows.Length; index++)
            {
                var at = start + index;
                rows[index] = new WideRow(
                    longs[0][at], longs[1][at], longs[2][at], longs[3][at], longs[4][at], longs[5][at], longs[6][at], longs[7][at],
                    doubles[0][at], doubles[1][at], doubles[2][at], doubles[3][at], ints[0][at], ints[1][at], ints[2][at], ints[3][at]);
            }

            appender.Advance(count);
            return Status;
        }
    }
}

/// <summary>The progress of a reader, which both readers share.</summary>
public abstract class WideReader(WideColumns columns, long next) : IDisposable
{
    private long _next = next;

    private protected WideColumns Columns => columns;

    private protected ReadStatus Status => _next == (long)columns.Rows * columns.Repeats ? ReadStatus.Ended : ReadStatus.More;

    /// <summary>Saves the position.</summary>
    /// <param name="position">Receives the position.</param>
    public void SavePosition(IBufferWriter<byte> position)
    {
        BinaryPrimitives.WriteInt64LittleEndian(position.GetSpan(sizeof(long)), _next);
        position.Advance(sizeof(long));
    }

    /// <summary>Returns the place of a row for messages.</summary>
    /// <param name="index">The index of the row among the last rows that were read.</param>
    /// <returns>The place.</returns>
    public string Describe(int index) => $"row {_next + index}";

    /// <inheritdoc/>
    public void Dispose()
    {
        // There are no resources.
    }

    private protected (int Start, int Count) Next(int most)
    {
        var start = (int)(_next % columns.Rows);
        var count = Math.Min(most, columns.Rows - start);
        _next += count;
        return (start, count);
    }
}

/// <summary>Filters wide rows by one number, and keeps four numbers.</summary>
[Pipeline]
public sealed partial class WideColumnPipeline
{
    /// <summary>The rows.</summary>
    [Source<WideColumnSource>]
    public partial Stream<WideRow> Rows { get; }

    /// <summary>The rows that pass the filter.</summary>
    [Apply<KeepHalf>(nameof(Rows))]
    public partial Stream<WideRow> Half { get; }

    /// <summary>Their four numbers.</summary>
    [Apply<ToNarrow>(nameof(Half))]
    [Sink<NarrowSink>]
    public partial Stream<Narrow> Narrow { get; }
}

/// <summary>The same from whole rows.</summary>
[Pipeline]
public sealed partial class WideRowPipeline
{
    /// <summary>The rows.</summary>
    [Source<WideRowSource>]
    public partial Stream<WideRow> Rows { get; }

    /// <summary>The rows that pass the filter.</summary>
    [Apply<KeepHalf>(nameof(Rows))]
    public partial Stream<WideRow> Half { get; }

    /// <summary>Their four numbers.</summary>
    [Apply<ToNarrow>(nameof(Half))]
    [Sink<NarrowSink>]
    public partial Stream<Narrow> Narrow { get; }
}

/// <summary>Keeps about half of the rows.</summary>
[Operator]
public sealed partial class KeepHalf
{
    [Filter]
    private static bool Keep(in WideRow row) => row.A < 500;
}

/// <summary>Keeps four numbers.</summary>
[Operator]
public sealed partial class ToNarrow
{
    [Map]
    private static Narrow Make(in WideRow row) => new(row.A, row.D, row.J, row.P);
}

/// <summary>Sums up rows, so that nothing can be optimized away.</summary>
public sealed class NarrowSink : ISink<Narrow>
{
    /// <summary>The sum so far.</summary>
    public static double Sum { get; set; }

    /// <inheritdoc/>
    public ISinkWriter<Narrow> OpenWriter(int subtask) => new Writer();

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    /// <summary>Returns the sum of some rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>The sum.</returns>
    public static double SumOf(ReadOnlySpan<Narrow> rows)
    {
        var sum = 0d;
        foreach (ref readonly var row in rows)
        {
            sum += row.D + row.J + row.P;
        }

        return sum;
    }

    private sealed class Writer : ISinkWriter<Narrow>
    {
        public void Write(Batch<Narrow> batch, long checkpoint) => Sum += SumOf(batch.Rows.AsSpan(0, batch.Count));

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
