namespace Penstock.Connectors;

/// <summary>
/// Every effect that Penstock has on files. Sources, sinks and checkpoints reach them only through this interface, so that
/// a test can lose whatever was not synced, or fail at any call.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file to read at any offset.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The open file.</returns>
    IReadableFile OpenRead(string path);

    /// <summary>Creates a new file to append to; an existing one of this name is replaced.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The open file.</returns>
    IWritableFile Create(string path);

    /// <summary>
    /// Renames a file within its file system, atomically, replacing one that has the new name. Durable after <see cref="SyncDirectory"/>.
    /// </summary>
    /// <param name="from">The path now.</param>
    /// <param name="to">The path afterwards.</param>
    void Rename(string from, string to);

    /// <summary>Deletes a file; one that does not exist is no error.</summary>
    /// <param name="path">The path of the file.</param>
    void Delete(string path);

    /// <summary>Whether the file exists.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>True if it does.</returns>
    bool FileExists(string path);

    /// <summary>Whether the folder exists.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <returns>True if it does.</returns>
    bool DirectoryExists(string path);

    /// <summary>
    /// The path with every link on the way replaced by what it leads to: the same text for all paths of one file or folder.
    /// </summary>
    /// <param name="path">The path; need not exist.</param>
    /// <returns>The full path.</returns>
    string RealPath(string path) => Path.GetFullPath(path);

    /// <summary>Lists the files of a folder (not of its sub-folders), sorted by name.</summary>
    /// <param name="directory">The path of the folder.</param>
    /// <returns>The full paths; empty when the folder does not exist.</returns>
    IReadOnlyList<string> List(string directory);

    /// <summary>
    /// Says by a look at a file's metadata whether its content may have changed since an earlier look: equal stamps mean equal content. The
    /// file is not opened.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The stamp; null where only the content itself can tell, for example because the file was changed a moment ago.</returns>
    FileStamp? StampOf(string path) => null;

    /// <summary>Creates a folder and its parents; existing ones are no error.</summary>
    /// <param name="path">The path of the folder.</param>
    void CreateDirectory(string path);

    /// <summary>Makes the names in a folder durable: files created, renamed or deleted there survive a power cut afterwards.</summary>
    /// <param name="path">The path of the folder.</param>
    void SyncDirectory(string path);

    /// <summary>Takes an exclusive lock that the operating system releases when the process ends, however it ends.</summary>
    /// <param name="path">The path of the lock file; created if need be. Only <see cref="DeleteLock"/> deletes it.</param>
    /// <returns>The lock, to be disposed; or null when another process holds it.</returns>
    IDisposable? TryLock(string path);

    /// <summary>Deletes the file of a lock while the lock is held, and gives it back, so that two processes can never hold it.</summary>
    /// <param name="path">The path of the lock file.</param>
    /// <param name="held">What <see cref="TryLock"/> returned.</param>
    void DeleteLock(string path, IDisposable held)
    {
        ArgumentNullException.ThrowIfNull(held);
        Delete(path);
        held.Dispose();
    }
}

/// <summary>What the metadata of a file says of its content.</summary>
/// <param name="Length">The length in bytes.</param>
/// <param name="ModifiedAt">When the content was changed last.</param>
public readonly record struct FileStamp(long Length, DateTime ModifiedAt);

/// <summary>A file open for reading.</summary>
public interface IReadableFile : IDisposable
{
    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads at an offset.</summary>
    /// <param name="offset">The offset in bytes.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <returns>How many bytes were read; 0 at the end of the file.</returns>
    int Read(long offset, Span<byte> buffer);
}

/// <summary>A file open for appending.</summary>
public interface IWritableFile : IDisposable
{
    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Asks the file system to begin to write what was appended to the disk, so that <see cref="Sync"/> finds less to do. It makes nothing
    /// durable. May be called beside <see cref="Append"/>, and does nothing where there is no such call. It may wait for the disk.
    /// </summary>
    void BeginSync()
    {
        // A later Sync does all of it.
    }

    /// <summary>Makes what was appended durable.</summary>
    void Sync();
}
