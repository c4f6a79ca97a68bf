using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>A value in a key or in state: how it is hashed, serialized and copied.</summary>
/// <param name="Kind">The kind of the value.</param>
/// <param name="Type">Its type.</param>
/// <param name="Parts">The value of a nullable; the items of a tuple; the underlying integer of an enum; the elements of a collection; the
/// keys and values of a dictionary; the members of a record.</param>
internal sealed record ValueModel(ValueKind Kind, TypeName Type, EquatableArray<ValueModel> Parts)
{
    /// <summary>A value tuple: a key of several members.</summary>
    public static ValueModel Tuple(IEnumerable<ValueModel> items)
    {
        var parts = items.ToEquatableArray();
        return new ValueModel(
            ValueKind.Tuple,
            TypeName.OfTuple(parts.Select(static part => part.Type)),
            parts);
    }

    /// <summary>For <see cref="ValueKind.Record"/>, its members, one for each part, and how it is created from them.</summary>
    public RecordModel? Record { get; init; }

    /// <summary>For <see cref="ValueKind.Codec"/>, the type of the codec.</summary>
    public TypeName? Codec { get; init; }

    /// <summary>
    /// For <see cref="ValueKind.Codec"/>, its schema if the source code shows it; otherwise a question mark and the type of the codec.
    /// </summary>
    public string? CodecSchema { get; init; }

    /// <summary>For <see cref="ValueKind.Unsupported"/>, the reason as the end of a sentence; null if the type is reason enough.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether equal values have the same hash in every process and release.</summary>
    public bool HasStableHash => Kind switch
    {
        ValueKind.Single or ValueKind.Double => false,
        ValueKind.Nullable or ValueKind.Tuple => Parts.All(static part => part.HasStableHash),
        _ => Kind <= ValueKind.Enum,
    };

    /// <summary>Whether equal values can be written differently, such as 1.0 and 1.00. <c>KeyForms</c> of the runtime must agree.</summary>
    public bool HasForms => Kind switch
    {
        ValueKind.Decimal or ValueKind.DateTime or ValueKind.DateTimeOffset => true,
        ValueKind.Nullable or ValueKind.Tuple => Parts.Any(static part => part.HasForms),
        _ => false,
    };

    /// <summary>Whether all values have the same size in bytes, so that they are written together with their neighbours.</summary>
    public bool IsFixed => Kind switch
    {
        ValueKind.String => false,
        ValueKind.Nullable or ValueKind.Tuple => Parts.All(static part => part.IsFixed),
        _ => Kind <= ValueKind.Enum,
    };

    /// <summary>Whether it is written as raw memory, so that many values are written at once.</summary>
    public bool IsRaw => Kind is <= ValueKind.Decimal or ValueKind.Guid or ValueKind.Enum;

    /// <summary>Whether a copy shares memory that can be changed in place. A custom codec may copy it differently.</summary>
    public bool IsShared => IsMutable || Kind == ValueKind.Codec || Parts.Any(static part => part.IsShared);

    /// <summary>Whether the value itself, apart from its parts, can be changed in place.</summary>
    public bool IsMutable =>
        Kind is ValueKind.Bytes or ValueKind.Array or ValueKind.List or ValueKind.HashSet or ValueKind.Dictionary or ValueKind.Packable
        || Record is { IsMutableClass: true };

    /// <summary>Whether a copy is equal to the value, as dictionary keys require.</summary>
    public bool HasValueEquality => Kind switch
    {
        ValueKind.Bytes or (>= ValueKind.Array and <= ValueKind.ImmutableDictionary) => false,
        ValueKind.Record when Record!.Equality != RecordEquality.OfMembers => Record.Equality == RecordEquality.OfItsOwn,
        _ => Parts.All(static part => part.HasValueEquality),
    };

    /// <summary>Whether separate methods write and read it: a collection or a record.</summary>
    public bool IsComposite => Kind is >= ValueKind.Array and <= ValueKind.Record;

    /// <summary>Whether a part of it has a type that does not exist.</summary>
    public bool HasUnknownPart => Kind == ValueKind.Unknown || Parts.Any(static part => part.HasUnknownPart);
}

/// <summary>A class or struct of the user as a record of members.</summary>
/// <param name="Members">The members in the order in which they are written: first those of fixed size, each group sorted by name.</param>
/// <param name="FormerNames">The former names of each member.</param>
/// <param name="Arguments">The indices of the members that the constructor takes, in its order.</param>
/// <param name="Assigned">The indices of the members that an object initializer sets.</param>
/// <param name="IsClass">Whether it can be null.</param>
/// <param name="IsMutableClass">Whether it is a class with members that can change.</param>
/// <param name="IsSealed">Whether no type can derive from it.</param>
/// <param name="Equality">When two values are equal.</param>
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
    /// The members whose fields are read and set directly, because accessors or the constructor may compute. The content of the field is
    /// saved, and restored unchanged.
    /// </summary>
    public EquatableArray<DirectField> Direct { get; init; } = EquatableArray<DirectField>.Empty;
}

/// <summary>The field that contains a member.</summary>
/// <param name="Member">The index of the member.</param>
/// <param name="Owner">The type that declares it.</param>
/// <param name="IsOfValue">Whether the declaring type is a struct.</param>
/// <param name="Name">The name of the field, which may be a name that only the compiler can generate.</param>
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
/// The kind of a value. The order matters: scalars come first, and those up to <see cref="Decimal"/> are written as raw memory.
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

    /// <summary>A class or struct of the user, by its members.</summary>
    Record,

    /// <summary>A type with <c>[MemoryPackable]</c>.</summary>
    Packable,

    /// <summary>A type with a codec of the user.</summary>
    Codec,

    Unsupported,

    /// <summary>A type that does not exist. The C# compiler reports it.</summary>
    Unknown,
}
