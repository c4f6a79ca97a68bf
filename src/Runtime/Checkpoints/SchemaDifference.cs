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
                return $"field '{name}' was saved as {type} and is now {now}";
            }
        }

        var added = expectedFields.Keys.Except(savedFields.Keys).FirstOrDefault();
        return added == null ? "its fields stand in another order" : $"field '{added}' of type {expectedFields[added]} is new";
    }

    private static (string Head, Dictionary<string, string> Fields) Parse(string schema)
    {
        var brace = schema.IndexOf('{', StringComparison.Ordinal);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in schema[(brace + 1)..].TrimEnd('}').Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            fields[field[..colon]] = field[(colon + 1)..];
        }

        return (schema[..brace], fields);
    }
}
