using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Penstock.Files;

namespace Penstock.Checkpoints;

/// <summary>
/// The checkpoints of one pipeline in one folder: <c>0000000012.state</c> holds the state of every subtask,
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
    private string? _job;

    public CheckpointStore(IFileSystem files, string folder, string pipeline)
    {
        _files = files;
        _folder = folder;
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

        var path = PathOf(id, StateExtension);
        if (!_files.FileExists(path))
        {
            throw new DamagedCheckpointException($"'{path}' is missing.");
        }

        using var file = _files.OpenRead(path);
        if (file.Length != manifest.StateLength)
        {
            throw new DamagedCheckpointException($"'{path}' has {file.Length} bytes instead of {manifest.StateLength}.");
        }

        foreach (var subtask in manifest.Subtasks)
        {
            if (Checksum(Read(file, subtask)) != subtask.Checksum)
            {
                throw new DamagedCheckpointException($"The state of subtask {subtask.Subtask} of task '{subtask.Task}' in '{path}' does not have its checksum.");
            }
        }

        return manifest;
    }

    /// <summary>Reads the state of one subtask.</summary>
    public ReadOnlySequence<byte> ReadState(Manifest manifest, SubtaskState subtask)
    {
        using var file = _files.OpenRead(PathOf(manifest.Id, StateExtension));
        return Read(file, subtask);
    }

    /// <summary>Writes the state of every subtask, durably; it counts for nothing until <see cref="Publish"/>.</summary>
    /// <returns>Where each lies, and the length of the file.</returns>
    public (List<SubtaskState> Subtasks, long Length) WriteState(long id, IEnumerable<SubtaskSnapshot> snapshots)
    {
        var subtasks = new List<SubtaskState>();
        var length = 0L;
        using var file = _files.Create(PathOf(id, StateExtension));
        foreach (var snapshot in snapshots)
        {
            var hash = new XxHash3();
            snapshot.State.ForEach((file, hash), static (target, bytes) =>
            {
                target.hash.Append(bytes.Span);
                target.file.Append(bytes.Span);
            });
            subtasks.Add(new SubtaskState(
                snapshot.Task, snapshot.Subtask, length, snapshot.State.Length, Text(hash.GetCurrentHashAsUInt64()), snapshot.Sections));
            length += snapshot.State.Length;
        }

        file.Sync();
        return (subtasks, length);
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
    }

    /// <summary>Deletes all but the newest checkpoints, and what unfinished ones left behind.</summary>
    /// <param name="retain">How many to keep.</param>
    /// <param name="newest">The newest complete checkpoint.</param>
    public void Collect(int retain, long newest)
    {
        var kept = List().Where(id => id <= newest).Take(retain).ToHashSet();
        foreach (var path in _files.List(_folder))
        {
            var id = IdOf(path, ManifestExtension) ?? IdOf(path, StateExtension) ?? IdOf(path, ManifestExtension + TemporaryExtension);
            if (id is { } known && (!kept.Contains(known) || path.EndsWith(TemporaryExtension, StringComparison.Ordinal)))
            {
                _files.Delete(path);
            }
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

    private static ReadOnlySequence<byte> Read(IReadableFile file, SubtaskState subtask)
    {
        var chunks = new ChunkedBytes();
        chunks.Fill(file, subtask.Offset, subtask.Length);
        return chunks.ToSequence();
    }

    private static string Checksum(ReadOnlySequence<byte> bytes)
    {
        var hash = new XxHash3();
        foreach (var chunk in bytes)
        {
            hash.Append(chunk.Span);
        }

        return Text(hash.GetCurrentHashAsUInt64());
    }

    private static string Text(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

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
