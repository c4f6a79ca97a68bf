using System.Text;
using Penstock.Connectors;
using Penstock.Files;

namespace Penstock.Checkpoints;

/// <summary>
/// The checkpoints of one pipeline in one place: <c>0000000012.state</c> holds the state of every subtask, or what has changed of it,
/// <c>0000000012.manifest</c>, published whole after everything it names is durable, makes it a checkpoint.
/// </summary>
/// <remarks>
/// Where the place itself keeps no other process out, writers are fenced by the manifests: each writer publishes one under every number in
/// turn, a mark where there is no checkpoint, and a number can be taken once. A new writer takes the next one before it restores anything:
/// so a writer that was there before can publish nothing more, however late it comes.
/// </remarks>
internal sealed class CheckpointStore : IDisposable
{
    private readonly ICheckpointStorage _storage;
    private readonly Func<Guid> _newId;
    private readonly byte[] _mark;
    private readonly Dictionary<long, string[]?> _filesOf = [];
    private readonly Dictionary<string, int> _held = [];
    private byte[] _attempted = [];
    private string? _job;
    private long _lastTaken;

    /// <summary>Opens a place for checkpoints.</summary>
    /// <param name="storage">The place; disposed with this, also where it cannot be opened.</param>
    /// <param name="newId">Creates ids.</param>
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
            // It may have a lock by then, and nobody else disposes it.
            storage.Dispose();
            throw;
        }
    }

    /// <summary>The files with the state.</summary>
    public StateFiles State { get; }

    /// <summary>The place itself, for files that are no checkpoints.</summary>
    public ICheckpointStorage Storage => _storage;

    /// <summary>The place, for messages.</summary>
    public string Location => _storage.Location;

    /// <summary>The id of the job, of all runs that continue each other; it exists before the first checkpoint does.</summary>
    public string Job => _job ??= JobAt(_storage) ?? BeginJob();

    /// <summary>The id of the job whose checkpoints are in a place; null where there is none yet.</summary>
    public static string? JobAt(ICheckpointStorage storage) =>
        storage.List().Contains(CheckpointNames.Job)
            && Guid.TryParse(Encoding.ASCII.GetString(ReadAll(storage, CheckpointNames.Job)), out var id) ? id.ToString() : null;

    /// <summary>
    /// The ids that have been published, newest first; whether they are whole checkpoints, or checkpoints at all, is not known yet.
    /// </summary>
    public IReadOnlyList<long> List() =>
        [.. _storage.List().Select(name => CheckpointNames.ManifestId(name)).OfType<long>().OrderDescending()];

    /// <summary>Makes sure that no other writer publishes anything any more, and that what was published is durable.</summary>
    /// <returns>The ids that have been published, newest first.</returns>
    public IReadOnlyList<long> FenceOtherWriters()
    {
        _storage.Settle();
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
    /// Makes sure that no other process has taken over since <see cref="FenceOtherWriters"/>, which may have deleted what was found.
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
    /// <returns>The manifest, or null where there is only a mark.</returns>
    /// <exception cref="DamagedCheckpointException">It is damaged, or gone.</exception>
    /// <exception cref="CheckpointRefusedException">The checkpoint is of a newer format.</exception>
    public Manifest? Read(long id)
    {
        var manifest = ReadManifest(id);
        return manifest == null || manifest.Id == id
            ? manifest
            : throw new DamagedCheckpointException($"The manifest of checkpoint {id} is that of checkpoint {manifest.Id}.");
    }

    /// <summary>Reads the manifest of a checkpoint and verifies every byte that it names.</summary>
    /// <returns>The manifest, or null where there is only a mark.</returns>
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

    /// <summary>Makes a checkpoint exist: from here on it is what a restart restores.</summary>
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

    /// <summary>
    /// Deletes older checkpoints but the newest ones with the files that they consist of, and what unfinished ones left behind.
    /// </summary>
    /// <param name="retain">How many to keep.</param>
    /// <param name="newest">The newest complete checkpoint.</param>
    public void Collect(int retain, long newest)
    {
        var kept = List().Where(id => id <= newest && FilesOf(id) != null).Take(retain).ToHashSet();
        var state = kept.SelectMany(id => FilesOf(id)!).ToHashSet();
        lock (_held)
        {
            state.UnionWith(_held.Keys);
        }

        foreach (var name in _storage.List())
        {
            // What is newer may be that of a process that has taken over, and this one just does not know it yet.
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
    /// Deletes the state files of checkpoints that were not published, because they failed or the process was killed. To be called while no
    /// checkpoint is written. Does nothing where the place keeps no other process out: the files may be those of a process that has taken
    /// over.
    /// </summary>
    public void CollectUnfinished()
    {
        if (!_storage.IsExclusive)
        {
            return;
        }

        // A manifest names no file with a higher number than its own, so that no checkpoint needs these.
        var newest = List().FirstOrDefault();
        foreach (var name in _storage.List().Where(name => CheckpointNames.StateId(name) > newest))
        {
            _storage.Delete(name);
        }
    }

    /// <summary>Keeps the state files of a checkpoint from being deleted.</summary>
    /// <returns>Ends it; to be disposed on any thread.</returns>
    public IDisposable Hold(Manifest manifest)
    {
        var files = NamesOf(manifest);
        Count(files, 1);
        return new FileHold(this, files);
    }

    /// <summary>Makes sure that the place has the id of the job that a checkpoint in it is of.</summary>
    public void AdoptJob(Manifest manifest) => _job = JobAt(_storage) == manifest.Job ? manifest.Job : ReplaceJob(manifest.Job);

    public void Dispose() => _storage.Dispose();

    // False where the place refuses a number although no manifest has it: a server that died while writing may leave that behind. Then the
    // number cannot be taken.
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

    // What is there may be this attempt, of which the answer was lost, or an earlier one that was thought to have failed.
    private bool IsOwn(long id, byte[] content)
    {
        try
        {
            var there = ReadAll(CheckpointNames.Manifest(id)).AsSpan();
            return there.SequenceEqual(content) || there.SequenceEqual(_attempted);
        }
        catch (FileNotFoundException)
        {
            // It is that of another process, which is so far ahead that it has deleted it.
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

        // Behind a newer checkpoint the number may have been free again; what was published then continues nothing. With only marks ahead
        // it was not: then the process that made them may go on from this checkpoint.
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
                // Damaged or of a newer release: nothing can be restored from it, but nothing that may be its own is deleted either.
                _filesOf[id] = state = [.. _storage.List().Where(name => CheckpointNames.StateId(name) == id)];
            }
            catch (FileNotFoundException)
            {
                // Another process has just cleared it away.
                return null;
            }
        }

        return state;
    }

    private void Count(string[] files, int change)
    {
        lock (_held)
        {
            foreach (var file in files)
            {
                if ((_held[file] = _held.GetValueOrDefault(file) + change) == 0)
                {
                    _held.Remove(file);
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

    // Where another process begins at the same time, both go on with what the faster one has written.
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

    private sealed class FileHold(CheckpointStore store, string[] files) : IDisposable
    {
        public void Dispose() => store.Count(files, -1);
    }
}
