using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.Memory;

/// <summary>Something that an operator reads and that a replay would read otherwise.</summary>
/// <param name="Place">The code.</param>
/// <param name="Kind">Why it would be another answer.</param>
internal sealed record OutsideRead(ExpressionSyntax Place, OutsideAnswer Kind);

/// <summary>
/// Finds where an operator reads a clock or chance: in its methods, in what these reach of the class and its base classes, in its
/// constructors and in its initializers. What other classes do is not looked into: an injected service may read a clock.
/// </summary>
internal static class OutsideAnswers
{
    public static IEnumerable<OutsideRead> Find(INamedTypeSymbol type, Compilation compilation)
    {
        var behaviours = OperatorMethods.MethodsIn(type.WrittenMembers());
        var code = ReachedCode.From(type, behaviours)
            .Select(static reached => (reached.Body, IsStart: false))
            .Concat(ReachedCode.Chain(type).SelectMany(StartOf).Select(static body => (Body: body, IsStart: true)));
        var seen = new HashSet<SyntaxNode>();
        var models = new Dictionary<SyntaxTree, SemanticModel>();
        foreach (var (body, isStart) in code.Where(part => compilation.ContainsSyntaxTree(part.Body.SyntaxTree)))
        {
            foreach (var node in body.DescendantNodes())
            {
                if (KindOf(node, isStart, SymbolOf) is { } kind && seen.Add(node))
                {
                    yield return new OutsideRead(
                        node.Parent is MemberAccessExpressionSyntax access && access.Name == node ? access : (ExpressionSyntax)node,
                        kind);
                }
            }
        }

        ISymbol? SymbolOf(SyntaxNode node)
        {
            if (!models.TryGetValue(node.SyntaxTree, out var model))
            {
                models.Add(node.SyntaxTree, model = compilation.GetSemanticModel(node.SyntaxTree));
            }

            return model.GetSymbolInfo(node).Symbol;
        }
    }

    // Constructors, and the values that fields and properties begin with, but for those that may be lost.
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

    private static OutsideAnswer? KindOf(SyntaxNode node, bool isStart, Func<SyntaxNode, ISymbol?> symbolOf)
    {
        // The model is asked only about these names: a file is bound where one of them stands in it.
        var isCreated = node is BaseObjectCreationExpressionSyntax;
        if (!isCreated && (node is not SimpleNameSyntax name || !OutsideMembers.Names.Contains(name.Identifier.ValueText) || IsNamed(name)))
        {
            return null;
        }

        var symbol = symbolOf(node);
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
