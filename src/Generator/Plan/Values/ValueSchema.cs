namespace Penstock.Generator.Plan;

/// <summary>
/// How manifests and locks describe values, such as <c>record{At:datetime;Price:decimal}</c>. Two values with the same schema are
/// serialized alike.
/// </summary>
/// <param name="withFormer">Whether members have their former names after their names.</param>
/// <param name="codec">The schema of a value with a codec, or its replacement.</param>
internal sealed class ValueSchema(bool withFormer, Func<ValueModel, string> codec)
{
    /// <summary>Schemas as a build knows them, with the schemas of codecs that are constants in their code.</summary>
    public static ValueSchema OfBuild { get; } = new(withFormer: true, static value => value.CodecSchema!);

    /// <summary>Schemas without former names. A value with a codec has a string that is equal for equal codecs.</summary>
    public static ValueSchema Plain { get; } = new(withFormer: false, static value => value.CodecSchema!);

    public static string Names(string name, IEnumerable<string> former) => string.Join("|", former.Prepend(name));

    public string Of(ValueModel value) => value.Kind switch
    {
        ValueKind.Boolean => "bool",
        ValueKind.Single => "float32",
        ValueKind.Double => "float64",
        ValueKind.Enum => Of(value.Parts[0]),
        ValueKind.Nullable => Of(value.Parts[0]) + "?",
        ValueKind.Tuple => $"({string.Join(",", value.Parts.Select(Of))})",
        ValueKind.Array or ValueKind.List or ValueKind.ImmutableArray or ValueKind.ImmutableList => $"list<{Of(value.Parts[0])}>",
        ValueKind.HashSet or ValueKind.ImmutableHashSet => $"set<{Of(value.Parts[0])}>",
        ValueKind.Dictionary or ValueKind.ImmutableDictionary => $"map<{Of(value.Parts[0])},{Of(value.Parts[1])}>",
        ValueKind.Record =>
            $"record{{{Fields(value.Parts.Select((part, i) => (Name(value.Record!, i), part)))}}}{(value.Record!.IsClass ? "?" : "")}",
        ValueKind.Packable => "memorypack:" + value.Type.FullName,
        ValueKind.Codec => codec(value),
        _ => value.Kind.ToString().ToLowerInvariant(),
    };

    public string Fields(IEnumerable<(string Name, ValueModel Value)> fields) =>
        string.Join(";", fields.Select(field => $"{field.Name}:{Of(field.Value)}"));

    /// <summary>The fields of a state, in the order in which they are written, with their former names and upgrades.</summary>
    public string States(IEnumerable<SchemaField> states) => Fields(states.Select(state =>
        (
            $"{Names(state.Name, withFormer ? state.FormerNames : [])}{(withFormer ? string.Concat(state.Upgrades.Select(Upgrade)) : "")}",
            state.Value)));

    /// <summary>
    /// The order of states, which does not depend on the source: first those of fixed size, among them wide numbers before narrow ones, so
    /// that no padding is needed.
    /// </summary>
    public static IOrderedEnumerable<T> Order<T>(IEnumerable<T> states, Func<T, SchemaField> fieldOf) =>
        states.OrderBy(state => !fieldOf(state).Value.IsFixed)
            .ThenByDescending(state => BlittableLayout.WidthOf(fieldOf(state).Value))
            .ThenBy(state => fieldOf(state).Name, StringComparer.Ordinal);

    private string Upgrade(UpgradeField upgrade) => $"~{string.Join(",", upgrade.From)}({string.Join(",", upgrade.Takes.Select(Of))})";

    private string Name(RecordModel record, int member) =>
        withFormer ? Names(record.Members[member], record.FormerNames[member]) : record.Members[member];
}

/// <summary>A state as checkpoints describe it.</summary>
internal sealed record SchemaField(string Name, ValueModel Value, IReadOnlyList<string> FormerNames, IReadOnlyList<UpgradeField> Upgrades);

/// <summary>The parameters of a method that computes a state from saved ones.</summary>
internal sealed record UpgradeField(IReadOnlyList<string> From, IReadOnlyList<ValueModel> Takes);
