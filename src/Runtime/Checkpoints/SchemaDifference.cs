namespace Penstock.Checkpoints;

/// <summary>Explains to people how the layout of saved state differs from what the program expects.</summary>
internal static class SchemaDifference
{
    /// <summary>Names the first thing that differs: the kind or key of the state, or a field.</summary>
    public static string Describe(string saved, string expected)
    {
        var (savedHead, savedFields) = Parse(saved);
        var (expectedHead, expectedFields) = Parse(expected);
        if (savedHead != expectedHead)
        {
            return $"it was saved as {savedHead} and the program has {expectedHead}";
        }

        foreach (var (name, type) in savedFields)
        {
            if (!expectedFields.TryGetValue(name, out var now))
            {
                return $"field '{name}' of type {type} is gone";
            }

            if (now != type)
            {
                return IsRecord(type) && IsRecord(now) && type.EndsWith('?') == now.EndsWith('?')
                    ? $"in field '{name}', {Describe(type.TrimEnd('?'), now.TrimEnd('?'))}"
                    : $"field '{name}' was saved as {type} and is now {now}";
            }
        }

        var added = expectedFields.Keys.Except(savedFields.Keys).FirstOrDefault();
        return added == null ? "its fields stand in another order" : $"field '{added}' of type {expectedFields[added]} is new";
    }

    private static bool IsRecord(string type) => type.StartsWith("record{", StringComparison.Ordinal);

    private static (string Head, Dictionary<string, string> Fields) Parse(string schema)
    {
        var brace = schema.IndexOf('{', StringComparison.Ordinal);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in Split(schema[(brace + 1)..^1]))
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            fields[field[..colon]] = field[(colon + 1)..];
        }

        return (schema[..brace], fields);
    }

    // The types of fields may have fields of their own, in braces.
    private static IEnumerable<string> Split(string fields)
    {
        var depth = 0;
        var start = 0;
        for (var index = 0; index <= fields.Length; index++)
        {
            var character = index < fields.Length ? fields[index] : ';';
            depth += character switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            if (character == ';' && depth == 0)
            {
                if (index > start)
                {
                    yield return fields[start..index];
                }

                start = index + 1;
            }
        }
    }
}
