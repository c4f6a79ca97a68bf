using System.Text.Json;
using Penstock.Connectors;

namespace Penstock.Sinks.Files;

/// <summary>
/// Prevents two jobs from writing the same part files, where each would delete files that it takes for its own leftovers. A lock, if the
/// store supports it, shows that a job is running; a mark, which outlives the process, shows which job. Both are removed when the job has
/// finished.
/// </summary>
internal sealed class PartClaim(IPartStore parts, PartNames names)
{
    private bool _isTaken;

    /// <summary>Takes the part files for a job.</summary>
    /// <param name="owner">The job.</param>
    /// <param name="isKnown"><c>true</c> if, according to the job's checkpoints, the visible files are its own.</param>
    /// <exception cref="PipelineException">The files belong, or may belong, to another job.</exception>
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
    /// Releases the part files after the job has finished. Only visible output remains. The mark remains, too, if the job took the files
    /// over from another job, so that the other job cannot resume later.
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

    // Visible output up to a savepoint is that of the job that took it, even if other jobs have written there since: each of them started
    // from a savepoint that is not older.
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

    // Without a lock the mark alone decides. Of several jobs with the same checkpoints only one can run; a job without checkpoints cannot
    // resume, so no mark is its own at its next start.
    private bool MayRun(PartMark mark, SinkOwner owner) =>
        !parts.KeepsOthersOut && mark.Checkpoints != null && mark.Checkpoints != owner.Checkpoints;

    // Hidden parts count only if a checkpoint may still refer to them.
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
