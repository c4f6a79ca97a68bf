using Microsoft.CodeAnalysis;
using Penstock.Generator.Findings;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Diagnostics;

/// <summary>Every diagnostic has a page. The example on it causes the diagnostic at the marked place, and the fix on it is valid.</summary>
public sealed class DiagnosticPageTests
{
    public static TheoryData<string> Ids => [.. DiagnosticDescriptors.All.Select(static rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Example_gives_the_diagnostic_at_the_marked_place(string id)
    {
        var page = DiagnosticPage.Load(id);
        Assert.Equal($"# {id}: {DiagnosticDescriptors.Get(id).Title}", page.Heading);
        if (page.Example == null)
        {
            // Examples with two assemblies, or without C#, have separate tests.
            Assert.Contains(id, (string[])["PEN020", "PEN317", "PEN318"]);
            return;
        }

        var expected = DiagnosticPage.Expectations(page.Example).Select(static expectation => expectation.ToString()).ToList();
        var result = TestCompiler.BuildLocked(page.Locked, DiagnosticPage.Shared, page.Example);
        var found = result.Penstock.Select(Describe).ToList();

        Assert.Contains(expected, text => text.StartsWith(id, StringComparison.Ordinal));
        Assert.Equal(expected, found);
        Assert.Empty(result.Ours);
        Assert.False(result.HidesDiagnostics);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Correction_builds(string id)
    {
        if (DiagnosticPage.Load(id) is { Correction: { } correction } page)
        {
            TestCompiler.BuildLocked(page.Locked, DiagnosticPage.Shared, correction).AssertClean();
        }
    }

    [Fact]
    public void Every_rule_points_to_its_page()
    {
        Assert.All(DiagnosticDescriptors.All, static rule =>
        {
            Assert.EndsWith($"/docs/diagnostics/{rule.Id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Repository.Diagnostics, rule.Id + ".md")));
        });
        Assert.Equal(
            DiagnosticDescriptors.All.Select(static rule => rule.Id).Order(),
            Directory.GetFiles(Repository.Diagnostics, "PEN*.md").Select(static path => Path.GetFileNameWithoutExtension(path)).Order());
    }

    internal static string Describe(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.GetLineSpan().StartLinePosition;
        var text = diagnostic.MarkedText();
        return new Expectation(diagnostic.Id, span.Line, span.Character, text).ToString();
    }
}
