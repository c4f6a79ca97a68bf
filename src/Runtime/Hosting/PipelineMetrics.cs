using System.Diagnostics.Metrics;
using Penstock.Checkpoints;
using Penstock.State;
using Penstock.Tasks;
using Penstock.Time;

namespace Penstock.Hosting;

/// <summary>
/// Publishes the counters of a pipeline as metrics. Nothing is pushed per row: instruments read the counters when they are observed.
/// </summary>
internal sealed class PipelineMetrics : IDisposable
{
    // From milliseconds for checkpoints in memory to minutes for many gigabytes in a remote store.
    private static readonly InstrumentAdvice<double> Seconds =
        new()
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
        };

    // From a kilobyte to a terabyte, in steps of a factor of four.
    private static readonly InstrumentAdvice<long> Bytes =
        new() { HistogramBucketBoundaries = [.. Enumerable.Range(0, 16).Select(static step => 1024L << (2 * step))] };

    private readonly PipelineRunner _runner;
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?> _pipeline;
    private readonly Meter _meter = new(PenstockTelemetry.Name);
    private readonly long _started;

    public PipelineMetrics(PipelineRunner runner, TimeProvider time)
    {
        _runner = runner;
        _time = time;
        _started = time.GetTimestamp();
        _pipeline = new("pipeline", runner.Name);
        Count(PenstockTelemetry.RowsIn, "{row}", "Rows read.", counters => counters.RowsIn);
        Count(PenstockTelemetry.RowsOut, "{row}", "Rows handed to exchanges and sinks.", counters => counters.RowsOut);
        Count(
            PenstockTelemetry.RowsLate,
            "{row}",
            "Rows that came too late for their window, or for their place in a sort.",
            counters => counters.Late);
        Count(PenstockTelemetry.RowsBad, "{row}", "Rows that could not be read.", counters => counters.Bad);
        Count(PenstockTelemetry.RowsUntimed, "{row}", "Rows whose event time is null.", counters => counters.Untimed);
        Count(
            PenstockTelemetry.RowsOutOfOrder,
            "{row}",
            "Rows that were out of order although MaxDelay is zero.",
            counters => counters.OutOfOrder);
        _meter.CreateObservableCounter(
            PenstockTelemetry.RowsRead,
            RowsRead,
            "{row}",
            "Rows that a source has read: handed on, bad or untimed.");
        _meter.CreateObservableGauge(PenstockTelemetry.SplitLag, SplitLag, "s", "How far the watermark of a split lies behind the clock.");
        _meter.CreateObservableGauge(
            PenstockTelemetry.SplitStall,
            SplitStall,
            "s",
            "For how long a split without rows has held event time back.");
        _meter.CreateObservableGauge(
            PenstockTelemetry.SplitSlowest,
            SlowestSplits,
            "s",
            "For how long the slowest split of a source has had the same watermark.");
        _meter.CreateObservableGauge(
            PenstockTelemetry.RowsInFlight,
            RowsInFlight,
            "{row}",
            "Rows whose asynchronous calls are running, or whose results wait for earlier rows.");
        Count(PenstockTelemetry.WindowsFired, "{window}", "Windows fired, per key.", counters => counters.Windows);
        _meter.CreateObservableCounter(
            PenstockTelemetry.Backpressure,
            () => PerSubtask(subtask => subtask.BackpressureCount),
            "{wait}",
            "Waits for credits.");
        _meter.CreateObservableCounter(
            PenstockTelemetry.Restarts,
            () => new Measurement<long>(runner.Status().Restarts, _pipeline),
            "{restart}",
            "Restarts after a failure.");
        _meter.CreateObservableGauge(PenstockTelemetry.StateBytes, () => PerOperator(memory => memory.Bytes), "By", "Memory of state.");
        _meter.CreateObservableGauge(PenstockTelemetry.StateKeys, () => PerOperator(memory => memory.Keys), "{key}", "Keys in state.");
        _meter.CreateObservableGauge(PenstockTelemetry.WatermarkLag, Lag, "s", "How far the watermark lies behind the clock.");
        _meter.CreateObservableGauge(PenstockTelemetry.CheckpointAge, Age, "s", "The time since the last complete checkpoint.");
        var duration = _meter.CreateHistogram<double>(
            PenstockTelemetry.CheckpointDuration,
            "s",
            "From a checkpoint's trigger to its commit.",
            tags: null,
            Seconds);
        var size = _meter.CreateHistogram<long>(PenstockTelemetry.CheckpointSize, "By", "The state of a checkpoint.", tags: null, Bytes);
        var failures = _meter.CreateCounter<long>(PenstockTelemetry.CheckpointFailures, "{checkpoint}", "Checkpoints that failed.");
        runner.CheckpointFailed = () => failures.Add(1, _pipeline);
        runner.CheckpointCompleted = completed => Record(duration, size, completed);
    }

    public void Dispose() => _meter.Dispose();

    private void Record(Histogram<double> duration, Histogram<long> size, CompletedCheckpoint completed)
    {
        duration.Record(completed.Duration.TotalSeconds, _pipeline);
        size.Record(completed.StateBytes, _pipeline);
    }

    private void Count(string name, string unit, string description, Func<SubtaskCounters, long> read) =>
        _meter.CreateObservableCounter(name, () => PerSubtask(subtask => read(subtask.Counters)), unit, description);

    private IEnumerable<Measurement<long>> PerSubtask(Func<Subtask, long> read) =>
        (_runner.Graph?.Subtasks ?? []).Select(subtask => new Measurement<long>(read(subtask), Tags(subtask)));

    private IEnumerable<Measurement<long>> PerOperator(Func<OperatorMemory, long> read) =>
        (_runner.Graph?.State.Operators ?? []).Select(memory => new Measurement<long>(read(memory), _pipeline, new("operator", memory.Id)));

    private IEnumerable<Measurement<double>> Lag()
    {
        var now = EventTimes.From(_time.GetUtcNow());
        return (_runner.Graph?.Subtasks ?? [])
            .Select(subtask => (Subtask: subtask, Watermark: subtask.Source is { } source
                ? SplitTime.Combined(source.SplitTimes())
                : subtask.CurrentWatermark))
            .Where(pair => Watermarks.IsInstant(pair.Watermark))
            .Select(pair => new Measurement<double>((now - pair.Watermark) / 1e6, Tags(pair.Subtask)));
    }

    private IEnumerable<Measurement<long>> RowsRead() => (_runner.Graph?.Subtasks ?? [])
        .Where(static subtask => subtask.Source != null)
        .Select(subtask => new Measurement<long>(subtask.Counters.RowsIn + subtask.Counters.Bad + subtask.Counters.Untimed, Tags(subtask)));

    private IEnumerable<Measurement<long>> RowsInFlight() => (_runner.Graph?.Subtasks ?? [])
        .Where(static subtask => subtask.Calls != null)
        .Select(subtask => new Measurement<long>(subtask.Calls!.InFlight, Tags(subtask)));

    private IEnumerable<Measurement<double>> SplitLag()
    {
        var now = EventTimes.From(_time.GetUtcNow());
        return from source in (_runner.Graph?.Subtasks ?? []).Select(static subtask => subtask.Source)
               where source is { IsStreaming: true, HasEventTime: true }
               from split in source.SplitTimes()
               where !split.HasEnded && Watermarks.IsInstant(split.Watermark)
               select new Measurement<double>((now - split.Watermark) / 1e6, _pipeline, new("source", source.Id), new("split", split.Id));
    }

    private IEnumerable<Measurement<double>> SplitStall() =>
        (_runner.Watch?.Stalls ?? []).Select(stall => new Measurement<double>(
            stall.For.TotalSeconds,
            _pipeline,
            new("source", stall.Source),
            new("subtask", stall.Subtask),
            new("split", stall.Split)));

    private IEnumerable<Measurement<double>> SlowestSplits()
    {
        var now = _time.GetUtcNow();
        return (_runner.Watch?.SlowestSplits ?? []).Select(slowest => new Measurement<double>(
            (now - slowest.Since).TotalSeconds,
            _pipeline,
            new("source", slowest.Source),
            new("subtask", slowest.Subtask),
            new("split", slowest.Split)));
    }

    private Measurement<double> Age() => new(
        (_runner.Status().LastCheckpoint is { } last ? _time.GetUtcNow() - last.CompletedAt : _time.GetElapsedTime(_started)).TotalSeconds,
        _pipeline);

    private KeyValuePair<string, object?>[] Tags(Subtask subtask) =>
        [_pipeline, new("task", subtask.Context.TaskId), new("subtask", subtask.Context.Subtask)];
}
