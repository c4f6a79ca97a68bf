
namespace Penstock.Connectors;

/// <summary>
/// Stores the checkpoints of one pipeline: named objects in one place, such as a folder or a prefix in a bucket. Names consist of digits,
/// letters, dots and hyphens. Members may be called on any thread, and concurrently for different objects.
/// </summary>
public interface ICheckpointStorage : IDisposable
{
    /// <summary>The location of the place, for messages.</summary>
    string Location { get; }

    /// <summary>
    /// Indicates whether <see cref="Open"/> excludes every other process until <see cref="IDisposable.Dispose"/>. If not, writers are
    /// fenced by <see cref="TryPublish"/>.
    /// </summary>
    bool IsExclusive { get; }

    /// <summary>Opens the place. Called once, before any other method.</summary>
    /// <exception cref="PipelineException">The place cannot be used, or another process holds it.</exception>
    void Open();

    /// <summary>
    /// Makes everything that <see cref="List"/> returns durable. After an error, or the end of a process, there may be names that a power
    /// failure would undo, but a job must not resume from objects that may disappear. A storage whose objects are durable as soon as they
    /// are visible does nothing.
    /// </summary>
    void Sync()
    {
    }

    /// <summary>Lists the existing objects.</summary>
    /// <returns>The names, in no particular order, including the effects of all previous calls.</returns>
    IReadOnlyList<string> List();

    /// <summary>Opens an object for reading.</summary>
    /// <param name="name">The name of the object.</param>
    /// <returns>The object, to be disposed.</returns>
    /// <exception cref="FileNotFoundException">The object does not exist.</exception>
    IReadableFile OpenRead(string name);

    /// <summary>Creates an object, replacing an existing one.</summary>
    /// <param name="name">The name of the object.</param>
    /// <returns>
    /// The object, to be disposed. It exists, complete and durable, when <see cref="IWritableFile.Sync"/> returns, which is called once,
    /// after the last byte. If it is disposed before that, it may exist partially or not at all.
    /// </returns>
    IWritableFile Create(string name);

    /// <summary>
    /// Creates a small object atomically and durably, unless one of that name exists. Objects created before are durable before it.
    /// </summary>
    /// <param name="name">The name of the object.</param>
    /// <param name="content">The content.</param>
    /// <returns><c>false</c> if an object of that name exists; after an error whose outcome is unknown, that may be this one.</returns>
    bool TryPublish(string name, ReadOnlySpan<byte> content);

    /// <summary>Deletes an object if it exists.</summary>
    /// <param name="name">The name of the object.</param>
    void Delete(string name);
}

/// <summary>Creates the storage for locations of one scheme, such as <c>s3</c>. Registered as a service of the host.</summary>
public interface ICheckpointStorageProvider
{
    /// <summary>The scheme, without the colon.</summary>
    string Scheme { get; }

    /// <summary>Creates the storage for a location.</summary>
    /// <param name="location">The configured location, such as <c>s3://bucket/prefix</c>.</param>
    /// <returns>The storage, not opened yet.</returns>
    /// <exception cref="PipelineException">The location is not valid for this scheme.</exception>
    ICheckpointStorage Create(string location);
}
