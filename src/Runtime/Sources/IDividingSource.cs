namespace Penstock.Connectors;

/// <summary>
/// A source that divides what it reads into several splits, in a way that may change: by a size that is set, for example. A start from a
/// checkpoint is refused where a part would be read twice, because it is divided in another way than before.
/// </summary>
public interface IDividingSource
{
    /// <summary>Says what a split is part of, such as a file.</summary>
    /// <param name="splitId">The id of a split, as it is now or as it lies in a checkpoint.</param>
    /// <returns>A name that all splits of the same whole have in common.</returns>
    string WholeOf(string splitId);

    /// <summary>Says how it is divided as before, for the message: a sentence without its end.</summary>
    /// <param name="sourceId">The id of the source.</param>
    /// <returns>The remedy.</returns>
    string Remedy(string sourceId) => "Let it divide as before";
}
