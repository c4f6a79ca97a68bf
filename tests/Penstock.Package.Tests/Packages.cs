using System.Globalization;
using System.IO.Compression;
using Penstock.Tests;

namespace Penstock.Package.Tests;

/// <summary>
/// The packages, made once for all tests, in a folder of their own and under a version of their own, so that no cache can
/// serve older ones. The build has its own output folder, too: it neither needs nor disturbs that of the repository.
/// </summary>
public sealed class Packages : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("penstock-packages-").FullName;

    /// <summary>The repository.</summary>
    public static string Repository { get; } = RepositoryFolder.Path;

    /// <summary>The version of the packages.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");

    /// <summary>The folder with the packages: a package source.</summary>
    public string Folder => Path.Combine(_root, "packages");

    /// <summary>Where the build puts everything.</summary>
    public string Artifacts => Path.Combine(_root, "artifacts");

    /// <summary>The arguments by which every build of the repository lands in <see cref="Artifacts"/>.</summary>
    public string[] BuildArguments => ["-c", "Release", "--artifacts-path", Artifacts, $"-p:Version={Version}", "-v", "quiet", "--nologo"];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // The meta package builds the others, but those of connectors.
        string[] pack = ["-o", Folder, .. BuildArguments];
        await DotnetCommand.SucceedAsync(Repository, ["pack", "src/Penstock", .. pack]);
        await DotnetCommand.SucceedAsync(Repository, ["pack", "src/Runtime", "--no-build", .. pack]);
        await DotnetCommand.SucceedAsync(Repository, ["pack", "src/Attributes", "--no-build", .. pack]);
        await DotnetCommand.SucceedAsync(Repository, ["pack", "src/S3", .. pack]);
        await DotnetCommand.SucceedAsync(Repository, ["pack", "src/Kafka", .. pack]);
    }

    /// <summary>A new folder for one test.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Opens a package, or with extension <c>snupkg</c> its symbols.</summary>
    public ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Folder, $"{id}.{Version}.{extension}"));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>All these tests start builds: one at a time.</summary>
[CollectionDefinition(nameof(Packages), DisableParallelization = true)]
public sealed class PackagesCollection : ICollectionFixture<Packages>;
