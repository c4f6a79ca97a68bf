using System.Text.Json.Serialization;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock;

/// <summary>The health of a pipeline.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PipelineHealth>))]
public enum PipelineHealth
{
    /// <summary>The pipeline runs and its checkpoints complete, or it has ended successfully.</summary>
    Healthy,

    /// <summary>
    /// The pipeline has not run yet, something has been failing for longer than <see cref="HealthOptions.FailingAfter"/>, or splits without
    /// rows hold event time back: see <see cref="SourceStatus.StalledSplits"/>.
    /// </summary>
    Degraded,

    /// <summary>
    /// The pipeline failed permanently, or no checkpoint has completed for too long: see <see cref="HealthOptions.MissedCheckpoints"/>.
    /// </summary>
    Unhealthy,
}

/// <summary>Determines the health of a pipeline from conditions that last, so that it does not change with each attempt.</summary>
internal sealed class HealthJudge
{
    private readonly PipelineOptions _options;
    private readonly TimeProvider _time;
    private readonly ConnectorHealth _attempts;
    private readonly ConnectorHealth _checkpoints;
    private long _progressedAt;
    private TimeSpan _lastDuration;

    public HealthJudge(string pipeline, PipelineOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _attempts = new ConnectorHealth($"pipeline '{pipeline}'", time);
        _checkpoints = new ConnectorHealth("the checkpoint", time);
        _progressedAt = time.GetTimestamp();
    }

    /// <summary>Indicates whether the pipeline has run since the process started.</summary>
    public bool HasRun { get; set; }

    /// <summary>Records a failed attempt. The problem ends when a checkpoint completes.</summary>
    public void Failed(Exception error) => _attempts.ReportFailing(error.Message);

    /// <summary>Records a failed checkpoint that will be followed by another one.</summary>
    public void CheckpointFailed() => _checkpoints.ReportFailing("it cannot be completed, see the log");

    /// <summary>Records a completed checkpoint, whose output is visible.</summary>
    public void Completed(CompletedCheckpoint checkpoint)
    {
        _attempts.ReportWorking();
        _checkpoints.ReportWorking();
        _lastDuration = checkpoint.Duration;
        Volatile.Write(ref _progressedAt, _time.GetTimestamp());
    }

    /// <summary>Determines the current health.</summary>
    /// <param name="state">The state of the pipeline.</param>
    /// <param name="error">The last failure.</param>
    /// <param name="graph">The current attempt, if any.</param>
    /// <param name="watch">Monitors the event time of the attempt.</param>
    /// <returns>The health, and the reason if it is not healthy.</returns>
    public (PipelineHealth Health, string? Reason) Judge(
        PipelineState state,
        Exception? error,
        ExecutionGraph? graph,
        SourceWatch? watch = null) => state switch
        {
            PipelineState.Failed => (PipelineHealth.Unhealthy, $"It has failed: {error?.Message}"),
            PipelineState.StoppedWithoutCheckpoint => (PipelineHealth.Unhealthy, "It was stopped without its last checkpoint."),
            PipelineState.Stopped or PipelineState.Finished => (PipelineHealth.Healthy, null),
            _ when WithoutCheckpoint() is { } reason => (PipelineHealth.Unhealthy, WithCause(reason, graph)),
            _ when !HasRun => (PipelineHealth.Degraded, WithCause("It has not run yet.", graph)),
            PipelineState.Starting or PipelineState.Running or PipelineState.Restarting =>
                (Failing(graph, _options.Health.FailingAfter) ?? watch?.Problem) is { } problem
                    ? (PipelineHealth.Degraded, problem)
                    : (PipelineHealth.Healthy, null),
            _ => throw new InvalidOperationException($"Unknown state of a pipeline: {state}."),
        };

    private string WithCause(string reason, ExecutionGraph? graph) =>
        Failing(graph, TimeSpan.Zero) is { } cause ? $"{reason} {cause}" : reason;

    private string? Failing(ExecutionGraph? graph, TimeSpan after) =>
        ((ConnectorHealth[])[_attempts, _checkpoints, .. graph?.Health ?? []])
            .Select(part => part.DescribeFailure(after))
            .FirstOrDefault(static problem => problem != null);

    // Checkpoints that take longer than the interval are due later, and a short interval alone must not make the pipeline unhealthy.
    private string? WithoutCheckpoint()
    {
        var missed = _options.Health.MissedCheckpoints;
        var options = _options.Checkpoints;
        var usual = new[] { options.Interval, _lastDuration + options.MinimumPause }.Max();
        var threshold = new[] { usual * missed, _options.Health.FailingAfter }.Max();
        var elapsed = _time.GetElapsedTime(Volatile.Read(ref _progressedAt));
        return missed > 0 && elapsed > threshold ? $"No checkpoint has completed for {(long)elapsed.TotalSeconds} s." : null;
    }
}
