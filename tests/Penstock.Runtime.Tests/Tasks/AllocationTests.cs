using Penstock.Connectors;
using Penstock.Runtime.Tests.State.Ttl;
using Penstock.Runtime.Tests.Tasks.Operators;
using Penstock.Runtime.Tests.Timers;
using Penstock.Runtime.Tests.Windows;
using Penstock.Runtime.Tests.Windows.Sessions;
using Penstock.Streams;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Tasks;

/// <summary>After warm-up, rows cost no allocation: in the fused chain, in keyed state and in keyed windows.</summary>
public class AllocationTests
{
    private const int BatchSize = 512;
    private const int WarmUp = 200;
    private const int Measured = 2000;

    [Fact]
    public void A_chain_and_keyed_state_behind_it_allocate_nothing() =>
        AssertAllocatesNothing<WidePipeline>(spread: 0, nameof(WidePipeline.Clicks));

    [Fact]
    public void Windows_that_open_and_fire_allocate_nothing() =>
        AssertAllocatesNothing<ClicksPipeline>(spread: 50_000, nameof(ClicksPipeline.Clicks));

    [Fact]
    public void State_that_expires_allocates_nothing() =>
        AssertAllocatesNothing<RecentPipeline>(spread: 0, nameof(RecentPipeline.Clicks));

    [Fact]
    public void Rows_whose_keys_were_seen_and_are_forgotten_allocate_nothing() =>
        AssertAllocatesNothing<DistinctClicksPipeline>(spread: 50_000, nameof(DistinctClicksPipeline.Clicks), hasWindows: false);

    [Fact]
    public void Rows_that_take_the_place_of_others_allocate_nothing() =>
        AssertAllocatesNothing<KeepClicksPipeline>(spread: 50_000, nameof(KeepClicksPipeline.Clicks), hasWindows: false);

    [Fact]
    public void State_over_all_windows_allocates_nothing() =>
        AssertAllocatesNothing<StreaksPipeline>(spread: 50_000, nameof(StreaksPipeline.Clicks));

    [Fact]
    public void Sessions_that_open_and_fire_or_go_on_allocate_nothing() =>
        AssertAllocatesNothing<ClickSessionsPipeline>(spread: 50_000, nameof(ClickSessionsPipeline.Clicks));

    [Fact]
    public void Timers_that_are_set_and_deleted_and_fire_allocate_nothing()
    {
        AssertAllocatesNothing<ClickAlarmsPipeline>(spread: 50_000, nameof(ClickAlarmsPipeline.Clicks), hasWindows: false);
        Assert.InRange(ClickAlarms.Fired, Measured * BatchSize / 2, int.MaxValue);
    }

    [Fact]
    public void Several_inputs_that_share_state_and_timers_allocate_nothing()
    {
        AssertAllocatesNothing<MarkedClicksPipeline>(spread: 50_000, nameof(MarkedClicksPipeline.Clicks), hasWindows: false);
        Assert.InRange(MarkClicks.Fired, Measured * BatchSize / 2, int.MaxValue);
    }

    // Feeds a task with one batch again and again, its times a little later each time.
    private static void AssertAllocatesNothing<T>(long spread, string source, bool hasWindows = true)
        where T : class, IPipeline
    {
        var options = new PipelineOptions { BatchSize = BatchSize };
        var environment = TestEnvironment.Create(T.Plan.Name, options) with { Connectors = new Discarding() };
        using var graph = environment.GraphOf<T>();
        var task = graph.SubtaskOf(source, 0);
        var batch = new BatchPool<Click>(BatchSize).Rent();
        var time = EventTimes.From(WindowTests.Start(0));
        for (var index = 0; index < BatchSize; index++)
        {
            batch.Add(new Click("user" + index % 40, EventTimes.ToDateTimeOffset(time).UtcDateTime, 1), time);
        }

        long allocated = 0;
        for (var round = 0; round < WarmUp + Measured; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var index = 0; index < BatchSize; index++)
            {
                time += spread;
                batch.Times[index] = spread == 0 ? batch.Times[index] : time;
            }

            task.Receive(batch);
            ReplaceStep(batch, time);
            task.FlushOutputs();
            allocated += round < WarmUp ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.True(spread == 0 || !hasWindows || graph.Subtasks.Sum(subtask => subtask.Counters.Windows) > 1000);
    }

    private static void ReplaceStep(Batch<Click> batch, long time) => batch.AddWatermark(BatchSize, time, time);

    private sealed class Discarding : IConnectorOverrides
    {
        public ISource<TRow> Source<TRow>(string id) => new Nothing<TRow>();

        public ISink<TRow> Sink<TRow>(string stream, string id) => new Nothing<TRow>();
    }

    private sealed class Nothing<TRow> : ISource<TRow>, ISink<TRow>, ISinkWriter<TRow>
    {
        public IReadOnlyList<SourceSplit> Discover() => [];

        public ISplitReader<TRow> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
            throw new NotSupportedException();

        public ISinkWriter<TRow> OpenWriter(int subtask) => this;

        public ISinkCommitter CreateCommitter() => SinkCommitter.None;

        public void Write(Batch<TRow> batch, long checkpoint)
        {
            // Rows end here.
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
