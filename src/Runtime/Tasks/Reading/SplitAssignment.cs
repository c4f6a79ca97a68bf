using Penstock.Connectors;
using Penstock.Sources;

namespace Penstock.Tasks;

/// <summary>Matches the splits of a source with those of a checkpoint, and assigns each to a subtask.</summary>
internal static class SplitAssignment
{
    /// <summary>Returns the splits of one subtask.</summary>
    /// <param name="sourceId">The id of the source.</param>
    /// <param name="discovered">The current splits of the source.</param>
    /// <param name="saved">The splits of the checkpoint, or null if it does not contain the source or there is no checkpoint.</param>
    /// <param name="isFinished"><c>true</c> if the job had finished.</param>
    /// <param name="isMine">Determines whether the subtask reads a split, from the split and its index.</param>
    /// <param name="dividing">The division of the source, or null if it does not divide its input.</param>
    /// <param name="findProblem">
    /// Returns which setting has changed for a split of the checkpoint that the source does not have, or null if the source cannot tell.
    /// </param>
    /// <exception cref="SourceChangedException">A split of the checkpoint is missing or has different data.</exception>
    public static List<SplitProgress<T>> Assign<T>(
        string sourceId,
        IReadOnlyList<SourceSplit> discovered,
        IReadOnlyList<SavedSplit>? saved,
        bool isFinished,
        Func<SourceSplit, int, bool> isMine,
        IDividingSource? dividing = null,
        Func<SavedSplit, string?>? findProblem = null)
    {
        var savedById = (saved ?? []).ToDictionary(split => split.Id, StringComparer.Ordinal);
        if (findProblem != null)
        {
            CheckSettings(discovered, savedById, findProblem);
        }

        if (dividing != null)
        {
            CheckDivision(sourceId, discovered, savedById, dividing);
        }

        var assigned = new List<SplitProgress<T>>();
        for (var index = 0; index < discovered.Count; index++)
        {
            var split = discovered[index];
            var progress = new SplitProgress<T>(split) { IsNew = saved != null && !savedById.ContainsKey(split.Id) };
            if (savedById.Remove(split.Id, out var known))
            {
                CheckUnchanged(sourceId, split, known);
                progress.HasBegun = known.HasBegun;
                progress.HasEnded = known.HasEnded;
                progress.MaxTime = known.MaxTime;
                progress.Watermark = known.Watermark;
                progress.Position = known.Position;
            }
            else if (isFinished)
            {
                throw new SourceChangedException(
                    $"The job has finished, and since then its source '{sourceId}' gained '{split.Id}'. To process it, start a new job "
                        + $"with an empty checkpoint folder and another output, or put the input back as it was.",
                    ErrorCodes.InputAfterEnd);
            }

            if (isMine(split, index))
            {
                assigned.Add(progress);
            }
        }

        if (savedById.Values.FirstOrDefault(split => !split.HasEnded || (isFinished && !split.WasGone)) is { } missing)
        {
            throw new SourceChangedException(
                $"Source '{sourceId}' no longer has '{missing.Id}', from which the checkpoint was taken. Put the input back as it was, or "
                    + $"start over with an empty checkpoint folder and an empty output.",
                ErrorCodes.InputGone);
        }

        return assigned;
    }

    /// <summary>
    /// Returns the splits of a checkpoint that have ended and that the source no longer has. The next checkpoint must contain them: if
    /// their data came back, it would be read again.
    /// </summary>
    /// <param name="discovered">The current splits of the source.</param>
    /// <param name="saved">The splits of the checkpoint.</param>
    public static List<SavedSplit> Gone(IReadOnlyList<SourceSplit> discovered, IReadOnlyList<SavedSplit> saved)
    {
        var there = discovered.Select(static split => split.Id).ToHashSet(StringComparer.Ordinal);
        return [.. saved.Where(split => split.HasEnded && !there.Contains(split.Id)).Select(static split => split.AsGone())];
    }

    /// <summary>Determines whether a split that appears while the job runs was read to its end before it was gone.</summary>
    /// <exception cref="SourceChangedException">It has different data now.</exception>
    public static bool HasReturned(string sourceId, SourceSplit split, List<SavedSplit> gone)
    {
        if (gone.Find(known => known.Id == split.Id) is not { } known)
        {
            return false;
        }

        CheckUnchanged(sourceId, split, known);
        return true;
    }

    // Checked first, because missing or new splits follow from it.
    private static void CheckSettings(
        IReadOnlyList<SourceSplit> discovered,
        Dictionary<string, SavedSplit> saved,
        Func<SavedSplit, string?> findProblem)
    {
        if (saved.Keys.Except(discovered.Select(split => split.Id))
            .Select(id => findProblem(saved[id]))
            .FirstOrDefault(static why => why != null) is { } why)
        {
            throw new SourceChangedException(why, ErrorCodes.ReadOtherwise);
        }
    }

    // Applies even if the parts that were read have ended: other parts of the same file would contain their rows again.
    private static void CheckDivision(
        string sourceId,
        IReadOnlyList<SourceSplit> discovered,
        Dictionary<string, SavedSplit> saved,
        IDividingSource dividing)
    {
        var missing = saved.Keys.Except(discovered.Select(split => split.Id))
            .DistinctBy(dividing.InputOf)
            .ToDictionary(dividing.InputOf, id => saved[id]);
        if (missing.Count == 0)
        {
            return;
        }

        foreach (var split in discovered)
        {
            if (!saved.ContainsKey(split.Id) && missing.TryGetValue(dividing.InputOf(split.Id), out var known))
            {
                CheckUnchanged(sourceId, split, known);
                throw new SourceChangedException(
                    $"Source '{sourceId}' divides '{dividing.InputOf(split.Id)}' otherwise than when the checkpoint was taken: "
                        + $"'{known.Id}' is no part of it any more. {dividing.Remedy(sourceId)}, or start over with an empty checkpoint "
                        + $"folder and an empty output.",
                    ErrorCodes.ReadOtherwise);
            }
        }
    }

    private static void CheckUnchanged(string sourceId, SourceSplit split, SavedSplit known)
    {
        if (split.Fingerprint != known.Fingerprint)
        {
            throw new SourceChangedException(
                $"The data of source '{sourceId}' in '{split.Id}' has changed since the checkpoint was taken. Put the input back as it "
                    + $"was, or start over with an empty checkpoint folder and an empty output.");
        }
    }
}
