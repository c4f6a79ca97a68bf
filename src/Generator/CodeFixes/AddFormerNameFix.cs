using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Diagnostics;

namespace Penstock.Generator.CodeFixes;

/// <summary>PEN314: adds <c>[FormerName]</c> to a state, or to a member of a type in a state.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddFormerNameFix)), Shared]
public sealed class AddFormerNameFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN314"];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            var member =
                root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<SyntaxNode>(static node => node is ParameterSyntax
                    or PropertyDeclarationSyntax
                    or FieldDeclarationSyntax);
            if (member != null && diagnostic.Properties.TryGetValue(PenstockAnalyzer.SuggestionProperty, out var name) && name != null)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Mark as renamed from '{name}'",
                        _ =>
                            Task.FromResult(context.Document.WithSyntaxRoot(root!.ReplaceNode(
                                member,
                                Add(member, AttributeSyntaxes.Of("FormerName", name))))),
                        nameof(AddFormerNameFix)),
                    diagnostic);
            }
        }
    }

    private static SyntaxNode Add(SyntaxNode member, AttributeSyntax attribute) => member switch
    {
        ParameterSyntax parameter => parameter
            .WithAttributeLists(AttributeSyntaxes.Add(parameter.AttributeLists, attribute))
            .WithLeadingTrivia(parameter.GetLeadingTrivia()),
        MemberDeclarationSyntax { AttributeLists.Count: > 0 } declaration =>
            declaration.WithAttributeLists(AttributeSyntaxes.Add(declaration.AttributeLists, attribute)),
        MemberDeclarationSyntax declaration => declaration.WithoutLeadingTrivia()
            .WithAttributeLists(AttributeSyntaxes.Add(default, attribute))
            .WithLeadingTrivia(declaration.GetLeadingTrivia()),
        _ => member,
    };
}

/// <summary>Creates the syntax of attributes.</summary>
internal static class AttributeSyntaxes
{
    /// <summary>An attribute with a string argument.</summary>
    public static AttributeSyntax Of(string name, string text) =>
        SyntaxFactory.Attribute(
            SyntaxFactory.ParseName(name),
            SyntaxFactory.ParseAttributeArgumentList($"({SymbolDisplay.FormatLiteral(text, quote: true)})"));

    /// <summary>Adds an attribute to the last list, or in a new list if there is none.</summary>
    public static SyntaxList<AttributeListSyntax> Add(SyntaxList<AttributeListSyntax> lists, AttributeSyntax attribute)
    {
        if (lists.Count == 0)
        {
            return SyntaxFactory.SingletonList(SyntaxFactory
                .AttributeList(SyntaxFactory.SingletonSeparatedList(attribute))
                .WithTrailingTrivia(SyntaxFactory.Space));
        }

        var last = lists[lists.Count - 1];
        var separators = last.Attributes
            .GetSeparators()
            .Concat([SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)]);
        return lists.Replace(last, last.WithAttributes(SyntaxFactory.SeparatedList(last.Attributes.Concat([attribute]), separators)));
    }
}
