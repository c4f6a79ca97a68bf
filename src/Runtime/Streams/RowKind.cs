namespace Penstock;

/// <summary>The kind of a row in a changelog. The names are those of Apache Flink.</summary>
public enum RowKind : byte
{
    /// <summary>A new row.</summary>
    Insert,

    /// <summary>The old version of a row that is replaced. Only in retract streams, where it precedes <see cref="UpdateAfter"/>.</summary>
    UpdateBefore,

    /// <summary>The new version of a row. In an upsert stream it replaces the row with the same key.</summary>
    UpdateAfter,

    /// <summary>The deletion of a row. In an upsert stream only its key members are meaningful.</summary>
    Delete,
}
