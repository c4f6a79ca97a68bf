
namespace Penstock.Connectors;

/// <summary>A sink that gets the columns of its rows, for a file or a table with a schema.</summary>
public interface ISchemaSink
{
    /// <summary>
    /// Sets the columns of the rows. Called once for each subtask, before any method other than <see cref="IChangelogSink.SetChangelog"/>.
    /// </summary>
    /// <param name="schema">The columns, in the order of their members.</param>
    void SetSchema(RowSchema schema);
}
