using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Diagnostics;

namespace Penstock.Generator.CodeFixes;

/// <summary>PEN316: adds <c>[RemovedState]</c> to the pipeline.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddRemovedStateFix)), Shared]
public sealed class AddRemovedStateFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN316"];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>()
                is { AttributeLists.Count: > 0 } pipeline
                && diagnostic.Properties.TryGetValue(PenstockAnalyzer.SuggestionProperty, out var id) && id != null)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Drop the state of '{id}'",
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(
                            root.ReplaceNode(
                                pipeline,
                                pipeline.WithAttributeLists(AttributeSyntaxes.Add(
                                    pipeline.AttributeLists,
                                    AttributeSyntaxes.Of("RemovedState", id)))))),
                        nameof(AddRemovedStateFix)),
                    diagnostic);
            }
        }
    }
}
