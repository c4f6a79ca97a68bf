namespace Penstock;

/// <summary>
/// Takes savepoints of a pipeline of the host. Get the one of a pipeline as <c>GetRequiredKeyedService&lt;IPipelineControl&gt;(name)</c>,
/// or all of them as <c>IEnumerable&lt;IPipelineControl&gt;</c>, from the services.
/// </summary>
public interface IPipelineControl
{
    /// <summary>The name of the pipeline.</summary>
    string Name { get; }

    /// <summary>Takes a savepoint and goes on. It is a checkpoint as well: the output before it becomes visible.</summary>
    /// <param name="path">
    /// Where it goes: a folder, or a location with a scheme such as <c>s3://bucket/prefix</c>, that has no savepoint yet. By default a new
    /// place below <see cref="SavepointOptions.Path"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting; the savepoint may be completed all the same.</param>
    /// <returns>The savepoint, durable and verified.</returns>
    /// <exception cref="PipelineException">It could not be written, or the pipeline ended before. The pipeline itself is not
    /// affected.</exception>
    Task<Savepoint> TakeSavepointAsync(string? path = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes a savepoint and stops the pipeline at it: not a row more is processed, and its output is visible. If the savepoint fails, the
    /// pipeline goes on.
    /// </summary>
    /// <param name="path">Where it goes, as for <see cref="TakeSavepointAsync"/>.</param>
    /// <param name="drain">
    /// Whether event time is moved to its end first, so that every open window fires. For a pipeline that will not go on: if it does, rows
    /// of these windows that come later make them fire once more.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting; the pipeline may be stopped all the same.</param>
    /// <returns>The savepoint, durable and verified.</returns>
    /// <exception cref="PipelineException">It could not be written, or the pipeline ended before.</exception>
    Task<Savepoint> StopWithSavepointAsync(string? path = null, bool drain = false, CancellationToken cancellationToken = default);
}
