using System.Text;
using Microsoft.CodeAnalysis;
using Penstock.Generator.Findings;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Diagnostics;

/// <summary>
/// The release files list every rule, and the table in the docs is generated from them. <c>PENSTOCK_UPDATE=1</c> updates it.
/// </summary>
public sealed class DiagnosticTableTests
{
    private const string Begin = "<!-- generated from AnalyzerReleases.*.md: run the generator's tests with PENSTOCK_UPDATE=1 -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public void Release_files_name_every_rule()
    {
        var expected = DiagnosticDescriptors.All.Select(static rule => new ReleasedRule(
            rule.Id,
            rule.Category,
            rule.DefaultSeverity.ToString(),
            rule.Title.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Equal(expected.OrderBy(static rule => rule.Id), Released().OrderBy(static rule => rule.Id));
    }

    [Fact]
    public void Table_in_the_docs_is_true()
    {
        var path = Path.Combine(Repository.Diagnostics, "README.md");
        var text = Repository.Read(path);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var expected = text[..begin] + Table() + text[text.IndexOf(End, StringComparison.Ordinal)..];
        if (Repository.IsUpdating)
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, Repository.Read(path));
    }

    private static string Table()
    {
        var table = new StringBuilder("\n");
        foreach (var room in Released().GroupBy(static rule => rule.Category).OrderBy(static room => room.First().Id))
        {
            table.Append("## ").Append(room.Key.Split('.')[^1]).Append("\n\n| Id | Severity | What |\n|---|---|---|\n");
            foreach (var rule in room.OrderBy(static rule => rule.Id))
            {
                table.Append("| [")
                    .Append(rule.Id)
                    .Append("](")
                    .Append(rule.Id)
                    .Append(".md) | ")
                    .Append(rule.Severity)
                    .Append(" | ")
                    .Append(rule.Title)
                    .Append(" |\n");
            }

            table.Append('\n');
        }

        return table.ToString();
    }

    private static IEnumerable<ReleasedRule> Released() =>
        from file in new[] { "AnalyzerReleases.Shipped.md", "AnalyzerReleases.Unshipped.md" }
        from line in Repository.Read(Path.Combine(Repository.Root, "src", "Generator", file)).Split('\n')
        where line.StartsWith("PEN", StringComparison.Ordinal)
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        select new ReleasedRule(cells[0], cells[1], cells[2], cells[3]);

    private sealed record ReleasedRule(string Id, string Category, string Severity, string Title);
}
