using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>In-memory files of which several change at once: a listing sees all of the changes or none.</summary>
internal sealed class SteadyFiles(MemoryFileSystem files) : IFileSystem
{
    private readonly Lock _gate = new();
    private int _listings;

    /// <summary>The files without the lock, whose listings are not counted.</summary>
    public MemoryFileSystem Files => files;

    /// <summary>The number of listings.</summary>
    public int Listings => Volatile.Read(ref _listings);

    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _listings);
            return files.List(directory);
        }
    }

    public IReadableFile OpenRead(string path) => files.OpenRead(path);

    public IWritableFile Create(string path) => files.Create(path);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public bool FileExists(string path) => files.FileExists(path);

    public IReadOnlyList<string> ListDirectories(string directory) => files.ListDirectories(directory);

    public bool DirectoryExists(string path) => files.DirectoryExists(path);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public void SyncDirectory(string path) => files.SyncDirectory(path);

    public IDisposable? TryLock(string path) => files.TryLock(path);
}
