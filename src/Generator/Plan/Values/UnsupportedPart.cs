namespace Penstock.Generator.Plan;

/// <summary>Finds the part of a state that cannot be serialized.</summary>
internal static class UnsupportedPart
{
    /// <summary>The path and type of the first such part, with the reason if it is not obvious; null if there is none.</summary>
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

    /// <summary>The next step of a path, from a value to one of its parts.</summary>
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
