using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.CodeFixes;

/// <summary>PEN208: adds the unit to a numeric event time, with one action for each unit.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddUnitFix)), Shared]
public sealed class AddUnitFix : CodeFixProvider
{
    private static readonly string[] Units = ["Milliseconds", "Seconds", "Microseconds", "Nanoseconds"];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN208"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<AttributeSyntax>()
                is not { ArgumentList: { } arguments })
            {
                continue;
            }

            foreach (var unit in Units)
            {
                var argument = SyntaxFactory.AttributeArgument(
                    SyntaxFactory.NameEquals("Unit"),
                    nameColon: null,
                    SyntaxFactory.ParseExpression("TimeUnit." + unit)).NormalizeWhitespace();
                var changed = Insert(arguments, argument);
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Set the unit to {unit.ToLowerInvariant()}",
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(arguments, changed))),
                        $"{nameof(AddUnitFix)}.{unit}"),
                    diagnostic);
            }
        }
    }

    // After the member, which is the first argument.
    private static AttributeArgumentListSyntax Insert(AttributeArgumentListSyntax list, AttributeArgumentSyntax argument)
    {
        var nodes = list.Arguments.GetWithSeparators().ToList();
        nodes.Insert(1, SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space));
        nodes.Insert(2, argument);
        return list.WithArguments(SyntaxFactory.SeparatedList<AttributeArgumentSyntax>(SyntaxFactory.NodeOrTokenList([.. nodes])));
    }
}
