namespace Penstock.Generator.Plan;

/// <summary>A value that keys and state can hold: how it is hashed and written.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Type">The fully qualified C# type.</param>
/// <param name="Schema">The name of its format in manifests: two values with one schema are written alike.</param>
/// <param name="Parts">The value of a nullable; the items of a tuple; the underlying integer of an enum.</param>
internal sealed record ValueModel(ValueKind Kind, string Type, string Schema, EquatableArray<ValueModel> Parts)
{
    /// <summary>Whether the hash of equal values is the same in every process and release.</summary>
    public bool HasStableHash => Kind switch
    {
        ValueKind.Single or ValueKind.Double or ValueKind.Bytes or ValueKind.Packable or ValueKind.Unsupported => false,
        ValueKind.Nullable or ValueKind.Tuple => Parts.All(static part => part.HasStableHash),
        _ => true,
    };

    /// <summary>Whether a copy of it shares memory that may be changed in place.</summary>
    public bool IsShared => Kind is ValueKind.Bytes or ValueKind.Packable || Parts.Any(static part => part.IsShared);

    /// <summary>Whether a codec can be written for it.</summary>
    public bool IsSerializable => Kind != ValueKind.Unsupported && Parts.All(static part => part.IsSerializable);
}

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

    /// <summary>A type with <c>[MemoryPackable]</c>.</summary>
    Packable,

    Unsupported,
}
