
namespace Penstock.Connectors;

/// <summary>
/// Where the checkpoints of one pipeline are kept: objects with names in one place, such as a folder or a prefix in a bucket. Names consist
/// of digits, letters, dots and hyphens. Members may be called on any thread, and several at a time for different objects.
/// </summary>
public interface ICheckpointStorage : IDisposable
{
    /// <summary>The place, for messages.</summary>
    string Location { get; }

    /// <summary>
    /// Whether <see cref="Open"/> keeps every other process out until <see cref="IDisposable.Dispose"/>. If not, writers are told apart by
    /// <see cref="TryPublish"/>.
    /// </summary>
    bool IsExclusive { get; }

    /// <summary>Makes the place ready to be used; once, before anything else.</summary>
    /// <exception cref="PipelineException">The place cannot be used, or another process has it.</exception>
    void Open();

    /// <summary>
    /// Makes durable what <see cref="List"/> shows. An error, or the end of a process, may have left names that a power cut would take
    /// back; what a job goes on from must not be taken back. Storage whose objects are durable as soon as they are seen has nothing to do.
    /// </summary>
    void Settle()
    {
    }

    /// <summary>Lists the objects that are there.</summary>
    /// <returns>Their names, in no particular order. What was published, created or deleted before is taken into account.</returns>
    IReadOnlyList<string> List();

    /// <summary>Opens an object for reading.</summary>
    /// <param name="name">The name of the file within the place.</param>
    /// <returns>The object, to be disposed.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    IReadableFile OpenRead(string name);

    /// <summary>Creates an object, in the place of an existing one.</summary>
    /// <param name="name">The name of the file within the place.</param>
    /// <returns>
    /// The object, to be disposed. It is there, whole and durable, when <see cref="IWritableFile.Sync"/> returns, which is called once,
    /// after the last byte; disposed before, it may be there in part or not at all.
    /// </returns>
    IWritableFile Create(string name);

    /// <summary>
    /// Creates a small object, whole and durable, unless there is one of that name. What was created before is durable before it.
    /// </summary>
    /// <param name="name">The name of the file within the place.</param>
    /// <param name="content">The content.</param>
    /// <returns>False when there is one already; after an error that left open whether it was created, it may be this one.</returns>
    bool TryPublish(string name, ReadOnlySpan<byte> content);

    /// <summary>Deletes an object, if it is there.</summary>
    /// <param name="name">The name of the file within the place.</param>
    void Delete(string name);
}

/// <summary>Creates the storage for locations of one scheme, such as <c>s3</c>. Registered as a service of the host.</summary>
public interface ICheckpointStorageProvider
{
    /// <summary>The scheme, without the colon.</summary>
    string Scheme { get; }

    /// <summary>Creates the storage.</summary>
    /// <param name="location">What is configured, such as <c>s3://bucket/prefix</c>.</param>
    /// <returns>The storage, not opened yet.</returns>
    /// <exception cref="PipelineException">The location is not one of this scheme's.</exception>
    ICheckpointStorage Create(string location);
}
