using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.ReplaySafety;

/// <summary>A value that an operator reads and that is different when rows are processed again.</summary>
/// <param name="Place">The code.</param>
/// <param name="Kind">Why it is different.</param>
internal sealed record OutsideRead(ExpressionSyntax Place, OutsideAnswer Kind);

/// <summary>
/// Finds where an operator reads a clock or random numbers: in its methods, in the code of the class and its base classes that they reach,
/// in its constructors and in its initializers. Other classes are not examined: an injected service may read a clock.
/// </summary>
internal static class NondeterminismAnalysis
{
    public static IEnumerable<OutsideRead> Find(INamedTypeSymbol type, Compilation compilation)
    {
        var behaviours = OperatorMethods.MethodsIn(type.WrittenMembers());
        var code = ReachableCode.From(type, behaviours)
            .Select(static reached => (reached.Body, IsStart: false))
            .Concat(ReachableCode.Chain(type).SelectMany(StartOf).Select(static body => (Body: body, IsStart: true)));
        var seen = new HashSet<SyntaxNode>();
        var names = new BoundNames(compilation);
        foreach (var (body, isStart) in code.Where(part => compilation.ContainsSyntaxTree(part.Body.SyntaxTree)))
        {
            foreach (var node in body.DescendantNodes())
            {
                if (KindOf(node, isStart, names) is { } kind && seen.Add(node))
                {
                    yield return new OutsideRead(
                        node.Parent is MemberAccessExpressionSyntax access && access.Name == node ? access : (ExpressionSyntax)node,
                        kind);
                }
            }
        }
    }

    // Constructors, and the initial values of fields and properties, except those that may be lost.
    private static IEnumerable<SyntaxNode> StartOf(INamedTypeSymbol type) => type.WrittenMembers()
        .Where(static member => member.Attribute(KnownNames.Transient) == null)
        .SelectMany(static member => member.DeclaringSyntaxReferences)
        .Where(static reference => !Symbols.IsGenerated(reference))
        .Select(static reference => reference.GetSyntax() switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            ConstructorDeclarationSyntax constructor => (SyntaxNode)constructor,
            _ => null,
        })
        .OfType<SyntaxNode>();

    private static OutsideAnswer? KindOf(SyntaxNode node, bool isStart, BoundNames names)
    {
        // The semantic model is used only for these names, so that only files that contain one of them are bound.
        var isCreated = node is BaseObjectCreationExpressionSyntax;
        if (!isCreated && (node is not SimpleNameSyntax name || !OutsideMembers.Names.Contains(name.Identifier.ValueText) || IsNamed(name)))
        {
            return null;
        }

        var symbol = names.SymbolOf(node);
        if (isCreated)
        {
            return symbol is not IMethodSymbol created || created.ContainingType.ToDisplayString() != "System.Random" ? null
                : created.Parameters.IsEmpty ? OutsideAnswer.Chance
                : isStart ? OutsideAnswer.Start
                : null;
        }

        return OutsideMembers.KindOf(symbol);
    }

    private static bool IsNamed(SimpleNameSyntax name) =>
        name.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } };
}
