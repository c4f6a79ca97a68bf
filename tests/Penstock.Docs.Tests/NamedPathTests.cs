namespace Penstock.Docs.Tests;

/// <summary>Pages that say which files to touch name files that are there.</summary>
public sealed class NamedPathTests
{
    [Theory]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("samples/README.md")]
    public void Every_path_in_code_exists(string name)
    {
        var paths = NamedPaths.In(Page.Load(name).Codes()).ToList();
        Assert.NotEmpty(paths);
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
