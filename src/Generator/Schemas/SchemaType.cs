namespace Penstock.Generator.Schemas;

/// <summary>What a value of a state is, as far as its bytes in a checkpoint tell.</summary>
internal enum SchemaKind
{
    /// <summary>Always of the same size: a number, a truth value, an instant, a Guid.</summary>
    Scalar,
    Text,
    Bytes,
    List,
    Set,
    Map,
    Tuple,
    Record,

    /// <summary>A value that may be null.</summary>
    Nullable,

    /// <summary>Bytes with their number before them, which only a codec or MemoryPack can read.</summary>
    Opaque,
}

/// <summary>The type of a saved value: its schema as a tree.</summary>
/// <param name="kind">What it is.</param>
/// <param name="name">The name of a scalar or an opaque type; else empty.</param>
/// <param name="parts">The elements of a collection, the key and value of a map, the items of a tuple, the value of a nullable.</param>
/// <param name="fields">The fields of a record, in the order in which they lie.</param>
internal sealed class SchemaType(SchemaKind kind, string name, IReadOnlyList<SchemaType> parts, IReadOnlyList<SchemaField> fields)
{
    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["bool"] = 1,
        ["char"] = 2,
        ["sbyte"] = 1,
        ["byte"] = 1,
        ["int16"] = 2,
        ["uint16"] = 2,
        ["int32"] = 4,
        ["uint32"] = 4,
        ["int64"] = 8,
        ["uint64"] = 8,
        ["float32"] = 4,
        ["float64"] = 8,
        ["decimal"] = 16,
        ["datetime"] = 8,
        ["datetimeoffset"] = 16,
        ["dateonly"] = 4,
        ["timeonly"] = 8,
        ["timespan"] = 8,
        ["guid"] = 16,
    };

    public SchemaKind Kind { get; } = kind;

    public string Name { get; } = name;

    public IReadOnlyList<SchemaType> Parts { get; } = parts;

    public IReadOnlyList<SchemaField> Fields { get; } = fields;

    /// <summary>Whether every value takes the same number of bytes. A null then takes as many as a value.</summary>
    public bool IsFixed => Kind switch
    {
        SchemaKind.Scalar => true,
        SchemaKind.Nullable or SchemaKind.Tuple => Parts.All(static part => part.IsFixed),
        SchemaKind.Text
            or SchemaKind.Bytes
            or SchemaKind.List
            or SchemaKind.Set
            or SchemaKind.Map
            or SchemaKind.Record
            or SchemaKind.Opaque => false,
        _ => throw Unknown(),
    };

    /// <summary>How many bytes a value takes, where that is always the same.</summary>
    public int Size => Kind switch
    {
        SchemaKind.Scalar => Sizes[Name],
        SchemaKind.Nullable => 1 + Parts[0].Size,
        SchemaKind.Tuple => Parts.Sum(static part => part.Size),
        _ => throw new InvalidOperationException($"Values of this kind have no fixed size: {Kind}."),
    };

    public static bool IsScalar(string name) => Sizes.ContainsKey(name);

    /// <summary>The schema as text, without former names and upgrades.</summary>
    public override string ToString() => Kind switch
    {
        SchemaKind.Text => "string",
        SchemaKind.Bytes => "bytes",
        SchemaKind.List => $"list<{Parts[0]}>",
        SchemaKind.Set => $"set<{Parts[0]}>",
        SchemaKind.Map => $"map<{Parts[0]},{Parts[1]}>",
        SchemaKind.Tuple => $"({string.Join(",", Parts)})",
        SchemaKind.Record => $"record{{{string.Join(";", Fields.Select(static field => $"{field.Name}:{field.Type}"))}}}",
        SchemaKind.Nullable => Parts[0] + "?",
        SchemaKind.Scalar or SchemaKind.Opaque => Name,
        _ => throw Unknown(),
    };

    private InvalidOperationException Unknown() => new($"Unknown kind of saved value: {Kind}.");
}

/// <summary>A field of a record or a state.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FormerNames">Names that it had before.</param>
/// <param name="Upgrades">The methods that make its value of something that was saved.</param>
/// <param name="Type">Its type.</param>
internal sealed record SchemaField(string Name, IReadOnlyList<string> FormerNames, IReadOnlyList<SchemaUpgrade> Upgrades, SchemaType Type);

/// <summary>A method that converts what was saved.</summary>
/// <param name="Index">Its place among all upgrades of the state.</param>
/// <param name="From">The saved fields that it takes; empty for the former value of the field itself.</param>
/// <param name="Takes">The types of its parameters.</param>
internal sealed record SchemaUpgrade(int Index, IReadOnlyList<string> From, IReadOnlyList<SchemaType> Takes);
