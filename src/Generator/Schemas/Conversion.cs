namespace Penstock.Generator.Schemas;

/// <summary>How the bytes of a saved value are converted to the program's schema.</summary>
internal abstract record Conversion
{
    /// <summary>The bytes do not change.</summary>
    internal sealed record Keep(SchemaType Type) : Conversion;

    /// <summary>A number is converted to a larger type.</summary>
    internal sealed record Widen(SchemaType From, SchemaType To) : Conversion;

    /// <summary>A value becomes nullable.</summary>
    internal sealed record Wrap(Conversion Value) : Conversion;

    /// <summary>A nullable value stays nullable, and its value is converted.</summary>
    internal sealed record Nullable(bool IsFixed, Conversion Value) : Conversion;

    /// <summary>The elements of a list or set, or the keys and values of a map in turn.</summary>
    internal sealed record Elements(IReadOnlyList<Conversion> Parts) : Conversion;

    internal sealed record Tuple(IReadOnlyList<Conversion> Items) : Conversion;

    /// <summary>The fields of a record, each from its former position.</summary>
    internal sealed record Record(SchemaType From, IReadOnlyList<FieldConversion> Fields) : Conversion;
}

/// <summary>The origin of a field's value.</summary>
/// <param name="To">Its type. A field without sources is new and gets the default value.</param>
/// <param name="Sources">The saved fields with their conversions: one, or the parameters of an upgrade.</param>
/// <param name="Upgrade">The index of the method that computes the value from them, or -1.</param>
internal sealed record FieldConversion(SchemaType To, IReadOnlyList<(int Field, Conversion Conversion)> Sources, int Upgrade = -1);
