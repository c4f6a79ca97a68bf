namespace Penstock.Package.Tests;

/// <summary>A copy of the sample outside the repository, which knows Penstock from its package alone.</summary>
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
            File.Copy(System.IO.Path.Combine(Packages.Repository, "tests", "Penstock.Package.Tests", "Sample", file), System.IO.Path.Combine(folder, file));
        }

        // Nothing above this folder may have a say in the build.
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
        {
            await File.WriteAllTextAsync(System.IO.Path.Combine(folder, file), "<Project />\n");
        }

        // One source more, beside those of the machine. What the machine's cache has need not be fetched again, but nothing is added to it.
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="penstock-test" value="{packages.Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{await GlobalPackagesAsync()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        return new SampleFolder(packages, folder);
    }

    /// <summary>Changes the program.</summary>
    public void Replace(string text, string by)
    {
        var path = System.IO.Path.Combine(Path, "Program.cs");
        var program = File.ReadAllText(path);
        Assert.Contains(text, program, StringComparison.Ordinal);
        File.WriteAllText(path, program.Replace(text, by, StringComparison.Ordinal));
    }

    public string Program() => File.ReadAllText(System.IO.Path.Combine(Path, "Program.cs"));

    public Task<CommandResult> BuildAsync(params string[] arguments) => DotnetCommand.RunAsync(Path, ["build", "-c", "Release", "--nologo", .. Properties, .. arguments]);

    /// <summary>Where packages come from, as properties of the build.</summary>
    public string[] Properties => [$"-p:PenstockVersion={_packages.Version}", $"-p:RestorePackagesPath={System.IO.Path.Combine(Path, "packages")}"];

    private static async Task<string> GlobalPackagesAsync()
    {
        var output = await DotnetCommand.SucceedAsync(AppContext.BaseDirectory, "nuget", "locals", "global-packages", "--list", "--force-english-output");
        return output[(output.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
