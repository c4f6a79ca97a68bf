namespace Penstock.Docs.Tests;

/// <summary>The code in the documentation is correct: it builds without diagnostics, and its tests pass.</summary>
public sealed class CodeTests
{
    /// <summary>Pages with C#. The pages of diagnostics contain mistakes; the generator tests build those.</summary>
    public static TheoryData<string> Pages =>
    [
        .. Page.Names.Where(static name => !name.StartsWith("docs/diagnostics/", StringComparison.Ordinal)
            && Page.Load(name).Blocks("csharp").Count > 0),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_builds_and_its_tests_pass(string name)
    {
        var program = new PageProgram(Page.Load(name));
        Assert.True(program.Problems.Count == 0, string.Join('\n', program.Problems) + "\n\n" + program.Source);
        foreach (var test in program.Tests())
        {
            test.CreateDelegate<Action>()();
        }
    }

    [Fact]
    public void Pages_of_the_guide_have_tests()
    {
        foreach (var name in (string[])["docs/getting-started.md", "docs/event-time.md"])
        {
            Assert.NotEmpty(new PageProgram(Page.Load(name)).Tests());
        }
    }

    [Fact]
    public void Main_pages_have_code() =>
        Assert.Subset(Pages.Select(static row => row.Data).ToHashSet(), new HashSet<string> { "README.md", "docs/getting-started.md" });
}
