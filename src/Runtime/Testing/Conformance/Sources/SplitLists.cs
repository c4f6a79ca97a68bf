using Penstock.Connectors;

namespace Penstock.Testing;

/// <summary>Lists the splits of sources and compares the lists.</summary>
internal static class SplitLists
{
    /// <summary>Returns the splits of a source.</summary>
    public static IReadOnlyList<SourceSplit> Of<T>(CheckRun run, ISource<T> source)
    {
        run.Begin("lists its splits");
        var splits = source.Discover() ?? throw run.Broken(
            "Discover has returned null.",
            "Where there are no splits, return an empty list.");
        return splits.Count > 0 ? splits : throw run.Broken("there are none.", "Let the setup have data: without any nothing is checked.");
    }

    /// <summary>Checks that two lists are the same.</summary>
    public static void CheckSame(CheckRun run, IReadOnlyList<SourceSplit> first, IReadOnlyList<SourceSplit> second)
    {
        if (RowDifferences.InOrder(first, second, EqualityComparer<SourceSplit>.Default) is { } difference)
        {
            throw run.Broken(
                $"the list is another one than before: {difference}",
                "List the same splits in the same order, with the same fingerprints, as long as the data is the same.");
        }
    }

    /// <summary>Checks that the ids of the splits are unique.</summary>
    public static void CheckIds(CheckRun run, IReadOnlyList<SourceSplit> splits)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var split in splits)
        {
            if (split is null or { Id: null or "" } or { Fingerprint: null })
            {
                throw run.Broken(
                    "a split is null, has no id, or a fingerprint that is null.",
                    "Give each split an id; where it has no fingerprint, that is empty.");
            }

            if (!ids.Add(split.Id))
            {
                throw run.Broken(
                    $"two splits have the id '{split.Id}'.",
                    "Give each split an id of its own: positions in checkpoints are found by it.");
            }
        }
    }
}
