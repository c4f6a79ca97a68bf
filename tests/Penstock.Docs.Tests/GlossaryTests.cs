namespace Penstock.Docs.Tests;

/// <summary>The glossary has each term once, in alphabetical order, and names code that exists.</summary>
public sealed class GlossaryTests
{
    private static readonly Glossary Terms = Glossary.Of(Page.Load("docs/glossary.md"));

    [Fact]
    public void Terms_are_sorted_and_none_stands_twice()
    {
        var names = Terms.Entries.Select(static entry => entry.Term).ToList();
        Assert.True(names.Count > 100);
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public void A_term_stands_below_its_letter() =>
        Assert.All(Terms.Entries, static entry => Assert.Equal(entry.Letter, entry.Term[..1].ToUpperInvariant()));

    [Fact]
    public void A_term_to_which_another_one_points_is_there() =>
        Assert.Empty(Terms.References.Except(Terms.Entries.Select(static entry => entry.Term)));

    [Fact]
    public void Code_that_it_names_exists()
    {
        Assert.True(Terms.Code.Count > 80);
        var declared = DeclaredNames.OfSource();
        Assert.DoesNotContain(Terms.Code, code => !declared.Contains(code));
    }

    [Theory]
    [InlineData("UnionAttribute", true)]
    [InlineData("[Union]", true)]
    [InlineData("[Source<T>]", true)]
    [InlineData("ISource<T>", true)]
    [InlineData("RowKind.Delete", true)]
    [InlineData("Change.Row", true)]
    [InlineData("ISinkWriter<T>.PrepareAsync", true)]
    [InlineData("Union", false)]
    [InlineData("[UnionAttribute]", false)]
    [InlineData("RowKind.Replace", false)]
    [InlineData("PartialUnion", false)]
    public void A_name_is_declared_or_not(string code, bool isDeclared) =>
        Assert.Equal(isDeclared, DeclaredNames.OfSource().Contains(code));
}
