namespace Penstock.Generator.Plan;

/// <summary>
/// Numbers that are written one after another lie in a struct in the same way, if none needs a gap before it: then many structs can be
/// written and read as the memory that they are.
/// </summary>
internal static class PlainLayout
{
    /// <summary>The bytes of values in this order; 0 where they are not only numbers, or would not lie close together.</summary>
    public static int SizeOf(IEnumerable<ValueModel> values)
    {
        var (size, widest) = (0, 1);
        foreach (var value in values)
        {
            var width = WidthOf(value);
            if (width == 0 || size % width != 0)
            {
                return 0;
            }

            size += width;
            widest = Math.Max(widest, width);
        }

        return size % widest == 0 ? size : 0;
    }

    /// <summary>
    /// The bytes of a row that is a number, or a struct of numbers in any order: it has no gaps if it takes no more in memory. 0 for
    /// anything else.
    /// </summary>
    public static int SizeOfRow(ValueModel row) => row is { Kind: ValueKind.Record, Record.IsClass: false }
        ? row.Parts.All(static part => WidthOf(part) > 0) ? row.Parts.Sum(WidthOf) : 0
        : WidthOf(row);

    /// <summary>The bytes of a number; 0 for anything else.</summary>
    public static int WidthOf(ValueModel value) => value.Kind switch
    {
        ValueKind.SByte or ValueKind.Byte => 1,
        ValueKind.Int16 or ValueKind.UInt16 => 2,
        ValueKind.Int32 or ValueKind.UInt32 or ValueKind.Single => 4,
        ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Double => 8,
        ValueKind.Enum => WidthOf(value.Parts[0]),
        _ => 0,
    };
}
