
namespace Penstock.Connectors;

/// <summary>A source that learns which columns the pipeline reads (projection push-down), so that it need not read the others.</summary>
public interface IProjectionSource
{
    /// <summary>
    /// Tells which columns are read. Called once for each subtask, before anything else. Members of the row type that are none of them may
    /// have any value: nothing reads them.
    /// </summary>
    /// <param name="columns">The columns that are read, in the order of their members. None where rows are only counted.</param>
    void SetProjection(RowSchema columns);
}
