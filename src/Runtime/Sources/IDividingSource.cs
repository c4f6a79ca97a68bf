namespace Penstock.Sources;

/// <summary>A source that may divide what it reads into several splits, in a way that its settings decide.</summary>
internal interface IDividingSource
{
    /// <summary>Says what a split is part of, such as a file: a part of it is not to be read twice because it is divided in another way than before.</summary>
    /// <param name="splitId">The id of a split, as it is now or as it lies in a checkpoint.</param>
    string WholeOf(string splitId);
}
