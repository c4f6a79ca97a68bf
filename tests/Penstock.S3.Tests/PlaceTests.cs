using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.S3.Tests;

/// <summary>
/// The places of sources and sinks in the attributes of this package are compared with all others, like those of files: settings that could
/// lose or duplicate rows are refused before a request is sent.
/// </summary>
public sealed partial class PlaceTests
{
    private const string Source = "Sources:Items:Path";
    private const string Sink = "Sinks:Items:Path";
    private const string Checkpoints = "Checkpoints:Path";
    private const string Savepoints = "Savepoints:Path";
    private const string StartFrom = "Savepoints:StartFrom";

    /// <summary>
    /// Two settings, their places, and whether they conflict. A null place is that of the attribute: s3://rows/in/*.csv and
    /// s3://rows/out/items.csv.
    /// </summary>
    public static TheoryData<string, string?, string, string?, bool> Pairs => new()
    {
        // The output of a sink that a source of the same pipeline would read.
        { Source, "s3://rows/out/*.csv", Sink, null, true },
        { Source, "s3://rows/out/*.csv*", Sink, null, true },
        { Source, "s3://rows/out/items-??????????-?????-?????.csv", Sink, null, true },
        { Source, "S3://rows/out/items-0000000001-00000-00000.csv", Sink, null, true },
        { Source, "s3://rows/out/other-*.csv", Sink, null, false },
        { Source, "s3://rows/out/deeper/*.csv", Sink, null, false },
        { Source, "s3://rows2/out/*.csv", Sink, null, false },
        { Source, "s3://rows/Out/*.csv", Sink, null, false },
        { Source, null, Sink, "s3://rows/in/items.csv", true },
        { Source, null, Sink, "S3://rows/in/items.csv", true },
        { Source, null, Sink, "s3://rows/in/items.csv.gz", false },
        { Source, null, Sink, "s3://rows/in/deeper/items.csv", false },
        { Source, null, Sink, null, false },
        { Source, "s3://rows/both", Sink, "s3://rows/both/items.csv", true },
        { Source, "s3://rows/both/", Sink, "s3://rows/both/items.csv.gz", true },
        { Source, "s3://rows", Sink, "s3://rows/items.csv", true },

        // A place that is deleted as a whole, and a place within it.
        { Checkpoints, "s3://rows/in", Source, null, true },
        { Checkpoints, "s3://rows", Source, null, true },
        { Checkpoints, "s3://rows/", Source, "s3://rows/a.csv", true },
        { Checkpoints, "s3://rows/in/deeper", Source, null, false },
        { Checkpoints, "s3://rows/i", Source, null, false },
        { Checkpoints, "s3://rows/in", Source, "s3://rows/elsewhere", false },
        { Checkpoints, "s3://rows/out", Sink, null, true },
        { Checkpoints, "S3://rows", Sink, null, true },
        { Checkpoints, "s3://rows/out/job", Sink, null, false },
        { Checkpoints, "s3://rows/out", Sink, "s3://rows/elsewhere/items.csv", false },
        { Checkpoints, "s3://rows/job", Savepoints, "s3://rows/job/savepoints", true },
        { Checkpoints, "s3://rows/job", Savepoints, "s3://rows/job", true },
        { Checkpoints, "s3://rows/job", Savepoints, "s3://rows", false },
        { Checkpoints, "s3://rows/job", StartFrom, "s3://rows/job/first", true },
        { Checkpoints, "s3://rows/job/second", StartFrom, "s3://rows/job", true },
        { Checkpoints, "s3://rows/job", StartFrom, "s3://rows/savepoints/first", false },

        // A savepoint to start from is only read.
        { StartFrom, "s3://rows/out", Sink, null, true },
        { StartFrom, "s3://rows", Sink, null, true },
        { StartFrom, "s3://rows/out/first", Sink, null, false },
        { StartFrom, "s3://rows/in", Source, null, false },
        { StartFrom, "s3://rows/first", Savepoints, "s3://rows/first/next", true },
        { StartFrom, "s3://rows/savepoints/first", Savepoints, "s3://rows/savepoints", false },

        // Each savepoint creates a folder, and other files may be next to it.
        { Savepoints, "s3://rows/in", Source, null, false },
        { Savepoints, "s3://rows/out", Sink, null, false },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Two_places_that_are_in_each_others_way_are_refused_before_a_request_is_sent(
        string one,
        string? placeOfOne,
        string other,
        string? placeOfOther,
        bool isRefused)
    {
        var server = new ScriptedServer((_, _) => ScriptedServer.Error(System.Net.HttpStatusCode.Forbidden, "AccessDenied"));
        using var client = server.Client(new S3Options());
        using var host = Build(client, (one, placeOfOne), (other, placeOfOther));
        await host.StartAsync();
        var status = await PipelineWaiting.FailedAsync(host);
        await host.StopAsync();
        Environment.ExitCode = 0;
        Assert.Equal(isRefused ? 0 : 1, Math.Min(server.Requests, 1));
        string[] expected = [
            "does not start because places that it uses conflict",
            Setting(one, placeOfOne),
            Setting(other, placeOfOther)
        ];
        Assert.All(isRefused ? expected : [], part => Assert.Contains(part, status.Error!.Message, StringComparison.Ordinal));
        Assert.Equal(isRefused, status.Error!.Message.Contains(expected[0], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("s3://rows/in", false)]
    [InlineData("s3://rows/out/", false)]
    [InlineData("S3://rows", false)]
    [InlineData("s3://rows/out/first", true)]
    [InlineData("s3://rows/in/first", true)]
    [InlineData("s3://rows/first", true)]
    public void A_savepoint_goes_where_nothing_of_the_attributes_lies(string path, bool isPossible)
    {
        var environment = new ExecutionEnvironment(
            "CopyItems",
            new PipelineOptions(),
            new ServiceCollection().BuildServiceProvider(),
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var error = Record.Exception(() =>
        {
            _ = new PipelineRunner(PipelineDefinition.Of<CopyItems>(), environment).SavepointAsync(CheckpointMode.Savepoint, path);
        });
        Assert.Equal(isPossible, error == null);
        Assert.True(
            isPossible || error!.Message.StartsWith(
                $"PSR622: Pipeline 'CopyItems' takes no savepoint in '{path}'. The pipeline continues.",
                StringComparison.Ordinal),
            error?.Message);
    }

    private static string Setting(string setting, string? place) => $"Penstock:Pipelines:CopyItems:{setting}" is var key && place == null
        ? $"in its attribute, which {key} overrides"
        : $"('{place}' in {key})";

    /// <summary>Copies objects of one format.</summary>
    [Pipeline]
    public sealed partial class CopyItems
    {
        [S3Source("s3://rows/in/*.csv")]
        [S3Sink("s3://rows/out/items.csv")]
        public partial Stream<Item> Items { get; }
    }

    private static IHost Build(Amazon.S3.IAmazonS3 client, params (string Setting, string? Place)[] places)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var settings = places.Where(place => place.Place != null);
        builder.Configuration.AddInMemoryCollection((places.Any(place => place.Setting == Checkpoints)
            ? settings
            : settings.Append((Setting: Checkpoints, Place: "s3://elsewhere/job"))).Select(place => KeyValuePair.Create(
                $"Penstock:Pipelines:CopyItems:{place.Setting}",
                place.Place)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(client);
        builder.AddPenstockS3();
        builder.AddPipeline<CopyItems>();
        return builder.Build();
    }
}
