namespace Penstock.Generator.Plan;

/// <summary>
/// The memory layout of values without padding. If consecutive numbers need no padding in a struct, many structs can be written and read as
/// raw memory.
/// </summary>
internal static class BlittableLayout
{
    /// <summary>The size of values in this order, in bytes; 0 if they are not all numbers, or would need padding.</summary>
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
    /// The size in bytes of a row that is a number, or a struct of numbers in any order. It has no padding if its size in memory is the
    /// same. 0 for anything else.
    /// </summary>
    public static int SizeOfRow(ValueModel row) => row is { Kind: ValueKind.Record, Record.IsClass: false }
        ? row.Parts.All(static part => WidthOf(part) > 0) ? row.Parts.Sum(WidthOf) : 0
        : WidthOf(row);

    /// <summary>
    /// The size in bytes of all members of a row without padding; 0 if it is not a struct, or a member is text, a collection or an object.
    /// </summary>
    public static int FixedSizeOf(ValueModel row) => row.Kind switch
    {
        ValueKind.Boolean => sizeof(bool),
        ValueKind.Char => sizeof(char),
        ValueKind.DateOnly => sizeof(int),
        ValueKind.DateTime or ValueKind.TimeOnly or ValueKind.TimeSpan => sizeof(long),
        ValueKind.Decimal or ValueKind.DateTimeOffset or ValueKind.Guid => sizeof(decimal),
        ValueKind.Nullable => FixedSizeOf(row.Parts[0]) is > 0 and var size ? sizeof(bool) + size : 0,
        ValueKind.Tuple => SumOf(row.Parts),
        ValueKind.Record when !row.Record!.IsClass => SumOf(row.Parts),
        _ => WidthOf(row),
    };

    /// <summary>The size of a number in bytes; 0 for anything else.</summary>
    public static int WidthOf(ValueModel value) => value.Kind switch
    {
        ValueKind.SByte or ValueKind.Byte => 1,
        ValueKind.Int16 or ValueKind.UInt16 => 2,
        ValueKind.Int32 or ValueKind.UInt32 or ValueKind.Single => 4,
        ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Double => 8,
        ValueKind.Enum => WidthOf(value.Parts[0]),
        _ => 0,
    };

    private static int SumOf(IEnumerable<ValueModel> parts)
    {
        var sum = 0;
        foreach (var part in parts)
        {
            var size = FixedSizeOf(part);
            if (size == 0)
            {
                return 0;
            }

            sum += size;
        }

        return sum;
    }
}
