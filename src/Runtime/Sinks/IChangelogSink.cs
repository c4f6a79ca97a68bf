namespace Penstock.Connectors;

/// <summary>
/// Marks a sink that accepts streams whose rows replace or delete earlier ones. Its writers read <see cref="Batch.KindOf"/> and apply each
/// row by the key of the stream. Connecting such a stream to a sink class without this interface is a compile-time error.
/// </summary>
public interface IChangelogSink
{
    /// <summary>
    /// Sets the changelog mode of the rows. Called once for each subtask, before any other method; if the sink is also an
    /// <see cref="ISchemaSink"/>, before <see cref="ISchemaSink.SetSchema"/>.
    /// </summary>
    /// <param name="changelog">
    /// The mode of the stream, with its key. After a filter, the first row of a key may be an update, and a delete may be for a key without
    /// any row.
    /// </param>
    void SetChangelog(Changelog changelog);
}
