namespace Penstock.Sources;

/// <summary>Matches the splits that a source has with those of a checkpoint, and gives each to a subtask.</summary>
internal static class SplitAssignment
{
    /// <summary>The splits of one subtask: every <paramref name="parallelism"/>-th, in the source's order.</summary>
    /// <exception cref="SourceChangedException">A split of the checkpoint is gone or has other data.</exception>
    public static List<SplitProgress<T>> Assign<T>(
        string sourceId, IReadOnlyList<SourceSplit> discovered, IReadOnlyList<SavedSplit> saved, bool isFinished, int subtask, int parallelism)
    {
        var savedById = saved.ToDictionary(split => split.Id, StringComparer.Ordinal);
        var assigned = new List<SplitProgress<T>>();
        for (var index = 0; index < discovered.Count; index++)
        {
            var split = discovered[index];
            var progress = new SplitProgress<T>(split);
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
                    $"The job has finished, and since then its source '{sourceId}' gained '{split.Id}'. To process it, start a new job with an empty checkpoint folder and another output, or put the input back as it was.");
            }

            if (index % parallelism == subtask)
            {
                assigned.Add(progress);
            }
        }

        if (savedById.Values.FirstOrDefault(split => isFinished || !split.HasEnded) is { } missing)
        {
            throw new SourceChangedException(
                $"Source '{sourceId}' no longer has '{missing.Id}', from which the checkpoint was taken. Put the input back as it was, or start over with an empty checkpoint folder.");
        }

        return assigned;
    }

    private static void CheckUnchanged(string sourceId, SourceSplit split, SavedSplit known)
    {
        if (split.Fingerprint != known.Fingerprint)
        {
            throw new SourceChangedException(
                $"The data of source '{sourceId}' in '{split.Id}' has changed since the checkpoint was taken. Put the input back as it was, or start over with an empty checkpoint folder.");
        }
    }
}
