using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Declarations;

/// <summary>Reads classes that are neither pipelines nor operators but have partial properties of Penstock's types.</summary>
internal static class StrayReader
{
    /// <summary>Whether a part of a class has a partial property without a body.</summary>
    public static bool IsCandidate(SyntaxNode node) => node is TypeDeclarationSyntax type && type.Members.Any(IsBodiless);

    public static StrayDeclaration? Read(INamedTypeSymbol type, Compilation compilation)
    {
        if (type.Attribute(KnownNames.Pipeline) != null || type.Attribute(KnownNames.Operator) != null)
        {
            return null;
        }

        var declaration = new StrayDeclaration(ClassReader.Read(type));
        return IsOurs(type, declaration.Class) ? declaration : null;
    }

    /// <summary>Whether a node is the first part of its class with such a property, so that only one file is generated.</summary>
    public static bool IsFirstPart(INamedTypeSymbol type, TypeDeclarationSyntax node) =>
        type.DeclaringSyntaxReferences.Select(static reference => reference.GetSyntax()).FirstOrDefault(IsCandidate) == node;

    /// <summary>Whether a class seems to be meant as a pipeline or an operator.</summary>
    private static bool IsOurs(INamedTypeSymbol type, ClassDeclaration declaration) =>
        declaration.Bodiless.Count > 0
        && (declaration.Bodiless.Any(static property => property.IsMarked)
            || type.WrittenMembers().Any(static member => MisplacedAttributes.IsOperatorMember(member)
                || member is IPropertySymbol property && PartialProperties.IsOfOurType(property)));

    private static bool IsBodiless(MemberDeclarationSyntax member) =>
        member is PropertyDeclarationSyntax { AccessorList.Accessors: { Count: > 0 } accessors } property
        && property.Modifiers.Any(SyntaxKind.PartialKeyword)
        && accessors.All(static accessor => accessor.Body == null && accessor.ExpressionBody == null);
}
