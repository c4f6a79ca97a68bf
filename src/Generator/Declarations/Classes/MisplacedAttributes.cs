using Microsoft.CodeAnalysis;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Finds members with attributes that have no effect in their class.</summary>
internal static class MisplacedAttributes
{
    /// <summary>Whether a member is declared as a stream of a pipeline, or as a method that decides the watermarks of one.</summary>
    public static bool IsStreamMember(ISymbol member) => member.GetAttributes().Any(static attribute =>
        attribute.AttributeClass is { } type
        && (type.DerivesFrom("StreamAttribute")
            || type.IsPenstock(KnownNames.Apply)
            || type.IsPenstock(KnownNames.SideOutput)
            || type.IsPenstock(KnownNames.EventTime)
            || type.IsPenstock(KnownNames.IngestionTime)
            || type.IsPenstock(KnownNames.Watermark)
            || type.IsPenstock(KnownNames.Parallelism)));

    /// <summary>Whether a member is declared as a part of an operator.</summary>
    public static bool IsOperatorMember(ISymbol member) => member switch
    {
        IMethodSymbol method => OperatorMethods.FormsOf(method).Any() || method.Attribute(KnownNames.StateUpgrade) != null,
        IPropertySymbol or IFieldSymbol { IsImplicitlyDeclared: false } => member.Attribute(KnownNames.State) != null,
        _ => false,
    };
}
