using System.Text.RegularExpressions;

namespace Penstock.Docs.Tests;

/// <summary>A page of terms: a list below each letter, with a term in bold at the start of each item.</summary>
/// <param name="Entries">The terms with the letter above them, in the order of the page.</param>
/// <param name="References">Terms to which other entries refer, as in "See *fusion*".</param>
/// <param name="Code">Names of types and members in code. The terms of other systems do not count.</param>
internal sealed partial record Glossary(
    IReadOnlyList<(string Letter, string Term)> Entries, IReadOnlyList<string> References, IReadOnlyList<string> Code)
{
    /// <summary>Reads a page.</summary>
    public static Glossary Of(Page page)
    {
        var entries = new List<(string, string)>();
        var letter = "";
        foreach (var line in page.Lines())
        {
            if (LetterHeading().Match(line) is { Success: true } heading)
            {
                letter = heading.Groups[1].Value;
            }
            else if (Item().Match(line) is { Success: true } item)
            {
                entries.Add((letter, item.Groups[1].Value));
            }
        }

        return new(
            entries,
            [.. Reference().Matches(string.Join(' ', page.Lines())).Select(static match => match.Groups[1].Value)],
            [.. page.Codes().Where(static code => TypeName().IsMatch(code))]);
    }

    [GeneratedRegex("^## ([A-Z])$")]
    private static partial Regex LetterHeading();

    [GeneratedRegex(@"^- \*\*([^*]+)\*\*")]
    private static partial Regex Item();

    [GeneratedRegex(@"[Ss]ee \*([^*]+)\*")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\[?[A-Z]\w*(<\w+>)?\]?(\.\w+)?$")]
    private static partial Regex TypeName();
}
