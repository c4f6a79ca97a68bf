using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Streams;
using Penstock.Tasks;
using Penstock.Time;

namespace Penstock.Runtime.Tests.Time;

/// <summary>Event times that are null, stamped, or read with watermarks of their own cost no memory for each row.</summary>
public sealed class TimeAllocationTests
{
    private const int Rows = 256;

    private int _emitted;

    [Fact]
    public void Rows_without_event_time_allocate_nothing_once_warm()
    {
        Assert.Equal(0, AllocatedWhenWarm<MaybeTime>(null));
        Assert.Equal(0, _emitted % (Rows / 2));
        Assert.NotEqual(0, _emitted);
    }

    [Fact]
    public void Watermarks_of_rows_allocate_nothing_once_warm() => Assert.Equal(0, AllocatedWhenWarm<MarkedTime>(0));

    [Fact]
    public void Stamped_rows_allocate_nothing_once_warm() => Assert.Equal(0, AllocatedWhenWarm<IngestionTime<Beep>>(null));

    private long AllocatedWhenWarm<TTime>(long? odd)
        where TTime : struct, IEventTime<Beep>
    {
        var counters = new SubtaskCounters();
        var untimed = new UntimedRows<Beep>(
            "Test",
            "Beeps",
            NullTimePolicy.SideOutput,
            aside => _emitted += aside.Count,
            new PipelineOptions { BatchSize = Rows },
            counters,
            new FirstSkipped(),
            NullLogger.Instance);
        var tracker = new WatermarkTracker<Beep, TTime>(
            new EventTimeSettings(0, -1, [new WatermarkGrid(10, 0, 0)]),
            TimeProvider.System,
            null!,
            untimed,
            new OutOfOrderRows("Test", "Beeps", counters, NullLogger.Instance),
            isOpenEnded: false);
        var split = new SplitProgress<Beep>(new SourceSplit("s"));
        tracker.Open([split]);
        var batch = new BatchPool<Beep>(Rows).Rent();
        var now = 0L;
        for (var round = 0; round < 10; round++)
        {
            Read();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            Read();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;

        void Read()
        {
            batch.Empty();
            for (var row = 0; row < Rows; row++)
            {
                now++;
                batch.Add(new Beep("ann", row % 2 == 0 ? now : odd + now, row));
            }

            tracker.Assign(split, batch);
        }
    }

    private readonly struct MaybeTime : IEventTime<Beep>
    {
        public static bool IsNullable => true;

        public static long Of(in Beep row) => EventTimes.FromNullable(row.At);
    }

    private readonly struct MarkedTime : IEventTime<Beep>
    {
        public static bool HasWatermarks => true;

        public static long Of(in Beep row) => EventTimes.FromNullable(row.At);

        public static long WatermarkOf(in Beep row, long time) => row.Value % 2 == 0 ? time : Watermarks.None;
    }
}
