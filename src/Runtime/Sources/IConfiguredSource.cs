namespace Penstock.Sources;

/// <summary>
/// A source whose settings decide what its splits are called: a checkpoint shows by them that it was taken with other settings.
/// </summary>
internal interface IConfiguredSource
{
    /// <summary>Says what was set otherwise when a checkpoint was taken, and what to do about it; null where that is not known.</summary>
    /// <param name="sourceId">The id of the source.</param>
    /// <param name="saved">A split of the checkpoint that the source does not have.</param>
    string? WhyGone(string sourceId, SavedSplit saved);
}
