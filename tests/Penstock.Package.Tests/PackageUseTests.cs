using System.Text.Json.Nodes;

namespace Penstock.Package.Tests;

/// <summary>A project outside of the repository that uses only the package.</summary>
public sealed class PackageUseTests(Packages packages, PackageUseTests.BuiltSample built) : IClassFixture<PackageUseTests.BuiltSample>
{
    [Fact]
    public async Task A_project_with_the_package_builds_and_runs()
    {
        var sample = built.Folder;
        Assert.True(built.Result.ExitCode == 0, built.Result.Output);

        var run = await DotnetCommand.RunAsync(sample.Path, Path.Combine(sample.Path, "bin", "Release", "net10.0", "Sample.dll"));
        Assert.True(run.ExitCode == 0, run.Output);
        var parts = Directory.GetFiles(Path.Combine(sample.Path, "out"), "*.csv");
        Assert.Equal(
            [
                "\"south, lower\",2024-05-01T12:00:00Z,1,4",
                "north,2024-05-01T12:00:00Z,2,3.75",
                "north,2024-05-01T13:00:00Z,1,10",
            ],
            parts.SelectMany(static part => File.ReadLines(part).Skip(1)).Order(StringComparer.Ordinal));
        Assert.Equal(
            "north,2024-05-01T15:00:00Z,13.75",
            Directory.GetFiles(Path.Combine(sample.Path, "recent"), "*.csv")
                .SelectMany(static part => File.ReadLines(part).Skip(1))
                .Single(static line => line.StartsWith("north,2024-05-01T15", StringComparison.Ordinal)));
        Assert.All(parts, static part => Assert.Equal("shop,hour,orders,total", File.ReadLines(part).First()));

        // A program without a checkpoint folder and without a try: a failure is explained once, without a crash.
        File.Delete(Path.Combine(sample.Path, "orders.csv"));
        Directory.Delete(Path.Combine(sample.Path, "out"), recursive: true);
        run = await DotnetCommand.RunAsync(sample.Path, Path.Combine(sample.Path, "bin", "Release", "net10.0", "Sample.dll"));
        Assert.True(run.ExitCode == 1, run.Output);
        Assert.Equal(2, run.Output.Split("There is no file 'orders.csv'").Length);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_starts_with_the_settings_of_the_package_unless_it_has_its_own()
    {
        var settings = await SettingsAsync();
        Assert.False((bool)settings["System.Runtime.TieredPGO"]!);
        Assert.Equal(0, (int)settings["System.Runtime.TieredCompilation.CallCountingDelayMs"]!);

        settings = await SettingsAsync("-p:TieredPGO=true", "-p:PenstockCallCountingDelay=50");
        Assert.True((bool)settings["System.Runtime.TieredPGO"]!);
        Assert.Equal(50, (int)settings["System.Runtime.TieredCompilation.CallCountingDelayMs"]!);

        settings = await SettingsAsync("-p:PenstockStartupSettings=false");
        Assert.DoesNotContain(settings, static setting => setting.Key.StartsWith("System.Runtime.Tiered", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Penstock.Kafka", "[KafkaSource(\"orders\")]")]
    [InlineData("Penstock.S3", "[S3Source(\"s3://bucket/orders.csv\")]")]
    public async Task A_connectors_package_alone_brings_the_compiler(string id, string source)
    {
        var sample = await SampleFolder.CreateAsync(packages, id);
        sample.UsePackage(id);
        sample.Replace("[FileSource(\"orders.csv\")]", source);

        // The part of the package that MSBuild reads does so too. Its target builds the project first.
        var updated = await sample.BuildAsync("-t:UpdatePenstockStateLock");
        Assert.True(updated.ExitCode == 0, updated.Output);
        Assert.True(File.Exists(Path.Combine(sample.Path, "penstock.state.lock")));

        sample.Replace("[Apply<RevenuePerShop>(nameof(Orders))]", "[Apply<RevenuePerShop>(\"Oders\")]");
        var build = await sample.BuildAsync();
        Assert.True(build.Output.Contains("error PEN101", StringComparison.Ordinal), build.Output);
    }

    [Fact]
    public async Task A_mistake_is_found_by_the_packages_analyzer()
    {
        built.Folder.Replace("[Apply<RevenuePerShop>(nameof(Orders))]", "[Apply<RevenuePerShop>(\"Oders\")]");
        var build = await built.Folder.BuildAsync();

        Assert.NotEqual(0, build.ExitCode);
        Assert.True(build.Output.Contains("error PEN101", StringComparison.Ordinal), build.Output);
        Assert.DoesNotContain("error CS", build.Output, StringComparison.Ordinal);
    }

    // The target of a build that writes the settings. It needs no compiler.
    private async Task<JsonObject> SettingsAsync(params string[] arguments)
    {
        var build = await built.Folder.BuildAsync(["-t:GenerateBuildRuntimeConfigurationFiles", .. arguments]);
        Assert.True(build.ExitCode == 0, build.Output);
        var config = Path.Combine(built.Folder.Path, "bin", "Release", "net10.0", "Sample.runtimeconfig.json");
        return JsonNode.Parse(await File.ReadAllTextAsync(config))!["runtimeOptions"]!["configProperties"]!.AsObject();
    }

    /// <summary>
    /// The sample, restored and built once for all tests of the class. Tests may change what later builds read, but nothing that the first
    /// build wrote.
    /// </summary>
    public sealed class BuiltSample(Packages packages) : IAsyncLifetime
    {
        internal SampleFolder Folder { get; private set; } = null!;

        internal CommandResult Result { get; private set; } = null!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            Folder = await SampleFolder.CreateAsync(packages, "sample");
            Result = await Folder.BuildAsync();
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
