using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.Declarations;

/// <summary>
/// Finds parameters of primary constructors that methods use: the compiler stores each in a field without a symbol. Only the syntax is
/// examined.
/// </summary>
internal static class CapturedParameters
{
    /// <returns>The name of such a parameter, or null.</returns>
    public static string? Find(INamedTypeSymbol type)
    {
        // A name that is also a member refers to the member, not to the parameter.
        var names = new HashSet<string>(type.InstanceConstructors
            .Where(static constructor =>
                constructor.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax))
            .SelectMany(static constructor => constructor.Parameters)
            .Select(static parameter => parameter.Name));
        names.ExceptWith(type.GetMembers().Select(static member => member.Name));
        return names.Count == 0 ? null : type.DeclaringSyntaxReferences
            .Select(static reference => reference.GetSyntax())
            .OfType<TypeDeclarationSyntax>()
            .SelectMany(static part => part.Members)
            .SelectMany(BodiesOf)
            .SelectMany(static body => body.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Where(name => names.Contains(name.Identifier.ValueText) && !IsOther(name))
            .Select(static name => name.Identifier.ValueText)
            .FirstOrDefault();
    }

    // Initializers are excluded, because they run in the constructor.
    private static IEnumerable<SyntaxNode> BodiesOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax or BaseFieldDeclarationSyntax => [],
        BasePropertyDeclarationSyntax property =>
            new SyntaxNode?[]
            {
                property.AccessorList,
                (property as PropertyDeclarationSyntax)?.ExpressionBody,
                (property as IndexerDeclarationSyntax)?.ExpressionBody
            }.OfType<SyntaxNode>(),
        ConstructorDeclarationSyntax => [],
        _ => [member],
    };

    // A member of something else, a label, or a local variable or parameter with the same name.
    private static bool IsOther(IdentifierNameSyntax name) =>
        name.Parent is MemberAccessExpressionSyntax access && access.Name == name
        || name.Parent is MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax or QualifiedNameSyntax
        || name.Parent
            is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } }
        || name.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.DescendantNodes().Any(node => node switch
        {
            ParameterSyntax parameter => parameter.Identifier.ValueText,
            VariableDeclaratorSyntax local => local.Identifier.ValueText,
            SingleVariableDesignationSyntax local => local.Identifier.ValueText,
            ForEachStatementSyntax loop => loop.Identifier.ValueText,
            _ => null,
        } == name.Identifier.ValueText);
}
