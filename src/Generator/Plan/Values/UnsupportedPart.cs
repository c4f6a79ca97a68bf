namespace Penstock.Generator.Plan;

/// <summary>Finds what of a state cannot be written.</summary>
internal static class UnsupportedPart
{
    /// <summary>The path and type of the first such part, and why if that needs to be said; or null.</summary>
    public static string? Find(ValueModel value, string path)
    {
        if (value.Kind == ValueKind.Unsupported)
        {
            var type = value.Type.Readable;
            return value.Problem == null ? $"{path}: {type}" : $"{path}: {type}, {value.Problem}";
        }

        for (var i = 0; i < value.Parts.Count; i++)
        {
            if (Find(value.Parts[i], path + Step(value, i)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>How the path goes on to a part.</summary>
    public static string Step(ValueModel value, int part) => value.Kind switch
    {
        ValueKind.Tuple => $".Item{part + 1}",
        ValueKind.Record => "." + value.Record!.Members[part],
        ValueKind.Dictionary or ValueKind.ImmutableDictionary => part == 0 ? ".Keys[]" : ".Values[]",
        ValueKind.Array
            or ValueKind.List
            or ValueKind.ImmutableArray
            or ValueKind.ImmutableList
            or ValueKind.HashSet
            or ValueKind.ImmutableHashSet => "[]",
        _ => "",
    };
}
