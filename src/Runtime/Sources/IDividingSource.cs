namespace Penstock.Connectors;

/// <summary>
/// A source that divides its input into splits in a way that may change, for example by a configured size. A start from a checkpoint is
/// refused if input would be read twice because it is divided differently than before.
/// </summary>
public interface IDividingSource
{
    /// <summary>Returns the whole that a split is part of, such as a file.</summary>
    /// <param name="splitId">A split id, current or from a checkpoint.</param>
    /// <returns>A name that is the same for all splits of one whole.</returns>
    string InputOf(string splitId);

    /// <summary>Returns the remedy for input that is divided differently, for messages: a sentence without its full stop.</summary>
    /// <param name="sourceId">The id of the source.</param>
    /// <returns>The remedy.</returns>
    string Remedy(string sourceId) => "Let it divide as before";
}
