namespace Penstock;

/// <summary>What a row means in a changelog stream.</summary>
public enum RowKind : byte
{
    /// <summary>A new row.</summary>
    Insert,

    /// <summary>The new version of a row that was sent before with the same key.</summary>
    UpdateAfter,
}
