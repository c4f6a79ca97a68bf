using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Diagnostics;

namespace Penstock.Generator.CodeFixes;

/// <summary>PEN022: adds the method that merges states, where all of them are numbers or reducing states.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddMergeFix)), Shared]
public sealed class AddMergeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN022"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type
                && type.Members.OfType<MethodDeclarationSyntax>().FirstOrDefault(IsAccumulate) is { } accumulate
                && diagnostic.Properties.TryGetValue(PenstockAnalyzer.SuggestionProperty, out var statements)
                && statements != null
                && SyntaxFactory.ParseMemberDeclaration(
                    $"[Merge] private void Merge(in Accumulator other) {{ {statements} }}") is { } method)
            {
                var added = method.NormalizeWhitespace().WithLeadingTrivia(accumulate.GetLeadingTrivia())
                    .WithTrailingTrivia(SyntaxFactory.EndOfLine("\n"));
                context.RegisterCodeFix(
                    CodeAction.Create(
                        "Merge the states by adding them",
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.InsertNodesAfter(accumulate, [added]))),
                        nameof(AddMergeFix)),
                    diagnostic);
            }
        }
    }

    private static bool IsAccumulate(MethodDeclarationSyntax method) => method.AttributeLists
        .SelectMany(static list => list.Attributes)
        .Any(static attribute => attribute.Name.ToString() is "Accumulate" or "AccumulateAttribute");
}
