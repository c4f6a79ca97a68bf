using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.ReplaySafety;

/// <summary>
/// Distinguishes objects that an operator creates from those that it receives. An injected service has its own lifetime; the objects of an
/// operator are created again at each start.
/// </summary>
internal static class Ownership
{
    /// <summary>
    /// Whether a readonly field or property contains an object that the class did not create, according to its assigned value.
    /// </summary>
    public static bool IsInjected(ISymbol member) =>
        !member.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() switch
        {
            VariableDeclaratorSyntax { Initializer: { } initializer } => Creates(initializer.Value),
            PropertyDeclarationSyntax { Initializer: { } initializer } => Creates(initializer.Value),
            _ => false,
        })
        && !member.ContainingType.Constructors
            .SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
            .Select(static reference => reference.GetSyntax())
            .OfType<ConstructorDeclarationSyntax>()
            .SelectMany(static constructor => constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>())
            .Any(assignment => Creates(assignment.Right) && NameOf(assignment.Left) == member.Name);

    /// <summary>The parameters of the primary constructor of a class, which its methods can capture.</summary>
    public static IEnumerable<IParameterSymbol> CapturedParameters(INamedTypeSymbol type) => type.IsRecord ? [] : type.InstanceConstructors
        .Where(static constructor =>
            constructor.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax))
        .SelectMany(static constructor => constructor.Parameters);

    private static bool Creates(ExpressionSyntax value) => value switch
    {
        BaseObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax or ImplicitArrayCreationExpressionSyntax => true,
        CollectionExpressionSyntax or InitializerExpressionSyntax => true,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call =>
            access.Name.Identifier.ValueText is "ToArray" or "ToDictionary" or "ToHashSet" or "ToList"
            || (call.ArgumentList.Arguments.Count == 0
                && access.Expression is SimpleNameSyntax
                && access.Name.Identifier.ValueText.StartsWith("Create", StringComparison.Ordinal)),
        _ => false,
    };

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
