using System.Text.Json;
using Penstock.Connectors;

namespace Penstock.Sinks.Files;

/// <summary>
/// Keeps two jobs from writing the same part files, where each would delete what it takes for its own leftovers. Where there are locks, one
/// says that a job runs; a mark, which outlives the process, says which. Both are gone when the job has finished.
/// </summary>
internal sealed class PartClaim(IPartStore parts, PartNames names)
{
    private bool _isTaken;

    /// <summary>Takes the part files for a job.</summary>
    /// <param name="owner">The job.</param>
    /// <param name="isKnown">Whether the job's checkpoints say that the visible files here are its own.</param>
    /// <exception cref="PipelineException">They belong to another job, or may.</exception>
    public void Take(SinkOwner owner, bool isKnown)
    {
        if (!parts.TryHold())
        {
            throw new PipelineException(
                ErrorCodes.OutputOfOtherJob,
                $"Pipeline '{owner.Pipeline}': another pipeline that is running writes to "
                    + $"'{parts.Place}'{(ReadMark().Mark is { } running ? $" (pipeline '{running.Pipeline}')" : "")}. Give each a path of "
                    + $"its own (Sinks:<stream>:Path).");
        }

        _isTaken = true;
        var (mark, bytes) = ReadMark();
        if (mark?.Job == owner.Job)
        {
            parts.KeepMark(bytes);
            return;
        }

        var former = FormerOf(mark, owner, isKnown);
        if (former == null && IsForeign(mark, owner, isKnown))
        {
            if (mark == null)
            {
                parts.LetGo(leavesNothing: true);
            }

            throw new PipelineException(ErrorCodes.OutputOfOtherJob, PartRefusal.Explain(parts, owner, mark, HasParts(alsoHidden: true)));
        }

        parts.WriteMark(PartMark.Of(owner, former).Serialize());
    }

    /// <summary>
    /// The job has finished: what is visible stays, and nothing else does; unless it has taken the part files over from another job, which
    /// must not go on with them later: then the mark stays, too.
    /// </summary>
    public void GiveUp()
    {
        if (_isTaken)
        {
            if (ReadMark().Mark is not { Former: not null })
            {
                parts.DeleteMark();
            }

            parts.LetGo(leavesNothing: true);
        }
    }

    // What is visible up to a savepoint is that of the job that took it, also where other jobs have written there since: each of them began
    // with a savepoint that is not older.
    private IReadOnlyList<SinkPredecessor>? FormerOf(PartMark? mark, SinkOwner owner, bool isKnown)
    {
        if (owner.Predecessor is not { } predecessor)
        {
            return null;
        }

        if (mark == null)
        {
            return isKnown && HasParts(alsoHidden: false) ? [predecessor] : null;
        }

        if (mark.Job == predecessor.Job)
        {
            return [predecessor, .. mark.Former ?? []];
        }

        var former = mark.Former?.SkipWhile(job => job.Job != predecessor.Job).ToList() ?? [];
        return former.Count > 0 && predecessor.Checkpoint <= former[0].Checkpoint ? [predecessor, .. former.Skip(1)] : null;
    }

    private bool IsForeign(PartMark? mark, SinkOwner owner, bool isKnown) => mark == null
        ? !isKnown && HasParts(alsoHidden: false)
        : MayRun(mark, owner) || HasParts(alsoHidden: mark.Checkpoints != null);

    // Without a lock the mark alone tells. Of jobs with the same checkpoints only one runs; and one without is known by no mark at its next
    // start.
    private bool MayRun(PartMark mark, SinkOwner owner) =>
        !parts.KeepsOthersOut && mark.Checkpoints != null && mark.Checkpoints != owner.Checkpoints;

    // Hidden parts count only if a checkpoint may still name them.
    private bool HasParts(bool alsoHidden) =>
        parts.ListVisible().Any(IsPart) || (alsoHidden && parts.ListHidden().Any(IsPart));

    private bool IsPart(string name) => names.IsVisible(name, out _);

    private (PartMark? Mark, byte[] Bytes) ReadMark()
    {
        if (parts.ReadMark() is not { } bytes)
        {
            return (null, []);
        }

        try
        {
            return (PartMark.Read(bytes), bytes);
        }
        catch (JsonException error)
        {
            throw new PipelineException(
                ErrorCodes.MarkDamaged,
                $"'{parts.MarkName}' beside '{parts.Place}' says which job writes there, but it is damaged "
                    + $"({error.Message}). Delete it if no other job writes there.",
                error);
        }
    }
}
