using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Penstock.Generator.CodeFixes;

/// <summary>
/// Adds to <c>[EventTime]</c> what it lacks, with one action for each choice. PEN208: the unit of a number. PEN213: what happens to rows
/// whose event time is null.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CompleteEventTimeFix)), Shared]
public sealed class CompleteEventTimeFix : CodeFixProvider
{
    private static readonly (string Title, string Value)[] Units =
    [
        .. ((string[])["Milliseconds", "Seconds", "Microseconds", "Nanoseconds"])
            .Select(static unit => ($"Set the unit to {unit.ToLowerInvariant()}", $"TimeUnit.{unit}")),
    ];

    private static readonly (string Title, string Value)[] Policies =
    [
        ("Send rows without event time to a side output", "NullTimePolicy.SideOutput"),
        ("Skip rows without event time", "NullTimePolicy.Skip"),
        ("Fail at rows without event time", "NullTimePolicy.Fail"),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["PEN208", "PEN213"];

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

            var (name, choices) = diagnostic.Id == "PEN208" ? ("Unit", Units) : ("OnNull", Policies);
            foreach (var (title, value) in choices)
            {
                var argument = SyntaxFactory.AttributeArgument(
                    SyntaxFactory.NameEquals(name),
                    nameColon: null,
                    SyntaxFactory.ParseExpression(value)).NormalizeWhitespace();
                var changed = Insert(arguments, argument);
                context.RegisterCodeFix(
                    CodeAction.Create(
                        title,
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(arguments, changed))),
                        $"{nameof(CompleteEventTimeFix)}.{value}"),
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
