using System.Globalization;
using System.Text;
using Penstock.Files;

namespace Penstock.Checkpoints;

/// <summary>
/// The checkpoints of one pipeline in one folder: <c>0000000012.state</c> holds the state of every subtask, or what has changed of it,
/// <c>0000000012.manifest</c>, published by an atomic rename after everything it names is durable, makes it a checkpoint.
/// </summary>
internal sealed class CheckpointStore : IDisposable
{
    private const string StateExtension = ".state";
    private const string ManifestExtension = ".manifest";
    private const string TemporaryExtension = ".tmp";

    private readonly IFileSystem _files;
    private readonly string _folder;
    private readonly IDisposable _lock;
    private readonly Dictionary<long, long[]> _filesOf = [];
    private string? _job;

    public CheckpointStore(IFileSystem files, string folder, string pipeline)
    {
        _files = files;
        _folder = folder;
        State = new StateFiles(files, id => PathOf(id, StateExtension));
        try
        {
            files.CreateDurableDirectory(folder);
            _lock = files.TryLock(Path.Combine(folder, "lock"))
                ?? throw new PipelineException(
                    $"Another process runs a pipeline on the checkpoint folder '{folder}'. Stop that process, or set Checkpoints:Path to a folder of its own.");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw new PipelineException(
                $"Pipeline '{pipeline}' cannot use the checkpoint folder '{Path.GetFullPath(folder)}': {error.Message} Let this process create and write files there, or set Checkpoints:Path to another folder.", error);
        }
    }

    /// <summary>The id of the job, of all runs that continue each other; it exists before the first checkpoint does.</summary>
    public string Job => _job ??= ReadJob() ?? WriteJob(Guid.NewGuid().ToString());

    /// <summary>The files with the state.</summary>
    public StateFiles State { get; }

    /// <summary>The ids of the checkpoints that have a manifest, newest first; whether they are whole is not known yet.</summary>
    public IReadOnlyList<long> List() =>
        [.. _files.List(_folder).Select(path => IdOf(path, ManifestExtension)).OfType<long>().OrderDescending()];

    /// <summary>Reads the manifest of a checkpoint and verifies every byte that it names.</summary>
    /// <exception cref="DamagedCheckpointException">A file is damaged or missing.</exception>
    /// <exception cref="CheckpointRefusedException">The checkpoint is of a newer format.</exception>
    public Manifest ReadVerified(long id)
    {
        var manifest = ManifestFile.Read(_files, PathOf(id, ManifestExtension));
        if (manifest.Id != id)
        {
            throw new DamagedCheckpointException($"The manifest of checkpoint {id} is that of checkpoint {manifest.Id}.");
        }

        foreach (var file in manifest.Files)
        {
            State.Verify(file);
        }

        _filesOf[id] = [.. manifest.Files.Select(file => file.Id)];
        return manifest;
    }

    /// <summary>Makes a checkpoint exist: from here on it is what a restart restores.</summary>
    public void Publish(Manifest manifest)
    {
        var temporary = PathOf(manifest.Id, ManifestExtension + TemporaryExtension);
        using (var file = _files.Create(temporary))
        {
            file.Append(ManifestFile.Serialize(manifest));
            file.Sync();
        }

        // The state file's name must be durable before the manifest's: a manifest without its state would be damage.
        _files.SyncDirectory(_folder);
        _files.Rename(temporary, PathOf(manifest.Id, ManifestExtension));
        _files.SyncDirectory(_folder);
        _filesOf[manifest.Id] = [.. manifest.Files.Select(file => file.Id)];
    }

    /// <summary>Deletes all but the newest checkpoints with the files that they consist of, and what unfinished ones left behind.</summary>
    /// <param name="retain">How many to keep.</param>
    /// <param name="newest">The newest complete checkpoint.</param>
    public void Collect(int retain, long newest)
    {
        var kept = List().Where(id => id <= newest).Take(retain).ToHashSet();
        var state = kept.SelectMany(FilesOf).ToHashSet();
        foreach (var path in _files.List(_folder))
        {
            if ((IdOf(path, ManifestExtension) is { } manifest && !kept.Contains(manifest))
                || (IdOf(path, StateExtension) is { } file && !state.Contains(file))
                || IdOf(path, ManifestExtension + TemporaryExtension) != null)
            {
                _files.Delete(path);
            }
        }

        foreach (var gone in _filesOf.Keys.Where(id => !kept.Contains(id)).ToList())
        {
            _filesOf.Remove(gone);
        }
    }

    /// <summary>Makes sure that the folder has the id of the job that a checkpoint in it is of.</summary>
    public void GoOnWith(Manifest manifest) => _job = ReadJob() == manifest.Job ? manifest.Job : WriteJob(manifest.Job);

    public void Dispose() => _lock.Dispose();

    private string? ReadJob() =>
        _files.FileExists(JobPath) && Guid.TryParse(Encoding.ASCII.GetString(_files.ReadAll(JobPath)), out var id) ? id.ToString() : null;

    private string WriteJob(string job)
    {
        _files.WriteDurably(JobPath, Encoding.ASCII.GetBytes(job));
        return job;
    }

    private string JobPath => Path.Combine(_folder, "job");

    private long[] FilesOf(long id)
    {
        if (!_filesOf.TryGetValue(id, out var state))
        {
            try
            {
                state = [.. ManifestFile.Read(_files, PathOf(id, ManifestExtension)).Files.Select(file => file.Id)];
            }
            catch (PipelineException)
            {
                // Damaged or of a newer release: nothing can be restored from it, but nothing that may be its own is deleted either.
                state = [id];
            }

            _filesOf[id] = state;
        }

        return state;
    }

    private static long? IdOf(string path, string extension)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(extension, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, name.Length - extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;
    }

    private string PathOf(long id, string extension) => Path.Combine(_folder, id.ToString("D10", CultureInfo.InvariantCulture) + extension);
}
