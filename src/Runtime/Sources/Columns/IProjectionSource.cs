
namespace Penstock.Connectors;

/// <summary>
/// A source that supports projection push-down: it gets the columns that the pipeline reads, and need not read the others.
/// </summary>
public interface IProjectionSource
{
    /// <summary>
    /// Sets the columns that are read. Called once for each subtask, before any other method. Members of the row type that are not among
    /// them may have any value, since nothing reads them.
    /// </summary>
    /// <param name="columns">The columns that are read, in the order of their members; empty if rows are only counted.</param>
    void SetProjection(RowSchema columns);
}
