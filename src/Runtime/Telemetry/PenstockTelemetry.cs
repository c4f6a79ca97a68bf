using System.Diagnostics;
using System.Reflection;

namespace Penstock;

/// <summary>The names of everything that Penstock measures and traces. All metrics carry the tag <c>pipeline</c>.</summary>
public static class PenstockTelemetry
{
    /// <summary>The name of the one meter and of the one activity source.</summary>
    public const string Name = "Penstock";

    /// <summary>Rows read, by task: from the source, or from the exchange. A counter.</summary>
    public const string RowsIn = "penstock.rows.in";

    /// <summary>Rows handed to exchanges and sinks, by task. A counter.</summary>
    public const string RowsOut = "penstock.rows.out";

    /// <summary>Rows that came too late for their window, by task. A counter.</summary>
    public const string RowsLate = "penstock.rows.late";

    /// <summary>Rows of a source that could not be read, by task. A counter.</summary>
    public const string RowsBad = "penstock.rows.bad";

    /// <summary>Rows that a source has read, handed on or bad, by task. A counter.</summary>
    public const string RowsRead = "penstock.rows.read";

    /// <summary>
    /// How far the watermark of a split lies behind the clock, in seconds, by source and split; for sources that read splits side by side,
    /// such as topics. A gauge.
    /// </summary>
    public const string SplitLag = "penstock.split.lag";

    /// <summary>
    /// For how many seconds a split without rows has held event time back, by source and split; nothing for those that do not. A gauge.
    /// </summary>
    public const string SplitHold = "penstock.split.hold";

    /// <summary>Windows fired, counted per key, by task. A counter.</summary>
    public const string WindowsFired = "penstock.windows.fired";

    /// <summary>How far the watermark of a subtask lies behind the clock, in seconds. A gauge.</summary>
    public const string WatermarkLag = "penstock.watermark.lag";

    /// <summary>How often a subtask had to wait for credits of a channel, by task and subtask. A counter.</summary>
    public const string Backpressure = "penstock.backpressure";

    /// <summary>The memory of state in bytes, by operator: its tables, and an estimate of what entries refer to. A gauge.</summary>
    public const string StateBytes = "penstock.state.bytes";

    /// <summary>
    /// The keys in state, in windows per window, by operator; as of the last growth of their table or checkpoint. A gauge.
    /// </summary>
    public const string StateKeys = "penstock.state.keys";

    /// <summary>The time from a checkpoint's trigger to its commit, in seconds. A histogram.</summary>
    public const string CheckpointDuration = "penstock.checkpoint.duration";

    /// <summary>The state of a checkpoint in bytes. A histogram.</summary>
    public const string CheckpointSize = "penstock.checkpoint.size";

    /// <summary>Checkpoints that failed, tolerated or not. A counter.</summary>
    public const string CheckpointFailures = "penstock.checkpoint.failures";

    /// <summary>The time since the last checkpoint was complete, in seconds. A gauge.</summary>
    public const string CheckpointAge = "penstock.checkpoint.age";

    /// <summary>Restarts after a failure. A counter.</summary>
    public const string Restarts = "penstock.restarts";

    /// <summary>Traces checkpoints and restores.</summary>
    internal static ActivitySource Activities { get; } = new(Name);

    internal static string Version { get; } =
        typeof(PenstockTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

}
