using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Values;

/// <summary>
/// Emits how values are described in manifests, such as <c>Count:int32;Last:record{At:datetime;Price:decimal};Seen:list&lt;string&gt;</c>: two
/// values with one schema are written alike.
/// </summary>
internal static class SchemaEmitter
{
    // Stands around the expression of a codec's schema, which only the running program knows.
    private const char Quote = '\0';

    /// <summary>The C# expression of the schema of named values.</summary>
    public static string Expression(IEnumerable<(string Name, ValueModel Value)> fields)
    {
        var parts = Fields(fields).Split(Quote);
        var terms = parts.Select(static (part, i) => i % 2 == 1 ? part : CSharp.Literal(part)).Where(static (term, i) => i == 0 || term.Length > 2);
        return string.Join(" + ", terms);
    }

    /// <summary>The schema of a key, in which there is no codec.</summary>
    public static string Text(ValueModel value) => value.Kind switch
    {
        ValueKind.Boolean => "bool",
        ValueKind.Single => "float32",
        ValueKind.Double => "float64",
        ValueKind.Enum => Text(value.Parts[0]),
        ValueKind.Nullable => Text(value.Parts[0]) + "?",
        ValueKind.Tuple => $"({string.Join(",", value.Parts.Select(Text))})",
        ValueKind.Array or ValueKind.List or ValueKind.ImmutableArray or ValueKind.ImmutableList => $"list<{Text(value.Parts[0])}>",
        ValueKind.HashSet or ValueKind.ImmutableHashSet => $"set<{Text(value.Parts[0])}>",
        ValueKind.Dictionary or ValueKind.ImmutableDictionary => $"map<{Text(value.Parts[0])},{Text(value.Parts[1])}>",
        ValueKind.Record => $"record{{{Fields(value.Parts.Select((part, i) => (value.Record!.Members[i], part)))}}}{(value.Record!.IsClass ? "?" : "")}",
        ValueKind.Packable => "memorypack:" + value.Type.Replace("global::", ""),
        ValueKind.Codec => $"{Quote}{ReadEmitter.CodecOf(value)}.Schema{Quote}",
        _ => value.Kind.ToString().ToLowerInvariant(),
    };

    private static string Fields(IEnumerable<(string Name, ValueModel Value)> fields) => string.Join(";", fields.Select(static field => $"{field.Name}:{Text(field.Value)}"));
}
