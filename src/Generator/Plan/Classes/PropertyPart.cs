using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>The second part of a partial property. It repeats the first part and adds bodies.</summary>
/// <param name="Modifiers">The modifiers, in source order.</param>
/// <param name="Reference">How the property returns its value: by value or by reference.</param>
internal sealed record PropertyPart(
    EquatableArray<string> Modifiers,
    ReferenceKind Reference,
    TypeName Type,
    string Name,
    EquatableArray<AccessorPart> Accessors);

/// <summary>An accessor of a property.</summary>
/// <param name="Kind"><c>get</c>, <c>set</c> or <c>init</c>.</param>
internal sealed record AccessorPart(EquatableArray<string> Modifiers, string Kind);

internal enum ReferenceKind
{
    Value,
    Ref,
    RefReadOnly,
}
