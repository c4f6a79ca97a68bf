using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>
/// A type discriminator: a member that determines the type of an object, as declared by <c>[JsonPolymorphic]</c> and
/// <c>[JsonDerivedType]</c>.
/// </summary>
/// <param name="Name">The name of the member.</param>
/// <param name="Variants">The types.</param>
internal sealed record ChoiceModel(string Name, EquatableArray<VariantModel> Variants)
{
    /// <summary>The id of the type that is read if the member is missing; null if the member is required.</summary>
    public string? Base { get; init; }

    /// <summary>Whether that type is also read if the member has an unknown value.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>What is written for an object whose type is not one of the variants.</summary>
    public UnknownVariant Unknown { get; init; }
}

/// <summary>A variant of a type with a discriminator.</summary>
/// <param name="Value">The value of the discriminator; null if it is not written, so that the type is never read.</param>
/// <param name="IsText">Whether the value is a string; otherwise it is a number.</param>
/// <param name="Type">The type.</param>
/// <param name="Nested">The id of its members.</param>
/// <param name="Depth">The number of its base types.</param>
internal sealed record VariantModel(string? Value, bool IsText, TypeName Type, string Nested, int Depth);

/// <summary>What is written for an object of an unknown type. The values equal those of <c>JsonUnknownDerivedTypeHandling</c>.</summary>
internal enum UnknownVariant
{
    Fail,
    AsBase,
    AsNearest,
}
