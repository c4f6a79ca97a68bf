namespace Penstock.Package.Tests;

/// <summary>A copy of the sample outside of the repository, which uses only the package.</summary>
internal sealed class SampleFolder
{
    private readonly Packages _packages;

    private SampleFolder(Packages packages, string path)
    {
        _packages = packages;
        Path = path;
    }

    public string Path { get; }

    public static async Task<SampleFolder> CreateAsync(Packages packages, string name)
    {
        var folder = packages.CreateFolder(name);
        foreach (var file in (string[])["Sample.csproj", "Program.cs", "orders.csv"])
        {
            File.Copy(
                System.IO.Path.Combine(Packages.Repository, "tests", "Penstock.Package.Tests", "Sample", file),
                System.IO.Path.Combine(folder, file));
        }

        await packages.IsolateAsync(folder);
        return new SampleFolder(packages, folder);
    }

    /// <summary>Changes the program.</summary>
    public void Replace(string text, string by) => Replace("Program.cs", text, by);

    /// <summary>Changes the project to refer to another package, and to no other one.</summary>
    public void UsePackage(string id) => Replace("Sample.csproj", "Include=\"Penstock\"", $"Include=\"{id}\"");

    private void Replace(string file, string text, string by)
    {
        var path = System.IO.Path.Combine(Path, file);
        var program = File.ReadAllText(path);
        Assert.Contains(text, program, StringComparison.Ordinal);
        File.WriteAllText(path, program.Replace(text, by, StringComparison.Ordinal));
    }

    public string Program() => File.ReadAllText(System.IO.Path.Combine(Path, "Program.cs"));

    /// <summary>Builds the project. Packages are restored only the first time.</summary>
    public async Task<CommandResult> BuildAsync(params string[] arguments)
    {
        string[] restore = File.Exists(System.IO.Path.Combine(Path, "obj", "project.assets.json")) ? ["--no-restore"] : [];
        return await DotnetCommand.RunAsync(Path, ["build", "-c", "Release", "--nologo", .. restore, .. Properties, .. arguments]);
    }

    /// <summary>The sources of packages, as properties of the build.</summary>
    public string[] Properties => [$"-p:PenstockVersion={_packages.Version}", $"-p:RestorePackagesPath={_packages.Restored}"];
}
