using System.Text.Json.Serialization;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock;

/// <summary>How well a pipeline does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PipelineHealth>))]
public enum PipelineHealth
{
    /// <summary>It runs and its checkpoints complete, or it has come to a good end.</summary>
    Healthy,

    /// <summary>
    /// It has not run yet, something has been failing for longer than <see cref="HealthOptions.FailingAfter"/>, or splits without rows hold
    /// event time back: see <see cref="SourceStatus.HeldBackBy"/>.
    /// </summary>
    Degraded,

    /// <summary>
    /// It has failed for good, or no checkpoint has completed for too long: see <see cref="HealthOptions.MissedCheckpoints"/>.
    /// </summary>
    Unhealthy,
}

/// <summary>Judges the health of a pipeline by what has lasted, so that it does not change with each attempt.</summary>
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

    /// <summary>Whether it has run since the process began.</summary>
    public bool HasRun { get; set; }

    /// <summary>An attempt has failed. What it has begun is over when a checkpoint completes.</summary>
    public void Failed(Exception error) => _attempts.Failing(error.Message);

    /// <summary>A checkpoint has failed, and will be followed by another one.</summary>
    public void CheckpointFailed() => _checkpoints.Failing("it cannot be completed, see the log");

    /// <summary>A checkpoint is complete and its output is visible.</summary>
    public void Completed(CompletedCheckpoint checkpoint)
    {
        _attempts.Working();
        _checkpoints.Working();
        _lastDuration = checkpoint.Duration;
        Volatile.Write(ref _progressedAt, _time.GetTimestamp());
    }

    /// <summary>Judges.</summary>
    /// <param name="state">Where the pipeline is in its life.</param>
    /// <param name="error">Why it failed last.</param>
    /// <param name="graph">The attempt, if there is one.</param>
    /// <param name="watch">Watches over its event time.</param>
    /// <returns>The health, and why it is not the best.</returns>
    public (PipelineHealth Health, string? Reason) Judge(
        PipelineState state,
        Exception? error,
        ExecutionGraph? graph,
        SourceWatch? watch = null) => state switch
        {
            PipelineState.Failed => (PipelineHealth.Unhealthy, $"It has failed: {error?.Message}"),
            PipelineState.StoppedWithoutCheckpoint => (PipelineHealth.Unhealthy, "It was stopped without its last checkpoint."),
            PipelineState.Stopped or PipelineState.Finished => (PipelineHealth.Healthy, null),
            _ when WithoutCheckpoint() is { } reason => (PipelineHealth.Unhealthy, Because(reason, graph)),
            _ when !HasRun => (PipelineHealth.Degraded, Because("It has not run yet.", graph)),
            PipelineState.Starting or PipelineState.Running or PipelineState.Restarting =>
                (Failing(graph, _options.Health.FailingAfter) ?? watch?.Problem) is { } problem
                    ? (PipelineHealth.Degraded, problem)
                    : (PipelineHealth.Healthy, null),
            _ => throw new InvalidOperationException($"A state of pipelines is not known: {state}."),
        };

    private string Because(string reason, ExecutionGraph? graph) =>
        Failing(graph, TimeSpan.Zero) is { } cause ? $"{reason} {cause}" : reason;

    private string? Failing(ExecutionGraph? graph, TimeSpan after) =>
        ((ConnectorHealth[])[_attempts, _checkpoints, .. graph?.Health ?? []])
            .Select(part => part.FailingFor(after))
            .FirstOrDefault(static problem => problem != null);

    // What takes longer than its interval is due later; and a short interval is no reason to be nervous.
    private string? WithoutCheckpoint()
    {
        var missed = _options.Health.MissedCheckpoints;
        var options = _options.Checkpoints;
        var usual = new[] { options.Interval, _lastDuration + options.MinimumPause }.Max();
        var patience = new[] { usual * missed, _options.Health.FailingAfter }.Max();
        var elapsed = _time.GetElapsedTime(Volatile.Read(ref _progressedAt));
        return missed > 0 && elapsed > patience ? $"No checkpoint has completed for {(long)elapsed.TotalSeconds} s." : null;
    }
}
