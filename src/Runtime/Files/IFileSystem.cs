namespace Penstock.Connectors;

/// <summary>
/// All file system operations that Penstock uses. Sources, sinks and checkpoints access files only through this interface, so that a test
/// can discard all data that was not synced, or fail any call.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file for reading at any offset.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The open file.</returns>
    IReadableFile OpenRead(string path);

    /// <summary>Creates a new file for appending, replacing an existing file of this name.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The open file.</returns>
    IWritableFile Create(string path);

    /// <summary>
    /// Renames a file within its file system atomically, replacing an existing file of the new name. The rename is durable after
    /// <see cref="SyncDirectory"/>.
    /// </summary>
    /// <param name="from">The current path.</param>
    /// <param name="to">The new path.</param>
    void Rename(string from, string to);

    /// <summary>Deletes a file. It is not an error if the file does not exist.</summary>
    /// <param name="path">The path of the file.</param>
    void Delete(string path);

    /// <summary>Determines whether a file exists.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns><c>true</c> if the file exists.</returns>
    bool FileExists(string path);

    /// <summary>Determines whether a folder exists.</summary>
    /// <param name="path">The path of the folder.</param>
    /// <returns><c>true</c> if the folder exists.</returns>
    bool DirectoryExists(string path);

    /// <summary>Returns the path with all links resolved: the same text for all paths of one file or folder.</summary>
    /// <param name="path">The path; it need not exist.</param>
    /// <returns>The full path.</returns>
    string RealPath(string path) => Path.GetFullPath(path);

    /// <summary>Lists the files of a folder, without its subfolders, sorted by name.</summary>
    /// <param name="directory">The path of the folder.</param>
    /// <returns>The full paths; empty if the folder does not exist.</returns>
    IReadOnlyList<string> List(string directory);

    /// <summary>Lists the subfolders of a folder, without theirs, sorted by name.</summary>
    /// <param name="directory">The path of the folder.</param>
    /// <returns>The full paths; empty if the folder does not exist.</returns>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Returns a stamp of a file's metadata, without opening the file. Equal stamps mean equal content.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The stamp, or null if the metadata cannot show a change, for example because the file was modified a moment ago.</returns>
    FileStamp? StampOf(string path) => null;

    /// <summary>Creates a folder and its missing parents. It is not an error if they exist.</summary>
    /// <param name="path">The path of the folder.</param>
    void CreateDirectory(string path);

    /// <summary>Makes the names in a folder durable: files created, renamed or deleted there stay so after a power failure.</summary>
    /// <param name="path">The path of the folder.</param>
    void SyncDirectory(string path);

    /// <summary>Takes an exclusive lock. The operating system releases it when the process ends, however it ends.</summary>
    /// <param name="path">The path of the lock file, created if necessary. Only <see cref="DeleteLock"/> deletes it.</param>
    /// <returns>The lock, to be disposed, or null if another process holds it.</returns>
    IDisposable? TryLock(string path);

    /// <summary>
    /// Deletes the file of a held lock and releases the lock, such that two processes can never hold it at the same time.
    /// </summary>
    /// <param name="path">The path of the lock file.</param>
    /// <param name="held">The lock returned by <see cref="TryLock"/>.</param>
    void DeleteLock(string path, IDisposable held)
    {
        ArgumentNullException.ThrowIfNull(held);
        Delete(path);
        held.Dispose();
    }
}

/// <summary>Metadata of a file that change with its content.</summary>
/// <param name="Length">The length in bytes.</param>
/// <param name="ModifiedAt">The time of the last modification.</param>
public readonly record struct FileStamp(long Length, DateTime ModifiedAt);

/// <summary>A file open for reading.</summary>
public interface IReadableFile : IDisposable
{
    /// <summary>The length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads at an offset.</summary>
    /// <param name="offset">The offset in bytes.</param>
    /// <param name="buffer">The buffer for the bytes.</param>
    /// <returns>The number of bytes read; 0 at the end of the file.</returns>
    int Read(long offset, Span<byte> buffer);
}

/// <summary>A file open for appending.</summary>
public interface IWritableFile : IDisposable
{
    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Asks the file system to start writing the appended bytes to disk, so that <see cref="Sync"/> has less left to do. Makes nothing
    /// durable. May be called concurrently with <see cref="Append"/>, may wait for the disk, and does nothing on systems without such a
    /// call.
    /// </summary>
    void BeginSync()
    {
        // A later Sync writes everything.
    }

    /// <summary>Makes the appended bytes durable.</summary>
    void Sync();
}
