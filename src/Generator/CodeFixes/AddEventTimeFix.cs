using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Penstock.Generator.Diagnostics;

namespace Penstock.Generator.CodeFixes;

/// <summary>
/// PEN204, PEN212, PEN224: adds <c>[EventTime]</c> to the source of a window, of timers or of an input of a union, once for each member
/// that can be event time.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddEventTimeFix)), Shared]
public sealed class AddEventTimeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN204", "PEN212", "PEN224", "PEN227", "PEN228"];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>(static type =>
                type is ClassDeclarationSyntax or RecordDeclarationSyntax) is { } pipeline
                && diagnostic.Properties.TryGetValue(PenstockAnalyzer.SuggestionProperty, out var name)
                && pipeline.Members
                    .OfType<PropertyDeclarationSyntax>()
                    .FirstOrDefault(property => property.Identifier.ValueText == name) is { } source
                && (model?.GetDeclaredSymbol(source) as IPropertySymbol)?.Type is INamedTypeSymbol { TypeArguments: [var row] })
            {
                Register(context, diagnostic, root, source, row, model);
            }
        }
    }

    private static void Register(
        CodeFixContext context,
        Diagnostic diagnostic,
        SyntaxNode root,
        PropertyDeclarationSyntax source,
        ITypeSymbol row,
        SemanticModel model)
    {
        foreach (var member in row.GetMembers().Where(IsInstant))
        {
            var rowName = row.ToMinimalDisplayString(model, source.SpanStart);
            var attribute = SyntaxFactory.Attribute(
                SyntaxFactory.ParseName("EventTime"),
                SyntaxFactory.ParseAttributeArgumentList($"(nameof({rowName}.{member.Name}))"));
            var list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute))
                .WithLeadingTrivia(source.GetLeadingTrivia()
                    .Reverse()
                    .TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)))
                .WithTrailingTrivia(SyntaxFactory.EndOfLine("\n"));
            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Use '{member.Name}' as the event time of '{source.Identifier.ValueText}'",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(source, source.AddAttributeLists(list)))),
                    $"{nameof(AddEventTimeFix)}.{member.Name}"),
                diagnostic);
        }
    }

    private static bool IsInstant(ISymbol member) =>
        member is IPropertySymbol
        {
            IsStatic: false,
            DeclaredAccessibility: Accessibility.Public,
            Type: { ContainingNamespace.Name: "System", Name: "DateTime" or "DateTimeOffset" }
        };
}
