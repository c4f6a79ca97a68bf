using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Files;

/// <summary>A file system in which a test observes operations on written files, and may refuse them.</summary>
/// <param name="files">The file system.</param>
/// <param name="before">Called before a file is appended to, begins to sync, is synced or closed, with the name of the call; may
/// throw.</param>
internal sealed class WatchedFiles(IFileSystem files, Action<string> before) : IFileSystem
{
    public IReadableFile OpenRead(string path) => files.OpenRead(path);

    public IWritableFile Create(string path) => new Watched(files.Create(path), before);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public bool FileExists(string path) => files.FileExists(path);

    public IReadOnlyList<string> ListDirectories(string directory) => files.ListDirectories(directory);

    public bool DirectoryExists(string path) => files.DirectoryExists(path);

    public IReadOnlyList<string> List(string directory) => files.List(directory);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public void SyncDirectory(string path) => files.SyncDirectory(path);

    public IDisposable? TryLock(string path) => files.TryLock(path);

    private sealed class Watched(IWritableFile file, Action<string> before) : IWritableFile
    {
        public void Append(ReadOnlySpan<byte> bytes)
        {
            before("Append");
            file.Append(bytes);
        }

        public void BeginSync()
        {
            before("BeginSync");
            file.BeginSync();
        }

        public void Sync()
        {
            before("Sync");
            file.Sync();
        }

        public void Dispose()
        {
            before("Dispose");
            file.Dispose();
        }
    }
}
