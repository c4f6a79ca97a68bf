namespace Penstock;

/// <summary>
/// Takes savepoints of a pipeline of the host. Resolve the instance for one pipeline with
/// <c>GetRequiredKeyedService&lt;IPipelineControl&gt;(name)</c>, or all instances as <c>IEnumerable&lt;IPipelineControl&gt;</c>.
/// </summary>
public interface IPipelineControl
{
    /// <summary>The name of the pipeline.</summary>
    string Name { get; }

    /// <summary>
    /// Takes a savepoint while the pipeline keeps running. It also counts as a checkpoint: the output before it becomes visible.
    /// </summary>
    /// <param name="path">
    /// The place of the savepoint: a folder, or a location with a scheme such as <c>s3://bucket/prefix</c>, that contains no savepoint yet.
    /// Default: a new place below <see cref="SavepointOptions.Path"/>.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait; the savepoint may still complete.</param>
    /// <returns>The savepoint, durable and verified.</returns>
    /// <exception cref="PipelineException">
    /// The savepoint could not be written, or the pipeline ended first. A failed savepoint does not affect the pipeline.
    /// </exception>
    Task<Savepoint> TakeSavepointAsync(string? path = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes a savepoint and stops the pipeline at it: no further row is processed, and the output is visible. If the savepoint fails, the
    /// pipeline continues.
    /// </summary>
    /// <param name="path">The place of the savepoint, as in <see cref="TakeSavepointAsync"/>.</param>
    /// <param name="drain">
    /// <c>true</c> to advance event time to its end first, so that every open window and every timer fires, and every sorted row is passed
    /// on. Meant for a pipeline that will not be resumed: if it is, later rows of these windows make them fire again.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait; the pipeline may still stop.</param>
    /// <returns>The savepoint, durable and verified.</returns>
    /// <exception cref="PipelineException">The savepoint could not be written, or the pipeline ended first.</exception>
    Task<Savepoint> StopWithSavepointAsync(string? path = null, bool drain = false, CancellationToken cancellationToken = default);
}
