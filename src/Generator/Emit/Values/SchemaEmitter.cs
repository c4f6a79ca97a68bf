using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit.Values;

/// <summary>
/// Emits how values are described in manifests, such as <c>Count:int32;Last:record{At:datetime;Price:decimal};Seen:list&lt;string&gt;</c>: two
/// values with one schema are written alike.
/// </summary>
/// <param name="withFormer">Whether the former names of members stand behind their names.</param>
internal sealed class SchemaEmitter(bool withFormer)
{
    // Stands around the expression of a codec's schema, which only the running program knows.
    private const char Quote = '\0';

    private static readonly SchemaEmitter Plain = new(withFormer: false);
    private static readonly SchemaEmitter Full = new(withFormer: true);

    /// <summary>The C# expression of the schema of states.</summary>
    public static string Expression(IEnumerable<StateMember> states) => Expression(Plain.Fields(states.Select(static state => (state.Name, state.Value))));

    /// <summary>The C# expression of the schema of states with their former names and upgrades; null where there are none.</summary>
    public static string? Accepted(IReadOnlyList<StateMember> states)
    {
        var plain = Plain.Fields(states.Select(static state => (state.Name, state.Value)));
        var full = Full.Fields(states.Select(state => ($"{Names(state.Name, state.FormerNames)}{string.Concat(state.Upgrades.Select(Upgrade))}", state.Value)));
        return plain == full ? null : Expression(full);
    }

    /// <summary>The schema of a key, in which there is no codec.</summary>
    public static string Text(ValueModel value) => Plain.Describe(value);

    private static string Upgrade(UpgradeDeclaration upgrade) =>
        $"~{string.Join(",", upgrade.From)}({string.Join(",", upgrade.Takes.Select(static parameter => Plain.Describe(parameter.Value)))})";

    private static string Expression(string schema)
    {
        var parts = schema.Split(Quote);
        var terms = parts.Select(static (part, i) => i % 2 == 1 ? part : CSharp.Literal(part)).Where(static (term, i) => i == 0 || term.Length > 2);
        return string.Join(" + ", terms);
    }

    private static string Names(string name, IReadOnlyList<string> former) => string.Join("|", former.Prepend(name));

    private string Describe(ValueModel value) => value.Kind switch
    {
        ValueKind.Boolean => "bool",
        ValueKind.Single => "float32",
        ValueKind.Double => "float64",
        ValueKind.Enum => Describe(value.Parts[0]),
        ValueKind.Nullable => Describe(value.Parts[0]) + "?",
        ValueKind.Tuple => $"({string.Join(",", value.Parts.Select(Describe))})",
        ValueKind.Array or ValueKind.List or ValueKind.ImmutableArray or ValueKind.ImmutableList => $"list<{Describe(value.Parts[0])}>",
        ValueKind.HashSet or ValueKind.ImmutableHashSet => $"set<{Describe(value.Parts[0])}>",
        ValueKind.Dictionary or ValueKind.ImmutableDictionary => $"map<{Describe(value.Parts[0])},{Describe(value.Parts[1])}>",
        ValueKind.Record => $"record{{{Fields(value.Parts.Select((part, i) => (Name(value.Record!, i), part)))}}}{(value.Record!.IsClass ? "?" : "")}",
        ValueKind.Packable => "memorypack:" + value.Type.Replace("global::", ""),
        ValueKind.Codec => $"{Quote}{ReadEmitter.CodecOf(value)}.Schema{Quote}",
        _ => value.Kind.ToString().ToLowerInvariant(),
    };

    private string Name(RecordModel record, int member) => withFormer ? Names(record.Members[member], record.FormerNames[member]) : record.Members[member];

    private string Fields(IEnumerable<(string Name, ValueModel Value)> fields) => string.Join(";", fields.Select(field => $"{field.Name}:{Describe(field.Value)}"));
}
