using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Caches the declaration of a class until something changes on which it could depend. Roslyn requests every class again after each
/// keystroke, and binding all of their members would take longer than the keystroke.
/// </summary>
/// <typeparam name="T">The type of the declarations.</typeparam>
internal static class DeclarationCache<T>
    where T : class
{
    private static readonly ConditionalWeakTable<SyntaxNode, Entry> Known = new();

    /// <summary>The declaration of a class with an attribute of Penstock; null if it has none.</summary>
    public static T? GetOrRead(
        TypeDeclarationSyntax node,
        SemanticModel model,
        string attribute,
        Func<INamedTypeSymbol, Compilation, T?> read,
        CancellationToken cancellation)
    {
        var isCandidate = CompilationShape.Of(model.Compilation).HasAliases
            || node.AttributeLists.Any(list => list.Attributes.Any(candidate => IsNamed(candidate.Name, attribute)));
        return isCandidate ? GetOrRead(node, model, (symbol, part) => IsFirstPart(symbol, part, attribute), read, cancellation) : null;
    }

    /// <summary>The declaration of a class; null if it has none, or if another part represents the class.</summary>
    public static T? GetOrRead(
        TypeDeclarationSyntax node,
        SemanticModel model,
        Func<INamedTypeSymbol, TypeDeclarationSyntax, bool> isFirstPart,
        Func<INamedTypeSymbol, Compilation, T?> read,
        CancellationToken cancellation)
    {
        var shape = CompilationShape.Of(model.Compilation);
        if (Known.TryGetValue(node, out var known) && known.Shape.IsSameAs(shape))
        {
            return known.Declaration;
        }

        var declaration = model.GetDeclaredSymbol(node, cancellation) is INamedTypeSymbol symbol && isFirstPart(symbol, node)
            ? read(symbol, model.Compilation)
            : null;
        Known.Remove(node);
        Known.GetValue(node, _ => new Entry(shape, declaration));
        return declaration;
    }

    private static bool IsNamed(NameSyntax name, string attribute) => name switch
    {
        SimpleNameSyntax simple => simple.Identifier.ValueText is var text && (text == attribute || text + "Attribute" == attribute),
        QualifiedNameSyntax qualified => IsNamed(qualified.Right, attribute),
        AliasQualifiedNameSyntax alias => IsNamed(alias.Name, attribute),
        _ => false,
    };

    // Two parts of a class may both have the attribute. The compiler reports this; it must not result in two files.
    private static bool IsFirstPart(INamedTypeSymbol symbol, SyntaxNode node, string attribute) =>
        symbol.Attribute(attribute)?.ApplicationSyntaxReference is { } reference
        && reference.SyntaxTree == node.SyntaxTree
        && node.Span.Contains(reference.Span)
        && node.ChildNodes().OfType<AttributeListSyntax>().Any(list => list.Span.Contains(reference.Span));

    private sealed record Entry(CompilationShape Shape, T? Declaration);
}
