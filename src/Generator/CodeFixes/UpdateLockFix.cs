using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using Penstock.Generator.Locking;

namespace Penstock.Generator.CodeFixes;

/// <summary>PEN319: updates the lock, like the build target does.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UpdateLockFix)), Shared]
public sealed class UpdateLockFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN319"];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (context.Document.Project.AdditionalDocuments.FirstOrDefault(static document => document.Name == LockFile.Name) is { } file)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Update {LockFile.Name}",
                    async cancellation =>
                    {
                        var compilation = await context.Document.Project.GetCompilationAsync(cancellation).ConfigureAwait(false);
                        return context.Document.Project.Solution.WithAdditionalDocumentText(
                            file.Id,
                            SourceText.From(LockText.Of(compilation!)));
                    },
                    nameof(UpdateLockFix)),
                context.Diagnostics);
        }

        return Task.CompletedTask;
    }
}
