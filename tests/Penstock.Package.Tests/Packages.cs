using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Package.Tests;
using Penstock.Tests;

[assembly: AssemblyFixture(typeof(Packages))]

namespace Penstock.Package.Tests;

/// <summary>
/// The packages, built once for all tests, in a separate folder and with a separate version, so that no cache can serve older ones. The
/// build also has its own output folder, so it neither needs nor disturbs that of the repository. Tests of different classes run in
/// parallel, each in its own folder, because one build hardly uses more than one core.
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

    /// <summary>The root folder of the repository.</summary>
    public static string Repository { get; } = RepositoryFolder.Path;

    /// <summary>The version of the packages.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");

    /// <summary>The folder with the packages: a package source.</summary>
    public string Folder => Path.Combine(_root, "packages");

    /// <summary>The folder to which all projects that use the packages restore them.</summary>
    public string Restored => Path.Combine(_root, "restored");

    /// <summary>The output folder of the build.</summary>
    public string Artifacts => Path.Combine(_root, "artifacts");

    /// <summary>The reason why the packages have no code that is compiled ahead of time; null if they have it for this platform.</summary>
    public string? MissingCompiler { get; private set; }

    /// <summary>The arguments with which every build of the repository writes to <see cref="Artifacts"/>.</summary>
    public string[] BuildArguments => ["-c", "Release", "--artifacts-path", Artifacts, $"-p:Version={Version}", "-v", "quiet", "--nologo"];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // One build for all packages, so that shared projects are built once. The analyzers have checked the same sources in the build of
        // the repository.
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

    /// <summary>Creates a folder for one test.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Prepares a folder outside of the repository, as on a machine that has the packages.</summary>
    public async Task IsolateAsync(string folder)
    {
        // No folder above may affect the build.
        foreach (var file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), "<Project />\n");
        }

        // Adds a source to those of the machine. Packages in the cache of the machine need not be downloaded again, but nothing is added to
        // that cache.
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

    /// <summary>Opens a package, or its symbols with the extension <c>snupkg</c>.</summary>
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
