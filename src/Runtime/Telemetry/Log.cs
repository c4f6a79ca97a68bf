using Microsoft.Extensions.Logging;

namespace Penstock.Telemetry;

/// <summary>All log messages of the engine.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Pipeline {Pipeline} starts at parallelism {Parallelism}.")]
    public static partial void Starting(this ILogger log, string pipeline, string parallelism);

    [LoggerMessage(2, LogLevel.Information, "Pipeline {Pipeline} resumes from checkpoint {Checkpoint} of {TakenAt:O}.")]
    public static partial void Restored(this ILogger log, string pipeline, long checkpoint, DateTimeOffset takenAt);

    [LoggerMessage(14, LogLevel.Information, "Pipeline {Pipeline} starts from the savepoint in {Savepoint} of {TakenAt:O}.")]
    public static partial void StartedFromSavepoint(this ILogger log, string pipeline, string savepoint, DateTimeOffset takenAt);

    [LoggerMessage(
        15,
        LogLevel.Information,
        "A savepoint of pipeline {Pipeline} is complete in {Savepoint}: checkpoint {Checkpoint}, {Bytes} bytes of state.")]
    public static partial void SavepointComplete(this ILogger log, string pipeline, string savepoint, long checkpoint, long bytes);

    [LoggerMessage(16, LogLevel.Error, "A savepoint of pipeline {Pipeline} failed. {Problem}")]
    public static partial void SavepointFailed(this ILogger log, string pipeline, string problem);

    [LoggerMessage(
        17,
        LogLevel.Warning,
        "Sink {Sink} was removed from pipeline {Pipeline}, but checkpoint {Checkpoint} has output for it. Output that was not visible yet "
            + "stays invisible; to lose nothing, remove a sink after a savepoint.")]
    public static partial void SinkGone(this ILogger log, string pipeline, string sink, long checkpoint);

    [LoggerMessage(3, LogLevel.Warning, "Checkpoint {Checkpoint} of pipeline {Pipeline} is damaged and is skipped: {Problem}")]
    public static partial void CheckpointDamaged(this ILogger log, string pipeline, long checkpoint, string problem);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Sink {Sink} of pipeline {Pipeline} shows output up to checkpoint {Committed}; output after the restored checkpoint {Restored} "
            + "is revoked and will be written again.")]
    public static partial void OutputRevoked(this ILogger log, string pipeline, string sink, long committed, long restored);

    [LoggerMessage(
        5,
        LogLevel.Debug,
        "Checkpoint {Checkpoint} of pipeline {Pipeline} is complete: {Bytes} bytes of state in {Milliseconds:F1} ms.")]
    public static partial void CheckpointComplete(this ILogger log, string pipeline, long checkpoint, long bytes, double milliseconds);

    [LoggerMessage(
        12,
        LogLevel.Warning,
        "A checkpoint of pipeline {Pipeline} failed ({Failures} in a row; {Tolerated} are tolerated). The pipeline continues; its "
            + "output stays invisible until a checkpoint succeeds. {Problem}")]
    public static partial void CheckpointFailed(this ILogger log, string pipeline, int failures, int tolerated, string problem);

    [LoggerMessage(
        26,
        LogLevel.Warning,
        "Checkpoint {Checkpoint} of pipeline {Pipeline} has been writing {What} for {Timeout} (Checkpoints:Timeout), and is still waiting. "
            + "No other checkpoint starts before it ends or fails, and output stays invisible.")]
    public static partial void CheckpointHangs(this ILogger log, string pipeline, long checkpoint, TimeSpan timeout, string what);

    [LoggerMessage(13, LogLevel.Warning, "Old checkpoints of pipeline {Pipeline} in {Location} cannot be deleted: {Problem}")]
    public static partial void NotCollected(this ILogger log, string pipeline, string location, string problem);

    [LoggerMessage(6, LogLevel.Error, "Pipeline {Pipeline} failed; it restarts from its last checkpoint in {Delay}.")]
    public static partial void Restarting(this ILogger log, Exception error, string pipeline, TimeSpan delay);

    [LoggerMessage(7, LogLevel.Critical, "Pipeline {Pipeline} failed and is not restarted: {Problem}")]
    public static partial void FailedForGood(this ILogger log, Exception? error, string pipeline, string problem);

    [LoggerMessage(8, LogLevel.Information, "Pipeline {Pipeline} has finished: its input has ended and all output is committed. {Counts}")]
    public static partial void Finished(this ILogger log, string pipeline, string counts);

    [LoggerMessage(
        40,
        LogLevel.Warning,
        "Source {Source} of pipeline {Pipeline}: the splits {Splits} {Rows}, and hold event time back since {Since:O}, while others, of "
            + "this source or of sources that it is united with, have reached {Furthest:O}. Windows wait for them. If a split may have no rows for a long "
            + "time, set Idle on the [EventTime] of the source, or Sources:{Source}:Idle. See "
            + "https://github.com/penstock-dev/penstock/blob/main/docs/no-output.md")]
    public static partial void EventTimeStalled(
        this ILogger log,
        string source,
        string pipeline,
        string splits,
        string rows,
        DateTimeOffset since,
        DateTimeOffset furthest);

    [LoggerMessage(
        41,
        LogLevel.Warning,
        "Source {Source} of pipeline {Pipeline} has bad rows; they are skipped (OnBadRow). The first is at {Place}: {Problem}. "
            + "Further ones are counted, not logged.")]
    public static partial void FirstBadRow(this ILogger log, string source, string pipeline, string place, string problem);

    [LoggerMessage(
        42,
        LogLevel.Warning,
        "Source {Source} of pipeline {Pipeline} has rows without event time ('{Column}' is null); they are skipped (OnNull). The first is "
            + "at {Place}. Further ones are counted, not logged.")]
    public static partial void FirstUntimedRow(this ILogger log, string source, string pipeline, string place, string column);

    [LoggerMessage(
        43,
        LogLevel.Warning,
        "Source {Source} of pipeline {Pipeline}: the rows of split {Split} are not in order, as MaxDelay of zero declares. The first one out "
            + "of order is at {Place}: its event time is {Time:O}, after {Newest:O}. Its window may have fired, so it may be late. Further "
            + "rows of the split are counted, not logged. Set MaxDelay to the time by which rows may be out of order.")]
    public static partial void RowOutOfOrder(
        this ILogger log,
        string source,
        string pipeline,
        string split,
        string place,
        DateTimeOffset time,
        DateTimeOffset newest);

    [LoggerMessage(
        9,
        LogLevel.Information,
        "Pipeline {Pipeline} had already finished (checkpoint {Checkpoint} of {TakenAt:O}); nothing to do.")]
    public static partial void AlreadyFinished(this ILogger log, string pipeline, long checkpoint, DateTimeOffset takenAt);

    [LoggerMessage(18, LogLevel.Information, "Source {Source} lists its files; there are {Count}.")]
    public static partial void ListingSucceeds(this ILogger log, string source, int count);

    [LoggerMessage(19, LogLevel.Warning, "Source {Source} cannot list its files, and retries in {Delay}: {Problem}")]
    public static partial void ListingFails(this ILogger log, string source, TimeSpan delay, string problem);

    [LoggerMessage(
        60,
        LogLevel.Warning,
        "Source {Source} has {Count} splits that are not in the checkpoint: {Splits}. They are read from their start, together with "
            + "the others; rows of windows that have fired are late.")]
    public static partial void SplitsAdded(this ILogger log, string source, int count, string splits);

    [LoggerMessage(
        20,
        LogLevel.Warning,
        "Source {Source}: '{File}' was listed but deleted before it was read. Its rows are not in the output.")]
    public static partial void FileGone(this ILogger log, string source, string file);

    [LoggerMessage(
        61,
        LogLevel.Warning,
        "Source {Source}: '{File}' is skipped (Sources:{Source}:SkipFiles). Its rows up to byte {Position} of its content are in the "
            + "output; the rest is not read.")]
    public static partial void FileSkipped(this ILogger log, string source, string file, long position);

    [LoggerMessage(
        62,
        LogLevel.Warning,
        "Source {Source}: '{Path}' in Sources:{Source}:SkipFiles is not one of its files and has no effect. Its files are: {Files}.")]
    public static partial void NoFileSkipped(this ILogger log, string source, string path, string files);

    [LoggerMessage(10, LogLevel.Information, "Pipeline {Pipeline} stopped after checkpoint {Checkpoint}.")]
    public static partial void Stopped(this ILogger log, string pipeline, long checkpoint);

    [LoggerMessage(
        11,
        LogLevel.Error,
        "Pipeline {Pipeline} could not take its last checkpoint within {Timeout}; it stops without. The next start resumes from the "
            + "checkpoint before.")]
    public static partial void StoppedWithoutCheckpoint(this ILogger log, string pipeline, TimeSpan timeout);

    [LoggerMessage(
        21,
        LogLevel.Error,
        "Pipeline {Pipeline} failed while it was being stopped. The next start resumes from its last checkpoint.")]
    public static partial void FailedWhileStopping(this ILogger log, Exception error, string pipeline);

    [LoggerMessage(
        22,
        LogLevel.Information,
        "Pipeline {Pipeline} was stopped while it waited for its restart. The next start resumes from its last checkpoint.")]
    public static partial void StoppedWhileRestarting(this ILogger log, string pipeline);

    [LoggerMessage(25, LogLevel.Warning, "Pipeline {Pipeline}: the attempt is over on this node. It waits for the next one. {Reason}")]
    public static partial void NodeAttemptOver(this ILogger log, string pipeline, string reason);

    [LoggerMessage(
        27,
        LogLevel.Error,
        "Pipeline {Pipeline}: this node was refused by {Coordinator} and retries at increasing intervals. {Problem}")]
    public static partial void NodeRefused(this ILogger log, string pipeline, string coordinator, string problem);

    [LoggerMessage(
        28,
        LogLevel.Warning,
        "Pipeline {Pipeline}: {Node} does not join. Its connection is closed, and the pipeline waits for another one. {Problem}")]
    public static partial void NodeDoesNotJoin(this ILogger log, string pipeline, string node, string problem);

    [LoggerMessage(24, LogLevel.Warning, "{Problem}")]
    public static partial void SectionUnread(this ILogger log, string problem);

    [LoggerMessage(
        63,
        LogLevel.Warning,
        "Pipeline {Pipeline}: calls of {Tasks} have not returned although they were canceled. They are abandoned: pass the cancellation token on.")]
    public static partial void CallsAbandoned(this ILogger log, string pipeline, string tasks);

    [LoggerMessage(23, LogLevel.Warning, "Pipeline {Pipeline}: {Owner} could not be {Action}. The pipeline continues.")]
    public static partial void ClosingFailed(this ILogger log, Exception error, string pipeline, string owner, string action);
}
