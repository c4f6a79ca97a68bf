using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Hosting.Places;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Hosting.Places;

/// <summary>Places that contain each other are detected in every notation, and the error names both settings.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly string _folder = Path.Join(Directory.CreateTempSubdirectory("penstock-").FullName, "place");

    public PlaceTests() => Directory.CreateDirectory(_folder);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    // {0} is an existing folder, {1} a link to it, {2} a folder that does not exist yet.
    [Theory]
    [InlineData("{0}/*.csv", "{0}/clean.csv", true)]
    [InlineData("{0}", "{0}/clean.csv", true)]
    [InlineData("{0}/", "{0}/clean.csv", true)]
    [InlineData("{0}/*.csv", "{1}/clean.csv", true)]
    [InlineData("{1}/*.csv", "{0}/clean.csv", true)]
    [InlineData("{1}", "{0}/clean.csv", true)]
    [InlineData("{0}/*.csv", "{0}/../in/./clean.csv", true)]
    [InlineData("{0}/*.csv", "{1}/deeper/../clean.csv", true)]
    [InlineData("{0}/clean-*", "{0}/clean.csv", true)]
    [InlineData("{0}/clean-0000000007-00000-00000.csv", "{0}/clean.csv", true)]
    [InlineData("{0}/latest.csv", "{2}/clean.csv", false)]
    [InlineData("{0}/part.csv", "{0}/clean.csv", true)]
    [InlineData("{2}", "{2}/clean.csv", true)]
    [InlineData("{0}/2026-*.csv", "{0}/clean.csv", false)]
    [InlineData("{0}/*.csv", "{0}/clean.jsonl", false)]
    [InlineData("{0}/clean.csv", "{0}/clean.csv", false)]
    [InlineData("{0}/*.csv", "{0}/deeper/clean.csv", false)]
    [InlineData("{0}/deeper/*.csv", "{0}/clean.csv", false)]
    [InlineData("{0}/*.csv", "{2}/clean.csv", false)]
    [InlineData("s3://bucket/in/*.csv", "s3://bucket/in/clean.csv", true)]
    [InlineData("S3://bucket/in", "s3://bucket/in/clean.csv", true)]
    [InlineData("s3://bucket/in/", "s3://bucket/in/clean.csv", true)]
    [InlineData("s3://bucket", "s3://bucket/clean.csv", true)]
    [InlineData("s3://bucket/in", "s3://bucket/in/deeper/clean.csv", false)]
    [InlineData("s3://bucket/in/*.csv", "s3://other/in/clean.csv", false)]
    [InlineData("s3://bucket/in/*.csv", "s3://bucket/In/clean.csv", false)]
    [InlineData("s3://bucket/in/../out/*.csv", "s3://bucket/out/clean.csv", false)]
    public void A_source_does_not_read_what_a_sink_of_its_pipeline_writes(string input, string output, bool isRefused)
    {
        var options = new PipelineOptions();
        options.Sources["Clicks"] = new SourceOptions { Path = Placed(input) };
        options.Sinks["Clicks"] = new SinkOptions { Path = Placed(output) };
        var error = Record.Exception(() => Check<CopyClicks>(options));
        if (!isRefused)
        {
            Assert.Null(error);
            return;
        }

        Assert.Contains(
            $"source 'Clicks' ('{Placed(input)}' in Penstock:Pipelines:Copy:Sources:Clicks:Path) would read the files that the sink of stream 'Clicks' ('{Placed(output)}' in Penstock:Pipelines:Copy:Sinks:Clicks:Path) writes",
            Assert.IsType<PipelineException>(error).Message,
            StringComparison.Ordinal);
        Assert.Contains("such as 'clean-0000000001-00000-00000.csv'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{0}", "{0}/savepoints", null, "Savepoints:Path")]
    [InlineData("{0}", "{1}", null, "Savepoints:Path")]
    [InlineData("{0}/a", null, "{1}/a", "Savepoints:StartFrom")]
    [InlineData("{0}/a/b", null, "{1}/a", "Savepoints:StartFrom")]
    [InlineData("{2}", "{2}/", null, "Savepoints:Path")]
    [InlineData("{2}", "{2}2", null, null)]
    [InlineData("{2}/checkpoints", "{2}", null, null)]
    [InlineData("{2}/checkpoints", "{2}", "{2}/first", null)]
    [InlineData("{2}", "{0}/savepoints", "{0}", "Savepoints:StartFrom")]
    [InlineData("s3://bucket/job", "s3://bucket/job/savepoints", null, "Savepoints:Path")]
    [InlineData("s3://bucket/job", "s3://bucket/job2", null, null)]
    [InlineData("s3://bucket", "s3://bucket/savepoints", null, "Savepoints:Path")]
    public void Checkpoints_and_savepoints_have_folders_of_their_own(
        string checkpoints,
        string? savepoints,
        string? startFrom,
        string? named)
    {
        var options = new PipelineOptions();
        options.Checkpoints.Path = Placed(checkpoints);
        options.Savepoints.Path = savepoints == null ? null : Placed(savepoints);
        options.Savepoints.StartFrom = startFrom == null ? null : Placed(startFrom);
        options.Sinks["Clicks"] = new SinkOptions { Path = Placed("{0}/../out/clean.csv") };
        options.Sources["Clicks"] = new SourceOptions { Path = Placed("{0}/../input/*.csv") };
        var error = Record.Exception(() => Check<CopyClicks>(options));
        Assert.Equal(named == null, error == null);
        Assert.All(
            named == null ? [] : new[] { named, "needs a folder of its own" },
            part => Assert.Contains(part, error!.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Sinks_have_paths_of_their_own_however_they_are_named()
    {
        var options = new PipelineOptions();
        options.Sources["Clicks"] = new SourceOptions { Path = Placed("{0}/*.jsonl") };
        options.Sinks["Clicks/out/clicks.csv"] = new SinkOptions { Path = Placed("{0}/clicks.csv") };
        options.Sinks["Copy"] = new SinkOptions { Path = Placed("{1}/clicks.csv") };
        var error = Assert.Throws<PipelineException>(() => Check<CopyClicksTwice>(options));
        Assert.All(
            ["Sinks:Clicks/out/clicks.csv:Path", "Sinks:Copy:Path", "files of the same names"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        options.Sinks["Copy"].Path = Placed("{1}/copy.csv");
        Check<CopyClicksTwice>(options);
    }

    [Fact]
    public void A_path_of_an_attribute_is_named_as_such()
    {
        var options = new PipelineOptions();
        options.Sources["Clicks"] = new SourceOptions { Path = "out" };
        var error = Assert.Throws<PipelineException>(() => Check<CopyClicks>(options));
        Assert.Contains(
            "'out/clicks.csv' in its attribute, which Penstock:Pipelines:Copy:Sinks:Clicks:Path overrides",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void All_conflicting_pairs_are_reported_together()
    {
        var options = new PipelineOptions();
        options.Checkpoints.Path = options.Savepoints.Path = options.Savepoints.StartFrom = _folder;
        options.Sources["Clicks"] = new SourceOptions { Path = _folder };
        options.Sinks["Clicks"] = new SinkOptions { Path = Path.Join(_folder, "clicks.csv") };
        var error = Assert.Throws<PipelineException>(() => Check<CopyClicks>(options));

        // Of the ten pairs, the savepoint to start from and the source are only read, and the savepoint folder contains no files itself.
        Assert.Equal(7, error.Message.Split("\n- ").Length - 1);
    }

    [Theory]
    [InlineData("{0}", false)]
    [InlineData("{0}/checkpoints", false)]
    [InlineData("{1}/checkpoints", false)]
    [InlineData("{0}/checkpoints/before", false)]
    [InlineData("{0}/out", false)]
    [InlineData("{0}/input", false)]
    [InlineData("{0}/savepoints", false)]
    [InlineData("{0}/out/before", true)]
    [InlineData("{0}/savepoints/before", true)]
    [InlineData("{2}", true)]
    public void A_savepoint_goes_where_nothing_else_lies(string path, bool isPossible)
    {
        var options = new PipelineOptions();
        options.Checkpoints.Path = Placed("{0}/checkpoints");
        options.Savepoints.Path = Placed("{0}/savepoints");
        options.Sources["Clicks"] = new SourceOptions { Path = Placed("{0}/input/*.csv") };
        options.Sinks["Clicks"] = new SinkOptions { Path = Placed("{0}/out/clicks.csv") };
        Check<CopyClicks>(options);
        var runner = Environment(options).RunnerOf<CopyClicks>();
        var error = Record.Exception(() => { _ = runner.SavepointAsync(Penstock.Checkpoints.CheckpointMode.Savepoint, Placed(path)); });
        Assert.Equal(isPossible, error == null);
        Assert.True(
            isPossible || error!.Message.StartsWith(
                $"PSR622: Pipeline 'Copy' takes no savepoint in '{Placed(path)}'. The pipeline continues.",
                StringComparison.Ordinal),
            error?.Message);
        Assert.Contains(isPossible ? "" : "the place of the savepoint", error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelines_of_a_host_keep_out_of_each_others_checkpoints_and_may_read_each_others_output()
    {
        File.WriteAllText(
            Path.Join(Directory.CreateDirectory(Path.Join(_folder, "first")).FullName, "a.csv"),
            "user,at,value\nann,2024-01-01,1\n");
        Directory.CreateDirectory(Path.Join(_folder, "second"));
        Assert.Equal([PipelineState.Finished, PipelineState.Running], await RunBothAsync("checkpoints/one", "checkpoints/two"));
        Directory.Delete(Path.Join(_folder, "second"), recursive: true);
        Assert.Equal([PipelineState.Failed, PipelineState.Failed], await RunBothAsync("checkpoints/three", "checkpoints/three/deeper"));
        Assert.False(Directory.Exists(Path.Join(_folder, "checkpoints/three")));
        System.Environment.ExitCode = 0;
    }

    [Fact]
    public void A_loop_of_links_is_left_to_whoever_opens_it()
    {
        Link("loop", "loop");
        Assert.EndsWith(
            "/loop/x",
            Penstock.Connectors.LocalFileSystem.Instance.RealPath(Path.Join(_folder, "loop/x")).Replace('\\', '/'),
            StringComparison.Ordinal);
    }

    private async Task<PipelineState[]> RunBothAsync(string first, string second)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Penstock:Pipelines:First:Checkpoints:Path"] = Path.Join(_folder, first),
            ["Penstock:Pipelines:First:Sources:Clicks:Path"] = Path.Join(_folder, "first"),
            ["Penstock:Pipelines:First:Sinks:Clicks:Path"] = Path.Join(_folder, "second", "clicks.csv"),
            ["Penstock:Pipelines:Second:Checkpoints:Path"] = Path.Join(_folder, second),
            ["Penstock:Pipelines:Second:Sources:Clicks:Path"] = Path.Join(_folder, "second"),
            ["Penstock:Pipelines:Second:Sources:Clicks:Poll"] = "5ms",
            ["Penstock:Pipelines:Second:Sinks:Clicks:Path"] = Path.Join(_folder, "third", "clicks.csv"),
        });
        builder.Logging.ClearProviders();
        builder.AddPipeline<CopyClicks>("First").AddPipeline<CopyClicks>("Second");
        using var host = builder.Build();
        await host.StartAsync();
        var services = host.Services.GetServices<IHostedService>().OfType<PipelineService>().ToList();

        // The second pipeline runs until it is stopped, unless it has failed.
        await services[0].Ended;
        PipelineState[] states;
        do
        {
            await Task.Yield();
            states = [.. services.Select(service => service.GetStatus().State)];
        }
        while (states[1] == PipelineState.Starting || (states[1] == PipelineState.Running && services[1].GetStatus().Rows == 0));

        await host.StopAsync();
        return states;
    }

    private string Placed(string pattern)
    {
        Directory.CreateDirectory(Path.Join(_folder, "in", "deeper"));
        Link("link", "in");
        Link("in/latest.csv", "../elsewhere.csv");
        Link("in/part.csv", "clean-0000000002-00003-00000.csv");
        return pattern.Replace("{0}", Path.Join(_folder, "in"), StringComparison.Ordinal)
            .Replace("{1}", Path.Join(_folder, "link"), StringComparison.Ordinal)
            .Replace("{2}", Path.Join(_folder, "new"), StringComparison.Ordinal);
    }

    private void Link(string name, string target)
    {
        var path = Path.Join(_folder, name);
        if (new FileInfo(path).LinkTarget == null)
        {
            Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "Links need rights of their own on Windows.");
            File.CreateSymbolicLink(path, target);
        }
    }

    private static void Check<T>(PipelineOptions options)
        where T : IPipeline => PipelinePlaces.Check(T.Plan, Environment(options));

    private static ExecutionEnvironment Environment(PipelineOptions options) =>
        TestEnvironment.Create("Copy", options) with { Files = LocalFileSystem.Instance };
}
