using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Penstock.Tests;

namespace Penstock.Benchmarks.Cold;

/// <summary>
/// The sample FlightDelays, built from packages as a user builds a program: once as it is, and once without what makes its start fast.
/// </summary>
internal sealed class PackagedSample : IDisposable
{
    private const string Version = "0.1.0-cold";

    private readonly string _root = Directory.CreateTempSubdirectory("penstock-cold-").FullName;

    /// <summary>Packs the packages, builds the program, and makes the second form of it.</summary>
    /// <exception cref="InvalidOperationException">A build failed; the message has what it wrote.</exception>
    public PackagedSample()
    {
        Pack();
        Build();
        MakePlain();
    }

    /// <summary>The program as the packages make it.</summary>
    public string Program => Path.Combine(_root, "bin", "FlightDelays.dll");

    /// <summary>
    /// The same program with the defaults of the .NET runtime, whose libraries have no code that was compiled ahead of time.
    /// </summary>
    public string PlainProgram => Path.Combine(_root, "plain", "FlightDelays.dll");

    /// <summary>A folder for the output of a run, which is emptied.</summary>
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

        // Nothing of the machine's own cache is replaced by packages of this version.
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

        // The host takes the libraries of this platform: they become the ones that every platform can use.
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
