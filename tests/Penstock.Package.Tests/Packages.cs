using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Package.Tests;
using Penstock.Tests;

[assembly: AssemblyFixture(typeof(Packages))]

namespace Penstock.Package.Tests;

/// <summary>
/// The packages, made once for all tests, in a folder of their own and under a version of their own, so that no cache can
/// serve older ones. The build has its own output folder, too: it neither needs nor disturbs that of the repository.
/// Tests of different classes run side by side, each in a folder of its own, because one build hardly uses more than one core.
/// </summary>
public sealed class Packages : IAsyncLifetime
{
    private static readonly string[] Projects =
    [
        "src/Penstock/Penstock.csproj",
        "src/Attributes/Penstock.Attributes.csproj",
        "src/Runtime/Penstock.Runtime.csproj",
        "src/S3/Penstock.S3.csproj",
        "src/Kafka/Penstock.Kafka.csproj",
        "src/Templates/Penstock.Templates.csproj",
    ];

    private static readonly Lazy<Task<string>> GlobalPackages = new(FindGlobalPackagesAsync);

    private readonly string _root = Directory.CreateTempSubdirectory("penstock-packages-").FullName;

    /// <summary>The repository.</summary>
    public static string Repository { get; } = RepositoryFolder.Path;

    /// <summary>The version of the packages.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");

    /// <summary>The folder with the packages: a package source.</summary>
    public string Folder => Path.Combine(_root, "packages");

    /// <summary>Where all projects that use the packages restore them to.</summary>
    public string Restored => Path.Combine(_root, "restored");

    /// <summary>Where the build puts everything.</summary>
    public string Artifacts => Path.Combine(_root, "artifacts");

    /// <summary>Why the packages have no code that is compiled ahead of time; null where they have it for this platform.</summary>
    public string? MissingCompiler { get; private set; }

    /// <summary>The arguments by which every build of the repository lands in <see cref="Artifacts"/>.</summary>
    public string[] BuildArguments => ["-c", "Release", "--artifacts-path", Artifacts, $"-p:Version={Version}", "-v", "quiet", "--nologo"];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // One build for all packages: what they share is built once. Analyzers have seen the same sources in the build of the repository.
        var projects = Path.Combine(_root, "packages.slnf");
        await File.WriteAllTextAsync(
            projects,
            JsonSerializer.Serialize(new { solution = new { path = Path.Combine(Repository, "Dataflow.sln"), projects = Projects } }));
        string[] pack = ["pack", projects, "-o", Folder, "-p:RunAnalyzers=false", .. BuildArguments];
        var result = await DotnetCommand.RunAsync(Repository, [.. pack, $"-p:ReadyToRunFor={RuntimeInformation.RuntimeIdentifier}"]);
        if (result.ExitCode != 0 && NativeToolchain.Missing(result.Output) is { } missing)
        {
            MissingCompiler = missing;
            result = await DotnetCommand.RunAsync(Repository, pack);
        }

        Assert.True(result.ExitCode == 0, result.Output);
    }

    /// <summary>A new folder for one test.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Makes a folder one of a machine that has the packages, outside the repository.</summary>
    public async Task IsolateAsync(string folder)
    {
        // Nothing above this folder may have a say in the build.
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), "<Project />\n");
        }

        // One source more, beside those of the machine. What the machine's cache has need not be fetched again, but nothing is added to it.
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="penstock-test" value="{Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{await GlobalPackages.Value}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Opens a package, or with extension <c>snupkg</c> its symbols.</summary>
    public ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Folder, $"{id}.{Version}.{extension}"));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> FindGlobalPackagesAsync()
    {
        var output = await DotnetCommand.SucceedAsync(
            AppContext.BaseDirectory,
            "nuget",
            "locals",
            "global-packages",
            "--list",
            "--force-english-output");
        return output[(output.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
