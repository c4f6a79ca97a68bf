using Penstock.Generator.Declarations;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>How states are declared, for people.</summary>
internal static class StateForms
{
    /// <summary>How a state of a kind is declared.</summary>
    public static string FormOf(StateKind kind, string type, string name) =>
        $"private partial {(kind == StateKind.Value ? "ref " : "")}{type} {Identifier.Escape(name)} {{ get; }}";

    /// <summary>How the property is declared that a field should be.</summary>
    public static string FormOf(StateFieldDeclaration field) => FormOf(field.Kind, field.Type, Identifier.Pascal(field.Name));
}
