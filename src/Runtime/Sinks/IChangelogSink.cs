namespace Penstock.Connectors;

/// <summary>
/// Marks a sink that takes streams whose rows replace or delete earlier ones. Its writers read <see cref="Batch.KindOf"/>, and
/// apply each row by the key of the stream. A pipeline that gives such a stream to any other sink of a class does not build.
/// </summary>
public interface IChangelogSink
{
    /// <summary>
    /// Tells what the rows mean. Called once for each subtask, before anything else; of a sink that is an <see cref="ISchemaSink"/>, too,
    /// before <see cref="ISchemaSink.SetSchema"/>.
    /// </summary>
    /// <param name="changelog">
    /// The mode of the stream with its key. Behind a filter an update may be the first that comes of its key, and a delete may be of a key
    /// that never came.
    /// </param>
    void SetChangelog(Changelog changelog);
}
