namespace Penstock.Formats;

/// <summary>Converts row kinds to the values of Debezium's <c>op</c> field.</summary>
internal static class ChangeOp
{
    public static ReadOnlySpan<byte> Of(RowKind kind) => kind switch
    {
        RowKind.Insert => "c"u8,
        RowKind.UpdateAfter => "u"u8,
        RowKind.UpdateBefore or RowKind.Delete => "d"u8,
        _ => throw new InvalidOperationException($"Unknown kind of row: {kind}."),
    };
}
