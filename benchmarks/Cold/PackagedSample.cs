using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Penstock.Tests;

namespace Penstock.Benchmarks.Cold;

/// <summary>
/// The sample FlightDelays, built from packages as a user builds a program: once unchanged, and once without the start-up optimizations.
/// </summary>
internal sealed class PackagedSample : IDisposable
{
    private const string Version = "0.1.0-cold";

    private readonly string _root = Directory.CreateTempSubdirectory("penstock-cold-").FullName;

    /// <summary>Packs the packages, builds the program, and creates the second form.</summary>
    /// <exception cref="InvalidOperationException">A build failed; the message contains its output.</exception>
    public PackagedSample()
    {
        Pack();
        Build();
        MakePlain();
    }

    /// <summary>The program as built from the packages.</summary>
    public string Program => Path.Combine(_root, "bin", "FlightDelays.dll");

    /// <summary>
    /// The same program with the defaults of the .NET runtime, and with libraries without code that was compiled ahead of time.
    /// </summary>
    public string PlainProgram => Path.Combine(_root, "plain", "FlightDelays.dll");

    /// <summary>Returns a folder for the output of a run, and empties it.</summary>
    public string EmptyOutput()
    {
        var folder = Path.Combine(_root, "output");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Pack()
    {
        string[] arguments = [
            "-c", "Release", "-v", "quiet", "--nologo", "-o", Path.Combine(_root, "packages"), "--artifacts-path",
            Path.Combine(_root, "artifacts"),
            $"-p:Version={Version}", $"-p:ReadyToRunFor={RuntimeInformation.RuntimeIdentifier}"];
        foreach (var project in (string[])["Attributes", "Runtime", "Penstock", "S3", "Kafka"])
        {
            Dotnet(RepositoryFolder.Path, ["pack", Path.Combine("src", project), .. arguments]);
        }
    }

    private void Build()
    {
        var source = Directory.CreateDirectory(Path.Combine(_root, "source")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "samples", "FlightDelays"))
            .Where(static file => Path.GetExtension(file) is ".cs" or ".csv" or ".lock"))
        {
            File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(source, "FlightDelays.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <InvariantGlobalization>true</InvariantGlobalization>
                <DefineConstants>$(DefineConstants);KAFKA</DefineConstants>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Penstock" Version="{Version}" />
                <PackageReference Include="Penstock.S3" Version="{Version}" />
                <PackageReference Include="Penstock.Kafka" Version="{Version}" />
                <None Update="flights-sample.csv" CopyToOutputDirectory="PreserveNewest" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(source, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="penstock" value="{Path.Combine(_root, "packages")}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages")}" />
              </fallbackPackageFolders>
            </configuration>
            """);

        // A separate cache, so that packages of this version replace nothing in the cache of the machine.
        Dotnet(source, [
            "build",
            "-c",
            "Release",
            "-v",
            "quiet",
            "--nologo",
            "-o",
            Path.Combine(_root, "bin"),
            $"-p:RestorePackagesPath={Path.Combine(_root, "cache")}"
        ]);
    }

    private void MakePlain()
    {
        var bin = Path.GetDirectoryName(Program)!;
        var plain = Path.GetDirectoryName(PlainProgram)!;
        foreach (var file in Directory.GetFiles(bin, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(plain, Path.GetRelativePath(bin, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        // The host loads the libraries of this platform, so the portable libraries replace these.
        var libraries = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "lib", "net10.0");
        foreach (var image in Directory.GetFiles(Path.Combine(plain, libraries), "Penstock.*.dll"))
        {
            File.Copy(Path.Combine(plain, Path.GetFileName(image)), image, overwrite: true);
        }

        var path = Path.ChangeExtension(PlainProgram, ".runtimeconfig.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        var properties = config["runtimeOptions"]!["configProperties"]!.AsObject();
        if (!properties.Remove("System.Runtime.TieredPGO") | !properties.Remove("System.Runtime.TieredCompilation.CallCountingDelayMs"))
        {
            throw new InvalidOperationException($"The packages set nothing in '{path}'.");
        }

        File.WriteAllText(path, config.ToJsonString());
    }

    private static void Dotnet(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
        }
    }
}
