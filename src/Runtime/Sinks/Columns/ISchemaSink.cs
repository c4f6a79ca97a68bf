
namespace Penstock.Connectors;

/// <summary>A sink that learns the columns of the rows that it gets: what a file or a table with a schema needs.</summary>
public interface ISchemaSink
{
    /// <summary>
    /// Tells which columns the rows have. Called once for each subtask, before anything else but <see cref="IChangelogSink.SetChangelog"/>.
    /// </summary>
    /// <param name="schema">The columns, in the order of their members.</param>
    void SetSchema(RowSchema schema);
}
