using System.Text.RegularExpressions;

namespace Penstock.Generator.Tests.Helpers;

/// <summary>The page of a diagnostic: its example with marked tokens, its fix, and the lock if there is one.</summary>
internal sealed partial record DiagnosticPage(string Id, string Heading, string? Example, string? Correction, string? Locked)
{
    private static readonly Lazy<string> SharedRows =
        new(static () => Blocks(Repository.Read(Path.Combine(Repository.Diagnostics, "README.md"))).First());

    /// <summary>The rows and operators that all examples use.</summary>
    public static string Shared => SharedRows.Value;

    public static DiagnosticPage Load(string id)
    {
        var text = Repository.Read(Path.Combine(Repository.Diagnostics, id + ".md"));
        var fix = text.IndexOf("\n## Fix\n", StringComparison.Ordinal);
        return new DiagnosticPage(
            id,
            text[..text.IndexOf('\n')],
            Blocks(text[..fix]).FirstOrDefault(),
            Blocks(text[fix..]).FirstOrDefault(),
            Lock().Match(text) is { Success: true } locked ? locked.Groups[1].Value : null);
    }

    /// <summary>Returns the marks in a program. A mark is a comment line with carets below a token, followed by the expected id.</summary>
    public static IReadOnlyList<Expectation> Expectations(string program)
    {
        var lines = program.Split('\n');
        var found = new List<Expectation>();
        var code = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var mark = Mark().Match(lines[i]);
            if (!mark.Success)
            {
                code = i;
                continue;
            }

            var carets = mark.Groups["carets"];
            found.Add(new Expectation(
                mark.Groups["id"].Value,
                code,
                carets.Index,
                lines[code].Substring(carets.Index, Math.Min(carets.Length, lines[code].Length - carets.Index))));
        }

        return found;
    }

    private static IEnumerable<string> Blocks(string markdown) =>
        CodeBlock().Matches(markdown).Select(static match => match.Groups[1].Value);

    [GeneratedRegex(@"^//\s*(?<carets>\^+) (?<id>\w+)\s*$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"```text\n(penstock-state-lock.*?)```", RegexOptions.Singleline)]
    private static partial Regex Lock();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

/// <summary>A diagnostic that a program marks.</summary>
/// <param name="Line">The line, from 0.</param>
/// <param name="Column">The column, from 0.</param>
/// <param name="Text">The marked token.</param>
internal sealed record Expectation(string Id, int Line, int Column, string Text)
{
    public override string ToString() => $"{Id} at ({Line + 1},{Column + 1}) '{Text}'";
}
