using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.CodeFixes;

/// <summary>PEN001, PEN002: makes the class or the property partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix)), Shared]
public sealed class MakePartialFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN001", "PEN002"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var declaration = root?.FindNode(context.Span).FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (root == null
            || declaration is not (TypeDeclarationSyntax or PropertyDeclarationSyntax)
            || declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                "Make it partial",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(declaration, MakePartial(declaration)))),
                nameof(MakePartialFix)),
            context.Diagnostics);
    }

    // 'partial' is the last modifier. If it is the only one, it takes over the trivia of the keyword or the type.
    private static MemberDeclarationSyntax MakePartial(MemberDeclarationSyntax declaration)
    {
        var partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        if (declaration.Modifiers.Count > 0)
        {
            return declaration.WithModifiers(declaration.Modifiers.Add(partial));
        }

        var next = declaration is TypeDeclarationSyntax type ? type.Keyword : ((PropertyDeclarationSyntax)declaration).Type.GetFirstToken();
        return declaration.ReplaceToken(next, next.WithLeadingTrivia()) is var bare
            && bare is TypeDeclarationSyntax or PropertyDeclarationSyntax
            ? bare.WithModifiers(SyntaxFactory.TokenList(partial.WithLeadingTrivia(next.LeadingTrivia)))
            : declaration;
    }
}
