namespace Penstock.Sources;

/// <summary>
/// A source whose settings determine the ids of its splits, so that a checkpoint shows if it was taken with other settings.
/// </summary>
internal interface IConfiguredSource
{
    /// <summary>Returns which setting was different when a checkpoint was taken, with the remedy, or null if that is not known.</summary>
    /// <param name="sourceId">The id of the source.</param>
    /// <param name="saved">A split in the checkpoint that the source does not have.</param>
    string? FindResumeProblem(string sourceId, SavedSplit saved);
}
