using Penstock.Connectors;

namespace Penstock.Runtime.Tests.Files;

/// <summary>A file system in which a test may refuse to open or list something.</summary>
/// <param name="files">The file system.</param>
/// <param name="before">Called before a file is opened or a folder listed, with its path; may throw.</param>
internal sealed class ReachedFiles(IFileSystem files, Action<string> before) : IFileSystem
{
    public IReadableFile OpenRead(string path)
    {
        before(path);
        return files.OpenRead(path);
    }

    public IReadOnlyList<string> List(string directory)
    {
        before(directory);
        return files.List(directory);
    }

    public IReadOnlyList<string> ListDirectories(string directory) => files.ListDirectories(directory);

    public FileStamp? StampOf(string path) => files.StampOf(path);

    public IWritableFile Create(string path) => files.Create(path);

    public void Rename(string from, string to) => files.Rename(from, to);

    public void Delete(string path) => files.Delete(path);

    public bool FileExists(string path) => files.FileExists(path);

    public bool DirectoryExists(string path) => files.DirectoryExists(path);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public void SyncDirectory(string path) => files.SyncDirectory(path);

    public IDisposable? TryLock(string path) => files.TryLock(path);
}
