namespace Penstock.Generator.Schemas;

/// <summary>How the bytes of a saved value become those of the program's own schema.</summary>
internal abstract record Conversion
{
    /// <summary>They are the same.</summary>
    internal sealed record Keep(SchemaType Type) : Conversion;

    /// <summary>A number becomes one of a larger type.</summary>
    internal sealed record Widen(SchemaType From, SchemaType To) : Conversion;

    /// <summary>A value becomes one that may be null.</summary>
    internal sealed record Wrap(Conversion Value) : Conversion;

    /// <summary>What may be null stays so, and its value is converted.</summary>
    internal sealed record Nullable(bool IsFixed, Conversion Value) : Conversion;

    /// <summary>The elements of a list or set, or the keys and values of a map in turn.</summary>
    internal sealed record Elements(IReadOnlyList<Conversion> Parts) : Conversion;

    internal sealed record Tuple(IReadOnlyList<Conversion> Items) : Conversion;

    /// <summary>The fields of a record, each from where it was.</summary>
    internal sealed record Record(SchemaType From, IReadOnlyList<FieldConversion> Fields) : Conversion;
}

/// <summary>Where the value of a field comes from.</summary>
/// <param name="To">Its type. Without sources the field is new, and gets the default value.</param>
/// <param name="Sources">The saved fields, and what is done to each: one, or those that an upgrade takes.</param>
/// <param name="Upgrade">The method that makes the value of them, or -1.</param>
internal sealed record FieldConversion(SchemaType To, IReadOnlyList<(int Field, Conversion Conversion)> Sources, int Upgrade = -1);
