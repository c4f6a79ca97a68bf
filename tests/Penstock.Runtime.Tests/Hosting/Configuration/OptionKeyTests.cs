using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Testing.Connectors;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Hosting.Configuration;

/// <summary>Errors in options quote the key as it is written, and unused sections are named.</summary>
public sealed class OptionKeyTests
{
    [Theory]
    [InlineData("""{ "Penstock": { "Pipelines": { "Shop": { "BatchSize": 0 } } } }""", "- Penstock:Pipelines:Shop:BatchSize is 0;")]
    [InlineData("""{ "penstock": { "pipelines": { "shop": { "batchsize": 0 } } } }""", "- penstock:pipelines:shop:batchsize is 0;")]
    [InlineData("""{ "Penstock:Pipelines:Shop:Sinks:counts:Path": "" }""", "- Penstock:Pipelines:Shop:Sinks:counts:Path is empty.")]
    [InlineData("""{ "Penstock:Pipelines:Shop:Sinks:counts:Path": " " }""", "- Penstock:Pipelines:Shop:Sinks:counts:Path is empty.")]
    [InlineData("""{ "Penstock:Pipelines:Shop:Sources:clicks:Path": "  " }""", "- Penstock:Pipelines:Shop:Sources:clicks:Path is empty.")]
    [InlineData(
        """{ "Penstock:Pipelines:Shop:Sources:clicks:SkipFiles:0": " " }""",
        "- Penstock:Pipelines:Shop:Sources:clicks:SkipFiles has an empty path.")]
    [InlineData("""{ "Penstock:Pipelines:Shop:Checkpoints:Path": " " }""", "- Penstock:Pipelines:Shop:Checkpoints:Path is empty;")]
    [InlineData("""{ "Penstock:Pipelines:Shop:Savepoints:Path": " " }""", "- Penstock:Pipelines:Shop:Savepoints:Path is empty;")]
    [InlineData("""{ "Penstock:Pipelines:Shop:Savepoints:StartFrom": " " }""", "- Penstock:Pipelines:Shop:Savepoints:StartFrom is empty;")]
    [InlineData(
        """{ "Penstock": { "Pipelines": { "Shop": { "Sources": { "clicks": { "Rate": "fast" } } } } } }""",
        "- Penstock:Pipelines:Shop:Sources:clicks:Rate is 'fast'; a number is expected.")]
    [InlineData(
        """{ "Penstock": { "Pipelines": { "Shop": { "Sources": { "clacks": { "Rate": "1" } } } } } }""",
        "- Penstock:Pipelines:Shop:Sources:clacks is not read: the pipeline has no source 'clacks'; it has 'Clicks'.")]
    public void As_in_a_file(string json, string problem)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        Assert.Contains(problem, Wrong(new ConfigurationBuilder().AddJsonStream(stream).Build()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Penstock", "Penstock is 'x'; a section is expected, with keys such as Penstock:Pipelines:Shop.")]
    [InlineData("Penstock:Pipelines", "Penstock:Pipelines is 'x'; a section is expected, with keys such as Penstock:Pipelines:Shop.")]
    [InlineData("penstock:PIPELINES", "penstock:PIPELINES is 'x'; a section is expected, with keys such as penstock:PIPELINES:Shop.")]
    [InlineData(
        "Penstock:Pipelines:Shop",
        "Penstock:Pipelines:Shop is 'x'; a section is expected, with keys such as Penstock:Pipelines:Shop:Checkpoints:Path.")]
    public void A_value_in_the_place_of_a_section_around_the_options_stops_the_start(string key, string problem)
    {
        Assert.EndsWith(
            $"\n- {problem}",
            Wrong(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)"x")]).Build()),
            StringComparison.Ordinal);
        Assert.Contains(
            $"\n- {problem}",
            Wrong(new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create(key, (string?)"x"), new("Penstock:Pipelines:Shop:BatchSize", "0")])
                .Build()),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SideOutput", true)]
    [InlineData("Skip", false)]
    [InlineData("Fail", false)]
    public void Bad_rows_go_aside_only_where_a_stream_takes_them(string policy, bool isWrong)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([
            new("Penstock:Pipelines:Shop:Sources:Clicks:OnBadRow", policy), new("Penstock:Pipelines:Rides:Sources:Rides:OnBadRow", policy),
        ]).Build();
        new PipelineRegistration("Shop", PipelineDefinition.Of<ClicksPipeline>(), null).ReadOptions(configuration, out var wrong);
        Assert.Equal(isWrong, wrong != null);
        if (isWrong)
        {
            Assert.Contains(
                "Penstock:Pipelines:Shop:Sources:Clicks:OnBadRow is SideOutput, but no stream of the pipeline takes the bad rows of 'Clicks': add a Stream<BadRow> with [SideOutput(nameof(Clicks), SideOutputs.BadRows)]",
                wrong!.Message,
                StringComparison.Ordinal);
        }

        // This pipeline has such a stream, and one of late rows.
        new PipelineRegistration("Rides", PipelineDefinition.Of<RidesPipeline>(), null).ReadOptions(configuration, out wrong);
        Assert.Null(wrong);
    }

    [Fact]
    public void As_in_the_environment()
    {
        const string Variable = "Penstock__Pipelines__Shop__Checkpoints__Interval";
        Environment.SetEnvironmentVariable(Variable, "often");
        try
        {
            Assert.Contains(
                $"Penstock:Pipelines:Shop:Checkpoints:Interval (environment variable {Variable}) is 'often'; a duration",
                Wrong(new ConfigurationBuilder().AddEnvironmentVariables().Build()),
                StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Fact]
    public void As_in_code_where_configuration_says_nothing()
    {
        var registration = new PipelineRegistration(
            "Shop",
            PipelineDefinition.Of<ClicksPipeline>(),
            static options => options.BatchSize = 0);
        registration.ReadOptions(null, out var wrong);
        Assert.Contains("- BatchSize is 0;", wrong!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "Penstock:Pipelines:Shp:BatchSize",
        "Penstock:Pipelines:Shp is not read: this host has no pipeline 'Shp'; it has 'Shop', 'West'. Is 'Shop' meant?")]
    [InlineData(
        "Penstock:Pipelines:Somewhere:BatchSize",
        "Penstock:Pipelines:Somewhere is not read: this host has no pipeline 'Somewhere'; it has 'Shop', 'West'.")]
    [InlineData("Penstock:Pipeline:Shop:BatchSize", "Penstock:Pipeline is not read. Options of pipelines are below Penstock:Pipelines.")]
    [InlineData("Penstock:Shop:BatchSize", "Penstock:Shop is not read. Options of pipeline 'Shop' are below Penstock:Pipelines:Shop.")]
    [InlineData(
        "penstock:west:Checkpoints:Path",
        "penstock:west is not read. Options of pipeline 'West' are below Penstock:Pipelines:West.")]
    [InlineData(
        "Penstock:Checkpoints:Path",
        "Penstock:Checkpoints is not read. Options of a pipeline are below Penstock:Pipelines:<name>, such as Penstock:Pipelines:Shop:Checkpoints.")]
    [InlineData(
        "Penstock:parallelism",
        "Penstock:parallelism is not read. Options of a pipeline are below Penstock:Pipelines:<name>, such as Penstock:Pipelines:Shop:parallelism.")]
    [InlineData("penstock:pipelines:SHOP:BatchSize", null)]
    [InlineData("Penstock:S3:Region", null)]
    [InlineData("Penstock:Weather:Key", null)]
    public async Task Sections_that_nobody_reads_are_named_once(string key, string? warning)
    {
        using var logs = new CollectedLogs();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(_ => logs);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create(key, (string?)"16")]);
        static void Nowhere(PipelineOptions options) => options.Sources["Clicks"] = new SourceOptions { Path = "nowhere/nothing.csv" };
        builder.AddPipeline<ClicksPipeline>("Shop", Nowhere).AddPipeline<ClicksPipeline>("West", Nowhere);
        await builder.Build().RunPipelinesAsync();
        Environment.ExitCode = 0;
        Assert.Equal(
            warning == null ? [] : [warning],
            logs.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text));
    }

    private static string Wrong(IConfiguration configuration)
    {
        new PipelineRegistration("Shop", PipelineDefinition.Of<ClicksPipeline>(), null).ReadOptions(configuration, out var wrong);
        return wrong!.Message;
    }
}
