using System.Text.Json;
using Penstock.Files;

namespace Penstock.Sinks.Files;

/// <summary>
/// Keeps two jobs from writing the same part files, where each would delete what it takes for its own leftovers. A lock
/// says that a job runs; a mark beside it, which outlives the process, says which. Both are gone when the job has finished.
/// </summary>
internal sealed class PartFolderClaim(IFileSystem files, PartNames names) : IDisposable
{
    private IDisposable? _lock;

    /// <summary>Takes the part files for a job.</summary>
    /// <param name="owner">The job.</param>
    /// <param name="isKnown">Whether the job's checkpoints say that the visible files here are its own.</param>
    /// <exception cref="PipelineException">They belong to another job, or may.</exception>
    public void Take(SinkOwner owner, bool isKnown)
    {
        files.CreateDurableDirectory(names.Folder);
        _lock = files.TryLock(names.LockPath) ?? throw new PipelineException(
            $"Pipeline '{owner.Pipeline}': another pipeline that is running writes to '{names.Path}'{(ReadMark() is { } running ? $" (pipeline '{running.Pipeline}')" : "")}. Give each a path of its own (Sinks:<stream>:Path).");

        var mark = ReadMark();
        if (mark?.Job == owner.Job)
        {
            return;
        }

        var former = FormerOf(mark, owner, isKnown);
        if (former == null && IsForeign(mark, isKnown))
        {
            if (mark == null)
            {
                DeleteLock();
            }

            throw new PipelineException(PartFolderRefusal.Explain(names, owner, mark));
        }

        files.WriteDurably(names.MarkPath, PartMark.Of(owner, former).Serialize());
    }

    /// <summary>
    /// The job has finished: what is visible stays, and nothing else does; unless it has taken the part files over from another job, which must not go on
    /// with them later: then the mark stays, too.
    /// </summary>
    public void GiveUp()
    {
        if (_lock != null)
        {
            if (ReadMark() is not { Former: not null })
            {
                files.Delete(names.MarkPath);
            }

            DeleteLock();
            files.SyncDirectory(names.Folder);
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    // What is visible up to a savepoint is that of the job that took it, whoever has written there since: each of them began with a savepoint that is not older.
    private IReadOnlyList<SinkPredecessor>? FormerOf(PartMark? mark, SinkOwner owner, bool isKnown)
    {
        if (owner.Predecessor is not { } predecessor)
        {
            return null;
        }

        if (mark == null)
        {
            return isKnown && HasParts(IsVisible) ? [predecessor] : null;
        }

        if (mark.Job == predecessor.Job)
        {
            return [predecessor, .. mark.Former ?? []];
        }

        var former = mark.Former?.SkipWhile(job => job.Job != predecessor.Job).ToList() ?? [];
        return former.Count > 0 && predecessor.Checkpoint <= former[0].Checkpoint ? [predecessor, .. former.Skip(1)] : null;
    }

    private bool IsForeign(PartMark? mark, bool isKnown) =>
        mark == null ? !isKnown && HasParts(IsVisible) : HasParts(mark.Checkpoints == null ? IsVisible : IsPart);

    private bool HasParts(Func<string, bool> isPart) => files.List(names.Folder).Any(path => isPart(System.IO.Path.GetFileName(path)));

    private void DeleteLock()
    {
        // Not the other way round: some systems delete no file that is locked.
        Dispose();
        files.Delete(names.LockPath);
    }

    private bool IsVisible(string name) => names.IsVisible(name, out _);

    private bool IsPart(string name) => IsVisible(name) || names.IsTemporary(name);

    private PartMark? ReadMark()
    {
        if (!files.FileExists(names.MarkPath))
        {
            return null;
        }

        try
        {
            return PartMark.Read(files.ReadAll(names.MarkPath));
        }
        catch (JsonException error)
        {
            throw new PipelineException(
                $"'{names.MarkPath}' says which job writes to '{names.Path}', but it is damaged ({error.Message}). Delete it if no other job writes there.", error);
        }
    }
}
