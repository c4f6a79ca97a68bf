
namespace Penstock.Connectors;

/// <summary>
/// Writes rows to an external system as part of the checkpoint: writers write and prepare, and the committer makes prepared output visible
/// once the checkpoint is durable.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public interface ISink<T>
{
    /// <summary>Opens the writer of one subtask.</summary>
    /// <param name="subtask">The index of the subtask, from 0.</param>
    /// <returns>A writer that the caller disposes.</returns>
    ISinkWriter<T> OpenWriter(int subtask);

    /// <summary>Creates the committer, one for all subtasks.</summary>
    /// <returns>The committer, or <see cref="SinkCommitter.None"/> if rows are visible as soon as they are written.</returns>
    ISinkCommitter CreateCommitter();
}

/// <summary>
/// Marks a sink whose writers read the event times of a batch. For all other sinks the compiler omits them: the times in their batches are
/// 0. The compiler looks at the class in <c>[Sink&lt;T&gt;]</c>, or at the return type of the factory method of a connector.
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
    /// Ends the rows of a checkpoint. All rows written before must be durable, though invisible, when the task completes. Rows of the next
    /// checkpoint may be written meanwhile.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <returns>
    /// The data that <see cref="ISinkCommitter.CommitAsync"/> needs, stored in the manifest; empty if nothing was written.
    /// </returns>
    ValueTask<byte[]> PrepareAsync(long checkpoint);

    /// <summary>
    /// Called on another thread when the pipeline stops. A <see cref="Write"/> that waits for an external system must return, since the
    /// stop waits for it.
    /// </summary>
    void Interrupt()
    {
        // Most writers do not wait, or only briefly.
    }
}

/// <summary>Makes the output of complete checkpoints visible, and revokes output that is later than the restored checkpoint.</summary>
/// <remarks>
/// Calls of one committer do not overlap, except <see cref="Interrupt"/>. Calls of different sinks do: anything that they share, such as a
/// client, must be thread-safe.
/// </remarks>
public interface ISinkCommitter : IDisposable
{
    /// <summary>
    /// The place of the output, such as a full path; two sinks with the same place conflict. Null if sinks cannot conflict.
    /// </summary>
    string? Place => null;

    /// <summary>
    /// Claims the <see cref="Place"/> for a job, before any other call. It is held until <see cref="IDisposable.Dispose"/>, and belongs to
    /// the job until <see cref="ReleaseAsync"/>, even after a crash.
    /// </summary>
    /// <param name="owner">The job.</param>
    /// <param name="isKnown">
    /// <c>true</c> if the restored checkpoint has the same place, so that visible output there belongs to the job.
    /// </param>
    /// <returns>A task that completes when the place is claimed.</returns>
    /// <exception cref="PipelineException">The place is held by or belongs to another job.</exception>
    ValueTask ClaimAsync(SinkOwner owner, bool isKnown) => default;

    /// <summary>Ends the claim permanently, after the job has finished and all its output is visible.</summary>
    /// <returns>A task that completes when everything but the output is removed.</returns>
    ValueTask ReleaseAsync() => default;

    /// <summary>Returns the newest checkpoint with visible output; 0 if there is none.</summary>
    /// <returns>A checkpoint id, or null if the sink cannot determine it.</returns>
    ValueTask<long?> LastCommittedAsync();

    /// <summary>
    /// Makes the output of a checkpoint visible. May be called again for the same checkpoint after a crash. Not called for a failed
    /// checkpoint.
    /// </summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="prepared">
    /// The data that each writer's <see cref="ISinkWriter{T}.PrepareAsync"/> returned, for this checkpoint and for failed ones before it.
    /// Writers that returned nothing are left out.
    /// </param>
    /// <param name="stop">
    /// Cancelled when the attempt is over: a call that waits for an external system must return. Output that is not committed then is
    /// committed at the next start.
    /// </param>
    /// <returns>A task that completes when the output is durable and visible.</returns>
    ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop);

    /// <summary>
    /// Indicates whether <see cref="CommitAsync"/> may run while the next checkpoint is taken, so that writers write and prepare meanwhile.
    /// Commits of one sink never overlap, and the next checkpoint completes only after this one is committed. If <c>false</c>, the next
    /// checkpoint starts after the commit.
    /// </summary>
    bool CommitsDuringCheckpoints => false;

    /// <summary>
    /// Called on another thread when the pipeline restarts or its time to stop is over: a call that waits for an external system must
    /// return. Output that is not committed then is committed at the next start.
    /// </summary>
    void Interrupt()
    {
        // Most committers do not wait, or only briefly.
    }

    /// <summary>Indicates whether <see cref="RevokeAfterAsync"/> can revoke output that is already visible.</summary>
    bool CanRevoke { get; }

    /// <summary>
    /// Removes all output of later checkpoints: temporary output always, visible output if <see cref="CanRevoke"/> is <c>true</c>. Called
    /// at every start, before the first row, after the restored checkpoint was committed.
    /// </summary>
    /// <param name="checkpoint">The restored checkpoint, or 0 for a start without one.</param>
    /// <returns>A task that completes when the output is removed.</returns>
    ValueTask RevokeAfterAsync(long checkpoint);
}

/// <summary>Committers for sinks that do not need their own.</summary>
public static class SinkCommitter
{
    /// <summary>The committer of a sink whose rows are visible when written (at-least-once after a crash).</summary>
    public static ISinkCommitter None { get; } = new NoCommitter();

    private sealed class NoCommitter : ISinkCommitter
    {
        public bool CommitsDuringCheckpoints => true;

        public bool CanRevoke => true;

        public ValueTask<long?> LastCommittedAsync() => new((long?)0);

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop) => default;

        public ValueTask RevokeAfterAsync(long checkpoint) => default;

        public void Dispose()
        {
            // There is nothing to dispose.
        }
    }
}
