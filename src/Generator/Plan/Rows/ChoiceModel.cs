using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>
/// How the type of an object is told by one of its members, as <c>[JsonPolymorphic]</c> and <c>[JsonDerivedType]</c> say.
/// </summary>
/// <param name="Name">The name of the member.</param>
/// <param name="Variants">The types.</param>
internal sealed record ChoiceModel(string Name, EquatableArray<VariantModel> Variants)
{
    /// <summary>The id of what is read where the member is lacking; null where it must be there.</summary>
    public string? Base { get; init; }

    /// <summary>Whether that is also read where the member says something unknown.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>What is written where an object is of a type that is none of them.</summary>
    public UnknownVariant Unknown { get; init; }
}

/// <summary>One of the types.</summary>
/// <param name="Value">What the member says; null where it is not written, so that the type is never read.</param>
/// <param name="IsText">Whether that is a text, and no number.</param>
/// <param name="Type">The type.</param>
/// <param name="Nested">The id of its members.</param>
/// <param name="Depth">How far it is derived.</param>
internal sealed record VariantModel(string? Value, bool IsText, TypeName Type, string Nested, int Depth);

/// <summary>
/// What is written where an object is of a type that is not known. The values are those of <c>JsonUnknownDerivedTypeHandling</c>.
/// </summary>
internal enum UnknownVariant
{
    Fail,
    AsBase,
    AsNearest,
}
