using Penstock.Connectors;
using Penstock.Files;

namespace Penstock.Checkpoints;

/// <summary>
/// Stores checkpoints in a folder. A lock file, which the operating system releases when the process ends, excludes other processes.
/// </summary>
/// <param name="files">The file system.</param>
/// <param name="folder">The folder.</param>
/// <param name="pipeline">The name of the pipeline, for messages.</param>
/// <param name="isLocked"><c>true</c> to exclude other processes.</param>
internal sealed class FolderStorage(IFileSystem files, string folder, string pipeline, bool isLocked = true) : ICheckpointStorage
{
    private const string TemporaryExtension = ".tmp";

    // Temporary files that could not be deleted.
    private readonly HashSet<string> _left = [];
    private IDisposable? _lock;
    private volatile bool _isDisposed;

    public string Location => folder;

    public bool IsExclusive => isLocked;

    public void Open()
    {
        try
        {
            files.CreateDurableDirectory(folder);
            _lock = !isLocked ? null : files.TryLock(PathOf("lock"))
                ?? throw new PipelineException(
                    ErrorCodes.CheckpointsInUse,
                    $"Another process runs a pipeline on the checkpoint folder '{folder}'. Stop that process, or set Checkpoints:Path to "
                        + $"a folder of its own.");

            // Without the lock another process may be writing them.
            if (isLocked)
            {
                DeleteUnpublished();
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw new PipelineException(
                ErrorCodes.CheckpointPlaceUnusable,
                $"Pipeline '{pipeline}' cannot use the {(isLocked ? "checkpoint folder" : "folder of the savepoint")} '{Path.GetFullPath(folder)}': {error.Message} Let this process create and write files there, or {(isLocked ? "set Checkpoints:Path to" : "choose")} another folder.",
                error);
        }
    }

    public void Sync() => files.SyncDirectory(folder);

    public IReadOnlyList<string> List() => [.. files.List(folder).Select(path => Path.GetFileName(path))];

    public IReadableFile OpenRead(string name) => files.OpenRead(PathOf(name));

    public IWritableFile Create(string name) => new StoredFile(this, files.Create(PathOf(name)), PathOf(name));

    public bool TryPublish(string name, ReadOnlySpan<byte> content)
    {
        if (files.FileExists(PathOf(name)))
        {
            return false;
        }

        var temporary = PathOf(name + TemporaryExtension);
        try
        {
            using (var file = files.Create(temporary))
            {
                file.Append(content);
                file.Sync();
            }

            // The names of previous files must be durable before this one, which may refer to them.
            files.SyncDirectory(folder);
            files.Rename(temporary, PathOf(name));
        }
        catch
        {
            _left.Add(temporary);
            DeleteLeft();
            throw;
        }

        files.SyncDirectory(folder);
        DeleteLeft();
        return true;
    }

    public void Delete(string name) => files.Delete(PathOf(name));

    public void Dispose()
    {
        _isDisposed = true;
        _lock?.Dispose();
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    // Other temporary files may be anything, such as part files prepared by a sink.
    private void DeleteUnpublished()
    {
        foreach (var name in List().Where(name => name.EndsWith(TemporaryExtension, StringComparison.Ordinal)))
        {
            if (CheckpointNames.IsPublished(name[..^TemporaryExtension.Length]))
            {
                Delete(name);
            }
        }
    }

    // Deletion is retried with each file that is published, and at the next start.
    private void DeleteLeft() => _left.RemoveWhere(IsGivenUp);

    // Frees the space, which may have been what was missing.
    private bool IsGivenUp(string path)
    {
        if (_isDisposed)
        {
            // The lock is lost: the file may belong to another process by now.
            return false;
        }

        try
        {
            files.Delete(path);
            return true;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // The error that led here is the one to report.
            return false;
        }
    }

    // Deletes the file if it is disposed before it is durable.
    private sealed class StoredFile(FolderStorage storage, IWritableFile file, string path) : IWritableFile
    {
        private bool _isDurable;

        public void Append(ReadOnlySpan<byte> bytes) => file.Append(bytes);

        public void Sync()
        {
            file.Sync();
            _isDurable = true;
        }

        public void Dispose()
        {
            file.Dispose();
            if (!_isDurable)
            {
                // State files that remain are deleted like those of an unpublished checkpoint.
                storage.IsGivenUp(path);
            }
        }
    }
}
