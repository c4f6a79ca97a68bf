using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>The second part that a partial property needs, which repeats the first one and has bodies.</summary>
/// <param name="Modifiers">The modifiers, in their order.</param>
/// <param name="Reference">How it returns what it holds.</param>
internal sealed record PropertyPart(
    EquatableArray<string> Modifiers,
    ReferenceKind Reference,
    TypeName Type,
    string Name,
    EquatableArray<AccessorPart> Accessors);

/// <summary>An accessor of a property.</summary>
/// <param name="Kind">Which one it is: <c>get</c>, <c>set</c> or <c>init</c>.</param>
internal sealed record AccessorPart(EquatableArray<string> Modifiers, string Kind);

internal enum ReferenceKind
{
    Value,
    Ref,
    RefReadOnly,
}
