namespace Penstock.Generator.Schemas;

/// <summary>The kind of a value in a state, as far as its bytes in a checkpoint show it.</summary>
internal enum SchemaKind
{
    /// <summary>A value of fixed size: a number, a bool, a date and time, a Guid.</summary>
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

    /// <summary>Bytes preceded by their length, which only a codec or MemoryPack can read.</summary>
    Opaque,
}

/// <summary>The type of a saved value: its schema as a tree.</summary>
/// <param name="kind">The kind of the value.</param>
/// <param name="name">The name of a scalar or an opaque type; otherwise empty.</param>
/// <param name="parts">The elements of a collection, the key and value of a map, the items of a tuple, the value of a nullable.</param>
/// <param name="fields">The fields of a record, in the order in which they are written.</param>
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

    /// <summary>Whether all values have the same size in bytes. Null then has the size of a value.</summary>
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

    /// <summary>The size of a value in bytes, if it is fixed.</summary>
    public int Size => Kind switch
    {
        SchemaKind.Scalar => Sizes[Name],
        SchemaKind.Nullable => 1 + Parts[0].Size,
        SchemaKind.Tuple => Parts.Sum(static part => part.Size),
        _ => throw new InvalidOperationException($"Values of this kind have no fixed size: {Kind}."),
    };

    public static bool IsScalar(string name) => Sizes.ContainsKey(name);

    /// <summary>The schema as a string, without former names and upgrades.</summary>
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
/// <param name="FormerNames">Its former names.</param>
/// <param name="Upgrades">The methods that compute its value from saved values.</param>
/// <param name="Type">Its type.</param>
internal sealed record SchemaField(string Name, IReadOnlyList<string> FormerNames, IReadOnlyList<SchemaUpgrade> Upgrades, SchemaType Type);

/// <summary>A method that converts saved values.</summary>
/// <param name="Index">Its index among all upgrades of the state.</param>
/// <param name="From">The saved fields that it takes; empty for the former value of the field itself.</param>
/// <param name="Takes">The types of its parameters.</param>
internal sealed record SchemaUpgrade(int Index, IReadOnlyList<string> From, IReadOnlyList<SchemaType> Takes);
