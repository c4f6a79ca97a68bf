using System.Text;
using Penstock.Connectors;
using Penstock.Files;

namespace Penstock.Checkpoints;

/// <summary>
/// The checkpoints of one pipeline in one storage. <c>0000000012.state</c> contains the state of every subtask of the first
/// node, or its changes; another node has a file of its own (<see cref="CheckpointNames"/>).
/// <c>0000000012.manifest</c> completes the checkpoint; it is published atomically after everything that it refers to is durable.
/// </summary>
/// <remarks>
/// If the storage itself does not exclude other processes, manifests fence writers: each writer publishes a manifest under every number in
/// sequence, or a mark if there is no checkpoint, and a number can be taken only once. A new writer takes the next number before it
/// restores anything, so an earlier writer can publish nothing more, however late it comes.
/// </remarks>
internal sealed class CheckpointStore : IDisposable
{
    private readonly ICheckpointStorage _storage;
    private readonly Func<Guid> _newId;
    private readonly byte[] _mark;
    private readonly Dictionary<long, string[]?> _filesOf = [];
    private readonly Dictionary<string, int> _pins = [];
    private byte[] _attempted = [];
    private string? _job;
    private long _lastTaken;

    /// <summary>Opens the checkpoint storage.</summary>
    /// <param name="storage">The storage; disposed together with this instance, and also if it cannot be opened.</param>
    /// <param name="newId">Generates ids.</param>
    public CheckpointStore(ICheckpointStorage storage, Func<Guid> newId)
    {
        _storage = storage;
        _newId = newId;
        _mark = ManifestFile.SerializeMark(_newId());
        State = new StateFiles(storage);
        try
        {
            storage.Open();
        }
        catch
        {
            // The storage may have a lock by now, and nothing else disposes it.
            storage.Dispose();
            throw;
        }
    }

    /// <summary>The state files.</summary>
    public StateFiles State { get; }

    /// <summary>The storage itself, for files that are not part of checkpoints.</summary>
    public ICheckpointStorage Storage => _storage;

    /// <summary>The location of the storage, for messages.</summary>
    public string Location => _storage.Location;

    /// <summary>
    /// Returns the id of the job, shared by all runs that continue each other. The first call reads it, or writes a new one: it exists
    /// before the first checkpoint.
    /// </summary>
    /// <returns>The id.</returns>
    public string OpenJob() => _job ??= JobAt(_storage) ?? BeginJob();

    /// <summary>Returns the id of the job whose checkpoints are in a storage, or null if there is none yet.</summary>
    public static string? JobAt(ICheckpointStorage storage) =>
        storage.List().Contains(CheckpointNames.Job)
            && Guid.TryParse(Encoding.ASCII.GetString(ReadAll(storage, CheckpointNames.Job)), out var id) ? id.ToString() : null;

    /// <summary>Returns the published ids, newest first. They may be damaged checkpoints, or marks.</summary>
    public IReadOnlyList<long> List() =>
        [.. _storage.List().Select(name => CheckpointNames.ManifestId(name)).OfType<long>().OrderDescending()];

    /// <summary>Ensures that no other writer can publish anything, and that everything published is durable.</summary>
    /// <returns>The published ids, newest first.</returns>
    public IReadOnlyList<long> FenceOtherWriters()
    {
        _storage.Sync();
        for (var refused = 0L; ;)
        {
            var ids = List();
            if (_storage.IsExclusive)
            {
                return ids;
            }

            var next = Math.Max(ids.FirstOrDefault(), refused) + 1;
            if (_storage.TryPublish(CheckpointNames.Manifest(next), _mark))
            {
                _lastTaken = next;
                return [next, .. ids];
            }

            refused = next;
        }
    }

    /// <summary>
    /// Ensures that no other process has taken over since <see cref="FenceOtherWriters"/>, because it could have deleted the checkpoints
    /// that were found.
    /// </summary>
    /// <exception cref="PipelineException">Another process has taken over.</exception>
    public void EnsureStillOwner()
    {
        if (!_storage.IsExclusive && List().FirstOrDefault() is var newest && newest != _lastTaken)
        {
            throw TakenOver(newest);
        }
    }

    /// <summary>Reads the manifest of a checkpoint.</summary>
    /// <returns>The manifest, or null if there is only a mark.</returns>
    /// <exception cref="DamagedCheckpointException">The manifest is damaged or missing.</exception>
    /// <exception cref="CheckpointRefusedException">The checkpoint is of a newer format.</exception>
    public Manifest? Read(long id)
    {
        var manifest = ReadManifest(id);
        return manifest == null || manifest.Id == id
            ? manifest
            : throw new DamagedCheckpointException($"The manifest of checkpoint {id} is that of checkpoint {manifest.Id}.");
    }

    /// <summary>Reads the manifest of a checkpoint and verifies every byte that it refers to.</summary>
    /// <returns>The manifest, or null if there is only a mark.</returns>
    /// <exception cref="DamagedCheckpointException">A file is damaged or missing.</exception>
    /// <exception cref="CheckpointRefusedException">The checkpoint is of a newer format.</exception>
    public Manifest? ReadVerified(long id)
    {
        var manifest = Read(id);
        if (manifest != null)
        {
            State.Verify(manifest);
        }

        return manifest;
    }

    /// <summary>Publishes a checkpoint: from now on a restart restores it.</summary>
    /// <exception cref="PipelineException">Another process has taken over.</exception>
    public void Publish(Manifest manifest)
    {
        while (!_storage.IsExclusive && _lastTaken + 1 < manifest.Id)
        {
            TryTake(_lastTaken + 1, _mark);
            _lastTaken++;
        }

        _attempted = ManifestFile.Serialize(manifest);
        if (!TryTake(manifest.Id, _attempted))
        {
            throw new IOException(
                $"'{_storage.Location}' refuses checkpoint {manifest.Id}, although there is none. The next one has another number.");
        }

        _lastTaken = manifest.Id;
        if (!_storage.IsExclusive)
        {
            CheckStillNewest(manifest.Id);
        }

        _filesOf[manifest.Id] = NamesOf(manifest);
    }

    /// <summary>Deletes all but the newest checkpoints, with their files, and the leftovers of unfinished ones.</summary>
    /// <param name="retain">The number of checkpoints to keep.</param>
    /// <param name="newest">The newest complete checkpoint.</param>
    public void Collect(int retain, long newest)
    {
        var kept = List().Where(id => id <= newest && FilesOf(id) != null).Take(retain).ToHashSet();
        var state = kept.SelectMany(id => FilesOf(id)!).ToHashSet();
        lock (_pins)
        {
            state.UnionWith(_pins.Keys);
        }

        foreach (var name in _storage.List())
        {
            // Newer files may belong to a process that has taken over without this one having noticed.
            if ((CheckpointNames.ManifestId(name) is { } manifest && manifest < newest && !kept.Contains(manifest))
                || (CheckpointNames.StateId(name) < newest && !state.Contains(name)))
            {
                _storage.Delete(name);
            }
        }

        foreach (var gone in _filesOf.Keys.Where(id => !kept.Contains(id)).ToList())
        {
            _filesOf.Remove(gone);
        }
    }

    /// <summary>
    /// Deletes the state files of unpublished checkpoints, which failed or whose process was killed. Called while no checkpoint is written.
    /// Does nothing if the storage does not exclude other processes, because the files may belong to a process that has taken over.
    /// </summary>
    public void CollectUnfinished()
    {
        if (!_storage.IsExclusive)
        {
            return;
        }

        // A manifest never refers to a file with a higher number than its own, so no checkpoint needs these files.
        var newest = List().FirstOrDefault();
        foreach (var name in _storage.List().Where(name => CheckpointNames.StateId(name) > newest))
        {
            _storage.Delete(name);
        }
    }

    /// <summary>Protects the state files of a checkpoint from deletion.</summary>
    /// <returns>Ends the protection when it is disposed, on any thread.</returns>
    public IDisposable Pin(Manifest manifest)
    {
        var files = NamesOf(manifest);
        Count(files, 1);
        return new FilePin(this, files);
    }

    /// <summary>Ensures that the storage contains the id of the job of a checkpoint in it.</summary>
    public void AdoptJob(Manifest manifest) => _job = JobAt(_storage) == manifest.Job ? manifest.Job : ReplaceJob(manifest.Job);

    public void Dispose() => _storage.Dispose();

    // Returns false if the storage refuses a number although no manifest has it: a server that died while writing may cause that. The
    // number then cannot be taken.
    private bool TryTake(long id, byte[] content)
    {
        if (_storage.TryPublish(CheckpointNames.Manifest(id), content) || IsOwn(id, content))
        {
            return true;
        }

        if (List().FirstOrDefault() is var newest && newest >= id)
        {
            throw TakenOver(newest);
        }

        return false;
    }

    // The existing object may be from this attempt, if its answer was lost, or from an earlier one that seemed to fail.
    private bool IsOwn(long id, byte[] content)
    {
        try
        {
            var there = ReadAll(CheckpointNames.Manifest(id)).AsSpan();
            return there.SequenceEqual(content) || there.SequenceEqual(_attempted);
        }
        catch (FileNotFoundException)
        {
            // The number belongs to another process, which is so far ahead that it has deleted it.
            return false;
        }
    }

    private void CheckStillNewest(long id)
    {
        var newer = List().Where(other => other > id).ToList();
        if (newer.Count == 0)
        {
            return;
        }

        // After a newer checkpoint the number may have become free again; a checkpoint published under it would continue nothing. With only
        // marks ahead it cannot have: then the process that wrote them may continue from this checkpoint.
        if (newer.Exists(other => FilesOf(other) != null))
        {
            _storage.Delete(CheckpointNames.Manifest(id));
        }

        throw TakenOver(newer[0]);
    }

    private PipelineException TakenOver(long id) => new(
        ErrorCodes.CheckpointsInUse,
        $"Another process has taken over the checkpoints in '{_storage.Location}': it has published number {id}. This process stops; the "
            + $"other one goes on.");

    private Manifest? ReadManifest(long id)
    {
        var name = CheckpointNames.Manifest(id);
        var manifest = ManifestFile.Read(
            ReadAll(name),
            $"{_storage.Location}/{name}",
            static checkpoint => CheckpointNames.State(checkpoint));
        _filesOf[id] = manifest == null ? null : NamesOf(manifest);
        return manifest;
    }

    private static string[] NamesOf(Manifest manifest) => [.. manifest.Files.Select(static file => file.Name)];

    private string[]? FilesOf(long id)
    {
        if (!_filesOf.TryGetValue(id, out var state))
        {
            try
            {
                ReadManifest(id);
                state = _filesOf[id];
            }
            catch (PipelineException)
            {
                // Damaged, or of a newer release: nothing can be restored from it, but files that may belong to it are not deleted either.
                _filesOf[id] = state = [.. _storage.List().Where(name => CheckpointNames.StateId(name) == id)];
            }
            catch (FileNotFoundException)
            {
                // Another process has just deleted it.
                return null;
            }
        }

        return state;
    }

    private void Count(string[] files, int change)
    {
        lock (_pins)
        {
            foreach (var file in files)
            {
                if ((_pins[file] = _pins.GetValueOrDefault(file) + change) == 0)
                {
                    _pins.Remove(file);
                }
            }
        }
    }

    private byte[] ReadAll(string name) => ReadAll(_storage, name);

    private static byte[] ReadAll(ICheckpointStorage storage, string name)
    {
        using var file = storage.OpenRead(name);
        return file.ReadAll();
    }

    // If another process starts at the same time, both continue with the id that the faster one has written.
    private string BeginJob()
    {
        var job = _newId().ToString();
        return TryWriteJob(job) ? job : JobAt(_storage) ?? ReplaceJob(job);
    }

    private string ReplaceJob(string job)
    {
        _storage.Delete(CheckpointNames.Job);
        TryWriteJob(job);
        return job;
    }

    private bool TryWriteJob(string job) => _storage.TryPublish(CheckpointNames.Job, Encoding.ASCII.GetBytes(job));

    private sealed class FilePin(CheckpointStore store, string[] files) : IDisposable
    {
        public void Dispose() => store.Count(files, -1);
    }
}
