using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>
/// In-memory files of which several change at once: a listing sees all of the changes or none. A folder may be away for a while.
/// </summary>
internal sealed class SteadyFiles(MemoryFileSystem files) : IFileSystem
{
    private readonly Lock _gate = new();
    private int _listings;

    /// <summary>The files without the lock, whose listings are not counted.</summary>
    public MemoryFileSystem Files => files;

    /// <summary>A folder that is away; null if none is.</summary>
    public string? Away { get; set; }

    /// <summary>Indicates whether the folder that is away is there without its files, like a place where nothing is mounted.</summary>
    public bool IsAwayEmpty { get; set; }

    /// <summary>Called before a file is opened.</summary>
    public Action<string>? BeforeOpen { get; set; }

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
            return directory == Away ? [] : files.List(directory);
        }
    }

    public IReadableFile OpenRead(string path)
    {
        BeforeOpen?.Invoke(path);
        return !IsAway(path) ? files.OpenRead(path)
            : IsAwayEmpty ? throw new FileNotFoundException($"There is no file '{path}'.", path)
            : throw new DirectoryNotFoundException($"There is no folder '{Away}'.");
    }

    public IWritableFile Create(string path) => files.Create(path);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public bool FileExists(string path) => !IsAway(path) && files.FileExists(path);

    public IReadOnlyList<string> ListDirectories(string directory) => files.ListDirectories(directory);

    public bool DirectoryExists(string path) => (path != Away || IsAwayEmpty) && files.DirectoryExists(path);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public void SyncDirectory(string path) => files.SyncDirectory(path);

    public IDisposable? TryLock(string path) => files.TryLock(path);

    private bool IsAway(string path) => Away != null && Path.GetDirectoryName(path) == Away;
}
