using Penstock.Files;

namespace Penstock.Checkpoints;

/// <summary>Checkpoints in a folder. A lock file, which the operating system frees when the process ends, keeps other processes out.</summary>
/// <param name="files">The file system.</param>
/// <param name="folder">The folder.</param>
/// <param name="pipeline">The name of the pipeline, for messages.</param>
/// <param name="isLocked">Whether other processes are to be kept out.</param>
internal sealed class FolderStorage(IFileSystem files, string folder, string pipeline, bool isLocked = true) : ICheckpointStorage
{
    private const string TemporaryExtension = ".tmp";

    private IDisposable? _lock;

    public string Location => folder;

    public bool IsExclusive => isLocked;

    public void Open()
    {
        try
        {
            files.CreateDurableDirectory(folder);
            _lock = !isLocked ? null : files.TryLock(PathOf("lock"))
                ?? throw new PipelineException(
                    $"Another process runs a pipeline on the checkpoint folder '{folder}'. Stop that process, or set Checkpoints:Path to a folder of its own.");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw new PipelineException(
                $"Pipeline '{pipeline}' cannot use the {(isLocked ? "checkpoint folder" : "folder of the savepoint")} '{Path.GetFullPath(folder)}': {error.Message} Let this process create and write files there, or {(isLocked ? "set Checkpoints:Path to" : "choose")} another folder.", error);
        }

        foreach (var unfinished in files.List(folder).Where(path => path.EndsWith(TemporaryExtension, StringComparison.Ordinal)))
        {
            files.Delete(unfinished);
        }
    }

    public IReadOnlyList<string> List() => [.. files.List(folder).Select(path => Path.GetFileName(path))];

    public IReadableFile OpenRead(string name) => files.OpenRead(PathOf(name));

    public IWritableFile Create(string name) => files.Create(PathOf(name));

    public bool TryPublish(string name, ReadOnlySpan<byte> content)
    {
        if (files.FileExists(PathOf(name)))
        {
            return false;
        }

        var temporary = PathOf(name + TemporaryExtension);
        using (var file = files.Create(temporary))
        {
            file.Append(content);
            file.Sync();
        }

        // The names of the files before must be durable before this one's: it may speak of them.
        files.SyncDirectory(folder);
        files.Rename(temporary, PathOf(name));
        files.SyncDirectory(folder);
        return true;
    }

    public void Delete(string name) => files.Delete(PathOf(name));

    public void Dispose() => _lock?.Dispose();

    private string PathOf(string name) => Path.Combine(folder, name);
}
