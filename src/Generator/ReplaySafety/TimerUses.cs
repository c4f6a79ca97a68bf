using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Declarations;
using Penstock.Generator.Words;

namespace Penstock.Generator.ReplaySafety;

/// <summary>Finds uses of <c>Context.Timers</c> in the code that the methods of an operator reach.</summary>
internal static class TimerUses
{
    public static IEnumerable<ExpressionSyntax> Find(INamedTypeSymbol type, Compilation compilation)
    {
        var names = new BoundNames(compilation);
        return ReachableCode.From(type, OperatorMethods.MethodsIn(type.WrittenMembers()))
            .Select(static reached => reached.Body)
            .Where(body => compilation.ContainsSyntaxTree(body.SyntaxTree))
            .SelectMany(static body => body.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Where(static name => name.Identifier.ValueText == KnownNames.Timers)
            .Where(name => names.SymbolOf(name) is IPropertySymbol property && property.ContainingType.IsPenstock(KnownNames.Context))
            .Select(static name =>
                name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : (ExpressionSyntax)name)
            .Distinct();
    }
}
