using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Bursts;

/// <summary>The settings of the source: the number of visits, each of a different page, and the number of visits per hour.</summary>
/// <param name="Count">The number of visits.</param>
/// <param name="PerHour">The number of visits per hour.</param>
public sealed record VisitRows(int Count, int PerHour)
{
    private const long Hour = 3_600_000_000;

    /// <summary>The only instance.</summary>
    public Visit this[long number] => new(number * 0x9E3779B1, number / PerHour * Hour + number % PerHour);
}

/// <summary>Generates visits in two splits that reach each hour together, so that they take no memory.</summary>
/// <param name="rows">The visits.</param>
public sealed class VisitSource(VisitRows rows) : ISource<Visit>
{
    private const int Splits = 2;

    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [.. Enumerable.Range(0, Splits).Select(static split => new SourceSplit($"{split}"))];

    /// <inheritdoc/>
    public ISplitReader<Visit> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(
            rows,
            position.IsEmpty ? long.Parse(split.Id, CultureInfo.InvariantCulture) : BinaryPrimitives.ReadInt64LittleEndian(position));

    private sealed class Reader(VisitRows rows, long next) : ISplitReader<Visit>
    {
        private long _next = next;

        public ReadStatus Read(RowAppender<Visit> appender)
        {
            var free = appender.FreeRows();
            var count = 0;
            for (; count < appender.Free && _next < rows.Count; _next += Splits)
            {
                free[count++] = rows[_next];
            }

            appender.Advance(count);
            return _next < rows.Count ? ReadStatus.More : ReadStatus.Ended;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt64LittleEndian(position.GetSpan(sizeof(long)), _next);
            position.Advance(sizeof(long));
        }

        public string Describe(int index) => $"visit {_next + index}";

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
