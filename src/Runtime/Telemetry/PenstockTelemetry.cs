using System.Diagnostics;
using System.Reflection;

namespace Penstock;

/// <summary>The names of all metrics and traces of Penstock. All metrics have the tag <c>pipeline</c>.</summary>
public static class PenstockTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Penstock";

    /// <summary>Rows read from the source or from the exchange, by task. A counter.</summary>
    public const string RowsIn = "penstock.rows.in";

    /// <summary>Rows handed to exchanges and sinks, by task. A counter.</summary>
    public const string RowsOut = "penstock.rows.out";

    /// <summary>Late rows, which came too late for their window, or for their place in a sort, by task. A counter.</summary>
    public const string RowsLate = "penstock.rows.late";

    /// <summary>Bad rows of a source, by task. A counter.</summary>
    public const string RowsBad = "penstock.rows.bad";

    /// <summary>Rows of a source whose event time is null, by task. A counter.</summary>
    public const string RowsUntimed = "penstock.rows.untimed";

    /// <summary>
    /// Rows of a source that were older than an earlier row of their split although <c>MaxDelay</c> is zero, by task. A counter.
    /// </summary>
    public const string RowsOutOfOrder = "penstock.rows.out_of_order";

    /// <summary>Rows read by a source, including bad and untimed ones, by task. A counter.</summary>
    public const string RowsRead = "penstock.rows.read";

    /// <summary>
    /// The lag of a split's watermark behind the clock in seconds, by source and split, for sources that read splits concurrently, such as
    /// topics. A gauge.
    /// </summary>
    public const string SplitLag = "penstock.split.lag";

    /// <summary>
    /// The time for which a split without rows has held event time back in seconds, by source, subtask and split; not reported for other
    /// splits. A gauge.
    /// </summary>
    public const string SplitStall = "penstock.split.stall";

    /// <summary>
    /// The time for which the slowest split of a source has had the same watermark in seconds, by source, subtask and split: the split that
    /// determines the watermark of the source. Not reported for other splits. A gauge.
    /// </summary>
    public const string SplitSlowest = "penstock.split.slowest";

    /// <summary>
    /// Rows of <c>[AsyncMap]</c> operators in flight: being called, or waiting for an earlier row; by task and subtask. A gauge.
    /// </summary>
    public const string RowsInFlight = "penstock.rows.in_flight";

    /// <summary>Windows fired, counted per key, by task. A counter.</summary>
    public const string WindowsFired = "penstock.windows.fired";

    /// <summary>The lag of a subtask's watermark behind the clock, in seconds. A gauge.</summary>
    public const string WatermarkLag = "penstock.watermark.lag";

    /// <summary>The number of times that a subtask waited for credits of a channel, by task and subtask. A counter.</summary>
    public const string Backpressure = "penstock.backpressure";

    /// <summary>
    /// The memory of state in bytes, by operator: its tables, plus an estimate for the objects that entries refer to. A gauge.
    /// </summary>
    public const string StateBytes = "penstock.state.bytes";

    /// <summary>
    /// The number of keys in state, by operator; for windows, counted per window. Updated when a table grows and at checkpoints. A gauge.
    /// </summary>
    public const string StateKeys = "penstock.state.keys";

    /// <summary>The time from the trigger of a checkpoint to its commit, in seconds. A histogram.</summary>
    public const string CheckpointDuration = "penstock.checkpoint.duration";

    /// <summary>The size of the state of a checkpoint in bytes. A histogram.</summary>
    public const string CheckpointSize = "penstock.checkpoint.size";

    /// <summary>Failed checkpoints, including tolerated ones. A counter.</summary>
    public const string CheckpointFailures = "penstock.checkpoint.failures";

    /// <summary>The time since the last complete checkpoint, in seconds. A gauge.</summary>
    public const string CheckpointAge = "penstock.checkpoint.age";

    /// <summary>Restarts after a failure. A counter.</summary>
    public const string Restarts = "penstock.restarts";

    /// <summary>The traces of checkpoints and restores.</summary>
    internal static ActivitySource Activities { get; } = new(Name);

    internal static string Version { get; } =
        typeof(PenstockTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

}
