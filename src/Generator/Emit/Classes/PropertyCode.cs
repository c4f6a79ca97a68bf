using Penstock.Generator.Equality;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Emit;

/// <summary>The second parts of partial properties.</summary>
internal static class PropertyCode
{
    /// <summary>A property with one body for all of its accessors.</summary>
    public static string Of(PropertyPart part, string body)
    {
        var reference = part.Reference switch
        {
            ReferenceKind.Value => "",
            ReferenceKind.Ref => "ref ",
            ReferenceKind.RefReadOnly => "ref readonly ",
            _ => throw new InvalidOperationException($"Unknown way to return a property: {part.Reference}."),
        };
        var accessors = part.Accessors.Select(accessor => $"{Modifiers(accessor.Modifiers)}{accessor.Kind} => {body};");
        return $"{Modifiers(part.Modifiers)}{reference}{part.Type} {Identifier.Escape(part.Name)} {{ {string.Join(" ", accessors)} }}";
    }

    /// <summary>Modifiers, each followed by a space.</summary>
    public static string Modifiers(EquatableArray<string> modifiers) =>
        string.Concat(modifiers.Select(static modifier => modifier + " "));
}
