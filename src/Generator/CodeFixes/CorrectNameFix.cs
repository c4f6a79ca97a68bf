using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Diagnostics;

namespace Penstock.Generator.CodeFixes;

/// <summary>PEN101, PEN108, PEN114, PEN201, PEN311: replaces a misspelled name with the one that was probably meant.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CorrectNameFix)), Shared]
public sealed class CorrectNameFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN101", "PEN108", "PEN114", "PEN134", "PEN201", "PEN311"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax expression
                && diagnostic.Properties.TryGetValue(PenstockAnalyzer.SuggestionProperty, out var name) && name != null)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Change to '{name}'",
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(Correct(root, expression, name))),
                        nameof(CorrectNameFix)),
                    diagnostic);
            }
        }
    }

    private static SyntaxNode Correct(SyntaxNode root, ExpressionSyntax expression, string name)
    {
        // For nameof(Row.Member), the last name; for a string, its text.
        var last = expression is InvocationExpressionSyntax { ArgumentList.Arguments: [var named] }
            ? named.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().LastOrDefault()
            : null;
        return last != null
            ? root.ReplaceToken(last.Identifier, SyntaxFactory.Identifier(name).WithTriviaFrom(last.Identifier))
            : root.ReplaceNode(expression, SyntaxFactory
                .LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name))
                .WithTriviaFrom(expression));
    }
}
