
namespace Penstock.Connectors;

/// <summary>
/// Delivers rows to the outside as part of the checkpoint: writers write and prepare, the committer makes what was prepared
/// visible once the checkpoint is durable.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISink<T>
{
    /// <summary>Opens the writer of one subtask.</summary>
    /// <param name="subtask">The index of the subtask, from 0.</param>
    /// <returns>A writer that the caller disposes.</returns>
    ISinkWriter<T> OpenWriter(int subtask);

    /// <summary>Creates the committer; there is one for all subtasks.</summary>
    /// <returns>The committer, or <see cref="SinkCommitter.None"/> where rows are visible when written.</returns>
    ISinkCommitter CreateCommitter();
}

/// <summary>
/// Marks a sink whose writers read the event times of a batch. The compiler spares all other sinks the work: their batches have
/// times of 0.
/// </summary>
public interface IEventTimeSink;

/// <summary>Writes the rows of one subtask.</summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISinkWriter<T> : IDisposable
{
    /// <summary>Writes rows. They stay invisible until the checkpoint that follows them is committed.</summary>
    /// <param name="batch">The rows; owned by the caller.</param>
    /// <param name="checkpoint">The checkpoint that will commit them.</param>
    void Write(Batch<T> batch, long checkpoint);

    /// <summary>
    /// Ends the rows of a checkpoint: what was written before must be durable, though invisible, when the task completes.
    /// Rows of the next checkpoint may be written meanwhile.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <returns>What <see cref="ISinkCommitter.CommitAsync"/> needs, kept in the manifest; empty when nothing was written.</returns>
    ValueTask<byte[]> PrepareAsync(long checkpoint);

    /// <summary>
    /// Called on another thread when the pipeline stops: a <see cref="Write"/> that waits for something outside must give up, since nothing
    /// ends before it returns.
    /// </summary>
    void Interrupt()
    {
        // Most writers wait for nothing, or not for long.
    }
}

/// <summary>Makes the output of complete checkpoints visible, and takes back what a restore does not know.</summary>
/// <remarks>
/// Calls of one committer follow each other, but for <see cref="Interrupt"/>. Those of different sinks are made at the same time: what they
/// share, such as a client, must bear that.
/// </remarks>
public interface ISinkCommitter : IDisposable
{
    /// <summary>Where the rows go, such as a full path: two sinks with one place disturb each other. Null where they do not.</summary>
    string? Place => null;

    /// <summary>
    /// Takes the <see cref="Place"/> for a job, before anything else is asked of the committer. It stays taken until
    /// <see cref="IDisposable.Dispose"/>, and belongs to the job until <see cref="ReleaseAsync"/>, also after a crash.
    /// </summary>
    /// <param name="owner">The job.</param>
    /// <param name="isKnown">Whether the checkpoint that is restored has the same place, so that visible output there is the job's
    /// own.</param>
    /// <returns>A task that completes when the place is taken.</returns>
    /// <exception cref="PipelineException">The place is taken, or belongs to another job.</exception>
    ValueTask ClaimAsync(SinkOwner owner, bool isKnown) => default;

    /// <summary>Ends the claim for good, after the job has finished and all its output is visible.</summary>
    /// <returns>A task that completes when nothing but the output is left.</returns>
    ValueTask ReleaseAsync() => default;

    /// <summary>The newest checkpoint of which output is visible; 0 when there is none.</summary>
    /// <returns>A checkpoint id, or null where the sink cannot tell.</returns>
    ValueTask<long?> LastCommittedAsync();

    /// <summary>
    /// Makes the output of a checkpoint visible. May be called again for the same checkpoint after a crash. Not called for one that failed.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="prepared">What each writer's <see cref="ISinkWriter{T}.PrepareAsync"/> returned, for this checkpoint and for those
    /// before it that failed.</param>
    /// <param name="stop">Cancelled when the attempt to run the pipeline is over: a call that waits for something outside must give up.
    /// What is not committed then is committed at the next start.</param>
    /// <returns>A task that completes when the output is durable and visible.</returns>
    ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop);

    /// <summary>
    /// Whether <see cref="CommitAsync"/> may run while the next checkpoint is taken, so that its writers write and prepare meanwhile.
    /// Commits of one sink never overlap, and the next checkpoint is complete only after this one is committed. If not, the next checkpoint
    /// begins after the commit.
    /// </summary>
    bool CommitsBesideCheckpoints => false;

    /// <summary>
    /// Called on another thread when the pipeline restarts or its time to stop is over: a call that waits for something outside must give
    /// up. What is not committed then is committed at the next start.
    /// </summary>
    void Interrupt()
    {
        // Most committers wait for nothing, or not for long.
    }

    /// <summary>Whether <see cref="RevokeAfterAsync"/> can take back output that is already visible.</summary>
    bool CanRevoke { get; }

    /// <summary>
    /// Removes everything that belongs to later checkpoints: temporary output always, visible output where
    /// <see cref="CanRevoke"/> says so. Called at every start, before the first row, after the restored checkpoint was committed.
    /// </summary>
    /// <param name="checkpoint">The checkpoint that is restored; 0 for a start from nothing.</param>
    /// <returns>A task that completes when it is done.</returns>
    ValueTask RevokeAfterAsync(long checkpoint);
}

/// <summary>Committers for sinks that need none.</summary>
public static class SinkCommitter
{
    /// <summary>The committer of a sink whose rows are visible when written (at-least-once after a crash).</summary>
    public static ISinkCommitter None { get; } = new NoCommitter();

    private sealed class NoCommitter : ISinkCommitter
    {
        public bool CommitsBesideCheckpoints => true;

        public bool CanRevoke => true;

        public ValueTask<long?> LastCommittedAsync() => new((long?)0);

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop) => default;

        public ValueTask RevokeAfterAsync(long checkpoint) => default;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
