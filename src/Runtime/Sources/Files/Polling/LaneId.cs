using System.Globalization;

namespace Penstock.Sources.Files;

/// <summary>The split id of a lane of a polling file source: the path of the source, and the number of the lane.</summary>
/// <param name="Path">The path of the source.</param>
/// <param name="Lane">The number of the lane, from 0.</param>
internal readonly record struct LaneId(string Path, int Lane)
{
    private const string Separator = ", lane ";

    /// <summary>Parses a split id, or returns null if it is not that of a lane.</summary>
    public static LaneId? Parse(string id) =>
        id.LastIndexOf(Separator, StringComparison.Ordinal) is > 0 and var at
        && int.TryParse(id.AsSpan(at + Separator.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var lane)
            ? new LaneId(id[..at], lane)
            : null;

    /// <summary>
    /// Returns the reason why a polling source cannot resume from a checkpoint with a split that is not one of its lanes.
    /// </summary>
    /// <param name="sourceId">The id of the source.</param>
    /// <param name="path">Its path.</param>
    /// <param name="saved">The split, or null if there is none.</param>
    public static string DescribePollingChange(string sourceId, string path, string? saved) => saved != null && Parse(saved) is { } lane
        ? $"Source '{sourceId}' polls '{path}', but polled '{lane.Path}' when the checkpoint was taken. A checkpoint "
            + $"knows files by this path: each would count as a new one and be read again. Set the path back "
            + $"(Sources:{sourceId}:Path), or start over with an empty checkpoint folder and an empty output."
        : $"Source '{sourceId}' looks for new files at '{path}' now, and did not when the checkpoint was "
            + $"taken{(saved == null ? "" : $", which has '{saved}'")}: files that it has read would be read again. Take Poll out "
            + $"(Sources:{sourceId}:Poll), or start over with an empty checkpoint folder and an empty output.";

    /// <summary>
    /// Returns the reason why a bounded source cannot resume from a checkpoint with a split, or null if the split is not a lane. Lanes
    /// never end.
    /// </summary>
    /// <param name="sourceId">The id of the source.</param>
    /// <param name="saved">The split.</param>
    public static string? FindPollingChange(string sourceId, SavedSplit saved) => !saved.HasEnded && Parse(saved.Id) is { } lane
        ? $"Source '{sourceId}' does not look for new files now, and did at '{lane.Path}' when the checkpoint was taken: files that it "
            + $"has read would be read again. Set Poll back (Sources:{sourceId}:Poll), or start over with an empty checkpoint folder and "
            + $"an empty output."
        : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path}{Separator}{Lane}");
}
