using Penstock.Generator.Declarations;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>The declarations of states, for messages.</summary>
internal static class StateForms
{
    /// <summary>The declaration of a state of a kind.</summary>
    public static string FormOf(StateKind kind, string type, string name) =>
        $"private partial {(kind == StateKind.Value ? "ref " : "")}{type} {Identifier.Escape(name)} {{ get; }}";

    /// <summary>The declaration of the property that should replace a field.</summary>
    public static string FormOf(StateFieldDeclaration field) => FormOf(field.Kind, field.Type, Identifier.Pascal(field.Name));
}
