using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A value that keys and state can hold: how it is hashed, written and copied.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Type">Its type.</param>
/// <param name="Parts">
/// The value of a nullable; the items of a tuple; the underlying integer of an enum; the elements of a collection, of a dictionary the keys
/// and the values; the members of a record.
/// </param>
internal sealed record ValueModel(ValueKind Kind, TypeName Type, EquatableArray<ValueModel> Parts)
{
    /// <summary>A value tuple of several values: the key of several members.</summary>
    public static ValueModel Tuple(IEnumerable<ValueModel> items)
    {
        var parts = items.ToEquatableArray();
        return new ValueModel(
            ValueKind.Tuple,
            TypeName.OfTuple(parts.Select(static part => part.Type)),
            parts);
    }

    /// <summary>For <see cref="ValueKind.Record"/>: its members, one for each part, and how it is made of them.</summary>
    public RecordModel? Record { get; init; }

    /// <summary>For <see cref="ValueKind.Codec"/>: the type of the codec.</summary>
    public TypeName? Codec { get; init; }

    /// <summary>
    /// For <see cref="ValueKind.Codec"/>: its schema as far as its source tells; else the type of the codec behind a question mark.
    /// </summary>
    public string? CodecSchema { get; init; }

    /// <summary>For <see cref="ValueKind.Unsupported"/>: why, as the end of a sentence; null where the type says enough.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the hash of equal values is the same in every process and release.</summary>
    public bool HasStableHash => Kind switch
    {
        ValueKind.Single or ValueKind.Double => false,
        ValueKind.Nullable or ValueKind.Tuple => Parts.All(static part => part.HasStableHash),
        _ => Kind <= ValueKind.Enum,
    };

    /// <summary>Whether it takes the same number of bytes whatever it is, so that it is written together with its neighbours.</summary>
    public bool IsFixed => Kind switch
    {
        ValueKind.String => false,
        ValueKind.Nullable or ValueKind.Tuple => Parts.All(static part => part.IsFixed),
        _ => Kind <= ValueKind.Enum,
    };

    /// <summary>Whether it is written as it lies in memory, so that many are written at once.</summary>
    public bool IsRaw => Kind is <= ValueKind.Decimal or ValueKind.Guid or ValueKind.Enum;

    /// <summary>Whether a copy of it shares memory that may be changed in place. A custom codec may know better.</summary>
    public bool IsShared => IsMutable || Kind == ValueKind.Codec || Parts.Any(static part => part.IsShared);

    /// <summary>Whether it may itself be changed in place, apart from its parts.</summary>
    public bool IsMutable =>
        Kind is ValueKind.Bytes or ValueKind.Array or ValueKind.List or ValueKind.HashSet or ValueKind.Dictionary or ValueKind.Packable
        || Record is { IsMutableClass: true };

    /// <summary>Whether a copy is equal to it, as keys of dictionaries must be.</summary>
    public bool HasValueEquality => Kind switch
    {
        ValueKind.Bytes or (>= ValueKind.Array and <= ValueKind.ImmutableDictionary) => false,
        ValueKind.Record when Record!.Equality != RecordEquality.OfMembers => Record.Equality == RecordEquality.OfItsOwn,
        _ => Parts.All(static part => part.HasValueEquality),
    };

    /// <summary>Whether methods of their own write and read it: a collection or a record.</summary>
    public bool IsComposite => Kind is >= ValueKind.Array and <= ValueKind.Record;

    /// <summary>Whether a part of it is of a type that does not exist.</summary>
    public bool HasUnknownPart => Kind == ValueKind.Unknown || Parts.Any(static part => part.HasUnknownPart);
}

/// <summary>A class or struct of the user's as a record of members.</summary>
/// <param name="Members">The members in the order in which they are written: those of a fixed size first, each group by name.</param>
/// <param name="FormerNames">For each member the names that it had before.</param>
/// <param name="Arguments">The indices of the members that the constructor takes, in its order.</param>
/// <param name="Assigned">The indices of the members that an object initializer sets.</param>
/// <param name="IsClass">Whether it can be null.</param>
/// <param name="IsMutableClass">Whether it is a class with members that can change.</param>
/// <param name="IsSealed">Whether nothing can derive from it.</param>
/// <param name="Equality">When two of them are equal.</param>
internal sealed record RecordModel(
    EquatableArray<string> Members,
    EquatableArray<EquatableArray<string>> FormerNames,
    EquatableArray<int> Arguments,
    EquatableArray<int> Assigned,
    bool IsClass,
    bool IsMutableClass,
    bool IsSealed,
    RecordEquality Equality)
{
    /// <summary>
    /// The members that are read and set past their accessors and the constructor, because these may compute: what is saved is what lies in
    /// the field, and it is restored unchanged.
    /// </summary>
    public EquatableArray<DirectField> Direct { get; init; } = EquatableArray<DirectField>.Empty;
}

/// <summary>The field that holds a member.</summary>
/// <param name="Member">The index of the member.</param>
/// <param name="Owner">The type that declares it.</param>
/// <param name="IsOfValue">Whether that is a struct.</param>
/// <param name="Name">The name of the field, which may be one that only the compiler can give.</param>
/// <param name="Type">The type of the field.</param>
internal sealed record DirectField(int Member, TypeName Owner, bool IsOfValue, string Name, TypeName Type);

/// <summary>When two values of a type are equal.</summary>
internal enum RecordEquality
{
    OfReferences,
    OfMembers,
    OfItsOwn,
}

/// <summary>
/// What a value is. The order matters: scalars first, then what is written as it lies in memory up to <see cref="Decimal"/>.
/// </summary>
internal enum ValueKind
{
    Boolean,
    Char,
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Single,
    Double,
    Decimal,
    String,
    DateTime,
    DateTimeOffset,
    DateOnly,
    TimeOnly,
    TimeSpan,
    Guid,
    Enum,
    Nullable,
    Tuple,
    Bytes,

    Array,
    List,
    ImmutableArray,
    ImmutableList,
    HashSet,
    ImmutableHashSet,
    Dictionary,
    ImmutableDictionary,

    /// <summary>A class or struct of the user's, by its members.</summary>
    Record,

    /// <summary>A type with <c>[MemoryPackable]</c>.</summary>
    Packable,

    /// <summary>A type with a codec of the user's.</summary>
    Codec,

    Unsupported,

    /// <summary>A type that does not exist: the C# compiler says so.</summary>
    Unknown,
}
