using System.Buffers;
using System.Buffers.Binary;
using Penstock.Connectors;

namespace Penstock.Benchmarks.Pipelines;

/// <summary>A click on a page.</summary>
public readonly record struct Click(long Page, long At);

/// <summary>The clicks on a page in a window.</summary>
public readonly record struct PageClicks(long Page, long End, long Clicks);

/// <summary>Counts the clicks of the last hour, each second.</summary>
[Pipeline]
public sealed partial class SlidingCountPipeline
{
    /// <summary>The clicks.</summary>
    [Source<ClickSource>]
    [EventTime(nameof(Click.At), Unit = TimeUnit.Microseconds)]
    public partial Stream<Click> Clicks { get; }

    /// <summary>The clicks per page.</summary>
    [Apply<CountLastHour>(nameof(Clicks))]
    [Sink<DiscardSink<PageClicks>>]
    public partial Stream<PageClicks> PerPage { get; }
}

/// <summary>Counts the clicks of a page in the last hour.</summary>
[Operator, KeyBy(nameof(Click.Page)), SlidingWindow("1h", Slide = "1s")]
public sealed partial class CountLastHour
{
    [State] private partial ref long Count { get; }

    [Accumulate]
    private void Add(in Click click) => Count++;

    [Merge]
    private void Merge(in Accumulator other) => Count += other.Count;

    [Fire]
    private PageClicks Close(in Window<long> window) => new(window.Key, window.EndMicros, Count);
}

/// <summary>Clicks in the order of time.</summary>
/// <param name="Pages">The number of pages.</param>
/// <param name="PerSecond">The number of clicks in a second of event time, which divides a million.</param>
/// <param name="Seconds">The number of seconds.</param>
public sealed record ClickRows(int Pages, int PerSecond, int Seconds)
{
    /// <summary>The time between two clicks, in microseconds.</summary>
    private readonly long _spacing = 1_000_000 / PerSecond;

    /// <summary>The number of clicks.</summary>
    public long Count => (long)PerSecond * Seconds;

    /// <summary>The click with a number.</summary>
    public Click this[long number] => new((long)((ulong)number * 0x9E37_79B9_7F4A_7C15 >> 32) % Pages, number * _spacing);
}

/// <summary>Generates clicks, so that they take no memory.</summary>
/// <param name="rows">The clicks.</param>
public sealed class ClickSource(ClickRows rows) : ISource<Click>
{
    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => [new SourceSplit("0")];

    /// <inheritdoc/>
    public ISplitReader<Click> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        new Reader(rows, position.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(position));

    private sealed class Reader(ClickRows rows, long next) : ISplitReader<Click>
    {
        private long _next = next;

        public ReadStatus Read(RowAppender<Click> appender)
        {
            var free = appender.FreeRows();
            var count = (int)Math.Min(appender.Free, rows.Count - _next);
            for (var index = 0; index < count; index++)
            {
                free[index] = rows[_next++];
            }

            appender.Advance(count);
            return _next < rows.Count ? ReadStatus.More : ReadStatus.Ended;
        }

        public void SavePosition(IBufferWriter<byte> position)
        {
            BinaryPrimitives.WriteInt64LittleEndian(position.GetSpan(sizeof(long)), _next);
            position.Advance(sizeof(long));
        }

        public string Describe(int index) => $"click {_next + index}";

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
