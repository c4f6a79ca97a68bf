namespace Penstock;

/// <summary>What a row of a changelog means. The names are those of Apache Flink.</summary>
public enum RowKind : byte
{
    /// <summary>A new row.</summary>
    Insert,

    /// <summary>
    /// The version of a row that is replaced. It belongs to retract streams, where it stands before <see cref="UpdateAfter"/>.
    /// </summary>
    UpdateBefore,

    /// <summary>The new version of a row. In an upsert stream it replaces the row with the same key.</summary>
    UpdateAfter,

    /// <summary>A row that is no longer there. In an upsert stream only the members of its key mean something.</summary>
    Delete,
}
