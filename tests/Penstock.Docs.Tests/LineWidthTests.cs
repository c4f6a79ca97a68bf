using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Penstock.Docs.Tests;

/// <summary>
/// A line of code has at most 140 columns. Only a string may be longer, because a divided string cannot be found by a search.
/// </summary>
public sealed class LineWidthTests
{
    private const int Columns = 140;

    [Fact]
    public void Lines_of_code_fit_on_a_screen()
    {
        var files = new FolderWalk(Page.Root, ["bin", "obj", ".git"]).Files("*.cs")
            .Where(static file => !file.EndsWith(".verified.cs", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(files);
        var found = files.SelectMany(static file =>
            TooLong(File.ReadAllText(file)).Select(line => $"{Path.GetRelativePath(Page.Root, file)}:{line}")).ToList();
        Assert.True(found.Count == 0, $"Too long are:\n{string.Join('\n', found)}");
    }

    [Theory]
    [InlineData("// A comment", 1)]
    [InlineData("var a = b + c", 1)]
    [InlineData("var a = \"text", 0)]
    [InlineData("var a = $\"{b} text", 0)]
    [InlineData("var a = $\"{b} text {b.C(", 0)]
    public void Only_text_may_be_longer(string begin, int expected) =>
        Assert.Equal(
            expected,
            TooLong($"class C\n{{\n    void M()\n    {{\n        {begin}{new string('x', Columns)}{End(begin)}\n    }}\n}}\n").Count());

    private static string End(string begin) => begin.EndsWith('(') ? ")}\";" : begin.Contains('"', StringComparison.Ordinal) ? "\";" : ";";

    private static IEnumerable<int> TooLong(string text)
    {
        var source = SourceText.From(text);
        if (source.Lines.All(static line => line.Span.Length <= Columns))
        {
            yield break;
        }

        var root = CSharpSource.Parse(text).GetRoot(TestContext.Current.CancellationToken);
        foreach (var line in source.Lines.Where(static line => line.Span.Length > Columns))
        {
            if (!IsText(root.FindToken(line.Start + Columns), line.Start + Columns))
            {
                yield return line.LineNumber + 1;
            }
        }
    }

    private static bool IsText(SyntaxToken token, int position) =>
        token.Parent!.AncestorsAndSelf().Any(node => node is InterpolatedStringExpressionSyntax && node.Span.Contains(position))
        || (token.Span.Contains(position)
            && (token.Kind() is SyntaxKind.StringLiteralToken
                or SyntaxKind.Utf8StringLiteralToken
                or SyntaxKind.SingleLineRawStringLiteralToken
                or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.Utf8MultiLineRawStringLiteralToken
                || EndsText(token)));

    // The punctuation after a string belongs to it.
    private static bool EndsText(SyntaxToken token) =>
        token.Kind() is SyntaxKind.CommaToken
            or SyntaxKind.SemicolonToken
            or SyntaxKind.CloseParenToken
            or SyntaxKind.CloseBracketToken
            or SyntaxKind.CloseBraceToken
        && token.GetPreviousToken() is var before
        && (IsText(before, before.SpanStart) || EndsText(before));
}
