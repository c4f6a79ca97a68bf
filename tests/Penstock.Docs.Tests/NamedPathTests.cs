namespace Penstock.Docs.Tests;

/// <summary>The page that lists the files to change names existing files.</summary>
public sealed class NamedPathTests
{
    [Fact]
    public void Every_path_in_the_guide_for_contributors_exists()
    {
        var paths = NamedPaths.In(Page.Load("CONTRIBUTING.md").Codes()).ToList();
        Assert.True(paths.Count > 100);
        Assert.DoesNotContain(paths, static path => !NamedPaths.Exists(path));
    }

    [Theory]
    [InlineData("Dataflow.sln", true)]
    [InlineData("src/Attributes", true)]
    [InlineData("src/Attributes/UnionAttribute.cs", true)]
    [InlineData("src/Generator/Operators/<Kind>Kind.cs", true)]
    [InlineData("src/<Connector>/Penstock.<Connector>.csproj", true)]
    [InlineData("src/Attributes/unionattribute.cs", false)]
    [InlineData("src/Generator/Operators/<Kind>Sort.cs", false)]
    [InlineData("src/<Connector>/Nowhere/<File>.cs", false)]
    [InlineData("Directory.Bild.props", false)]
    public void A_path_exists_or_not(string path, bool exists) => Assert.Equal(exists, NamedPaths.Exists(path));

    [Fact]
    public void Other_code_is_no_path() => Assert.Equal(
        ["src/Kafka", ".ci/run", "README.md", "docs/diagnostics/PEN<nnn>.md"],
        NamedPaths.In(
        [
            "src/Kafka", "ISource<T>", "-class \"*Foo\"", ".ci/run", "PENSTOCK_UPDATE=1", "README.md", "….received.cs", "# PEN<nnn>: ",
            "docs/diagnostics/PEN<nnn>.md", "Schemas",
        ]));
}
