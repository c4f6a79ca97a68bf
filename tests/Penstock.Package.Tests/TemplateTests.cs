namespace Penstock.Package.Tests;

/// <summary>The project that <c>dotnet new penstock</c> creates builds and runs without changes.</summary>
public sealed class TemplateTests(Packages packages)
{
    [Fact]
    public async Task New_project_builds_and_runs_whatever_its_name()
    {
        var folder = packages.CreateFolder("template");

        // Templates are installed for each user, so this one has its own home folder.
        var home = new Dictionary<string, string> { ["DOTNET_CLI_HOME"] = packages.CreateFolder("home"), ["DOTNET_NOLOGO"] = "1" };
        await NewAsync("install", Path.Combine(packages.Folder, $"Penstock.Templates.{packages.Version}.nupkg"));
        await NewAsync("penstock", "-n", "My-Job.2", "-o", folder, "--no-restore");
        await packages.IsolateAsync(folder);

        await DotnetCommand.SucceedAsync(
            folder,
            "build",
            "-c",
            "Release",
            "--nologo",
            "-warnaserror",
            $"-p:RestorePackagesPath={packages.Restored}");
        var run = await DotnetCommand.RunAsync(folder, Path.Combine(folder, "bin", "Release", "net10.0", "My-Job.2.dll"));
        Assert.True(run.ExitCode == 0, run.Output);

        Assert.Equal(
            [
                "north,2024-05-01T12:00:00Z,2,3.75",
                "north,2024-05-01T13:00:00Z,1,10.00",
                "south,2024-05-01T12:00:00Z,1,4.00",
                "south,2024-05-01T14:00:00Z,1,3.00"
            ],
            Rows(folder, "output"));
        Assert.Equal(["north,2024-05-01T12:10:00Z,99.00"], Rows(folder, "output-late"));

        async Task NewAsync(params string[] arguments)
        {
            var result = await DotnetCommand.RunProgramAsync("dotnet", folder, home, ["new", .. arguments]);
            Assert.True(result.ExitCode == 0, result.Output);
        }
    }

    private static string[] Rows(string folder, string output) =>
        [.. Directory.GetFiles(Path.Combine(folder, output), "*.csv")
            .SelectMany(static part => File.ReadLines(part).Skip(1))
            .Order(StringComparer.Ordinal)];
}
