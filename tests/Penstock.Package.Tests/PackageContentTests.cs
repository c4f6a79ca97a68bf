using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Penstock.Package.Tests;

/// <summary>The contents of the packages.</summary>
public sealed class PackageContentTests(Packages packages)
{
    public static TheoryData<string> Ids =>
        ["Penstock", "Penstock.Attributes", "Penstock.Runtime", "Penstock.S3", "Penstock.Kafka", "Penstock.Templates"];

    public static TheoryData<string> Libraries => ["Penstock.Attributes", "Penstock.Runtime", "Penstock.S3", "Penstock.Kafka"];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_says_what_it_is_and_under_which_license(string id)
    {
        using var package = packages.Open(id);
        var metadata = Metadata(package);

        Assert.Equal(id, metadata["id"]!.Value);
        Assert.Equal("Apache-2.0", metadata["license"]!.Value);
        Assert.Equal("README.md", metadata["readme"]!.Value);
        Assert.NotEmpty(metadata["description"]!.Value);
        Assert.NotNull(package.GetEntry("README.md"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_names_the_commit_it_was_built_from(string id)
    {
        Assert.SkipUnless(
            Path.Exists(Path.Combine(Packages.Repository, ".git")),
            "The source is not a git clone: there is no commit to name.");
        using var package = packages.Open(id);
        var repository = Metadata(package)["repository"]!;

        Assert.Equal("git", repository.Attribute("type")!.Value);
        Assert.Matches("^[0-9a-f]{40}$", repository.Attribute("commit")!.Value);
    }

    [Fact]
    public void Meta_package_brings_the_runtime_and_the_compiler()
    {
        using var package = packages.Open("Penstock");
        var files = package.Entries.Select(static entry => entry.FullName).ToList();
        var dependency = Metadata(package)["dependencies"]!
            .Descendants()
            .First(static element => (string?)element.Attribute("id") == "Penstock.Runtime");

        Assert.Contains("analyzers/dotnet/cs/Penstock.Generator.dll", files);
        Assert.Contains("analyzers/dotnet/cs/Penstock.Generator.CodeFixes.dll", files);
        Assert.DoesNotContain(files, static file => file.StartsWith("lib/", StringComparison.Ordinal));
        Assert.Equal(packages.Version, dependency.Attribute("version")!.Value);
        Assert.DoesNotContain("Runtime", dependency.Attribute("exclude")!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Penstock.S3", "AWSSDK.S3")]
    [InlineData("Penstock.Kafka", "Confluent.Kafka")]
    public void Packages_of_connectors_bring_their_client_and_the_runtime_of_their_version(string id, string client)
    {
        using var package = packages.Open(id);
        var dependencies = Metadata(package)["dependencies"]!.Descendants().Where(static element => element.Attribute("id") != null)
            .ToDictionary(static element => element.Attribute("id")!.Value, static element => element.Attribute("version")!.Value);

        Assert.Equal(packages.Version, dependencies["Penstock.Runtime"]);
        Assert.Equal(packages.Version, dependencies["Penstock"]);
        Assert.Contains(client, dependencies.Keys);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_has_documentation_and_symbols(string id)
    {
        using var package = packages.Open(id);
        Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.dll"));
        using var documentation = package.GetEntry($"lib/net10.0/{id}.xml")!.Open();
        Assert.NotEmpty(XDocument.Load(documentation).Descendants("member"));

        using var symbols = packages.Open(id, "snupkg");
        using var pdb = new MemoryStream();
        using (var file = symbols.GetEntry($"lib/net10.0/{id}.pdb")!.Open())
        {
            file.CopyTo(pdb);
        }

        pdb.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        Assert.NotEmpty(provider.GetMetadataReader().Documents);
    }

    [Theory]
    [InlineData("Penstock.Runtime")]
    [InlineData("Penstock.S3")]
    [InlineData("Penstock.Kafka")]
    public void Library_has_code_that_is_compiled_ahead_of_time(string id)
    {
        Assert.SkipWhen(packages.MissingCompiler != null, "There is no compiler for ReadyToRun code here: " + packages.MissingCompiler);
        using var package = packages.Open(id);

        Assert.True(IsCompiled(package, $"runtimes/{RuntimeInformation.RuntimeIdentifier}/lib/net10.0/{id}.dll"));

        // The library that the compiler refers to, and that runs on all other platforms.
        Assert.False(IsCompiled(package, $"lib/net10.0/{id}.dll"));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Library_is_the_same_to_compilers_and_on_every_platform(string id) => Assert.NotEmpty(Directory.GetFiles(
        Path.Combine(packages.Artifacts, "obj", id), "Microsoft.NET.ApiCompat.ValidatePackage.semaphore", SearchOption.AllDirectories));

    private static bool IsCompiled(ZipArchive package, string path)
    {
        using var copy = new MemoryStream();
        using (var file = package.GetEntry(path)!.Open())
        {
            file.CopyTo(copy);
        }

        copy.Position = 0;
        using var reader = new PEReader(copy);
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    private static Dictionary<string, XElement> Metadata(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single().Elements().ToDictionary(static element => element.Name.LocalName);
    }
}
