using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Hosting;
using Penstock.Runtime.Tests.Hosting;
using Penstock.Sinks.Files;
using Penstock.Sources.Files;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Connectors;

/// <summary>
/// A path with a scheme is passed to the provider that is registered for it, wherever it is set. Without a provider the pipeline does not
/// start.
/// </summary>
public sealed class SchemeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("", "", "'nowhere://' (the path of 'Rows' is 'nowhere://bucket/rows.csv')")]
    [InlineData(
        "Sources:Rows:Path",
        "elsewhere://bucket/rows.csv",
        "'elsewhere://' (the path of 'Rows' is 'elsewhere://bucket/rows.csv')")]
    public async Task The_path_of_a_source_is_refused(string key, string value, string problem)
    {
        var error = await FailAsync<RemoteCopy>(key.Length == 0 ? [] : [(key, value)]);
        Assert.Contains($"no provider is registered for {problem}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Add the package for it and its services", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", "")]
    [InlineData("elsewhere", "elsewhere://bucket/copy.jsonl")]
    public async Task A_sink_with_an_unknown_scheme_is_refused_and_nothing_is_written(string scheme, string configured)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "rows.csv"), "name,number\nann,1\n");
        (string, string)[] settings = [("Sources:Rows:Path", Path.Combine(_folder, "rows.csv")), .. configured.Length == 0
            ? Array.Empty<(string, string)>()
            : [("Sinks:Copy:Path", configured)]];
        var error = await FailAsync<CopyToRemote>(settings);
        Assert.Matches(
            $@"no provider is registered for '{scheme}://' \(the path of 'Copy[^']*' is '{scheme}://bucket/copy\.jsonl'\)",
            error.Message);
        Assert.False(Directory.Exists(scheme + ":"));
    }

    [Theory]
    [InlineData("JSON")]
    [InlineData("CSV")]
    public async Task Sources_of_both_formats_with_an_unknown_scheme_are_refused(string format)
    {
        var error = format == "JSON" ? await FailAsync<RemoteJson>() : await FailAsync<RemoteCopy>();
        Assert.Contains(
            "no provider is registered for 'nowhere://' (the path of 'Rows'",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Checkpoints:Path")]
    [InlineData("Savepoints:Path")]
    [InlineData("Savepoints:StartFrom")]
    public async Task Places_of_checkpoints_and_savepoints_with_an_unknown_scheme_are_refused(string key)
    {
        var error = await FailAsync<LocalCopy>((key, "nowhere://bucket/saved"));
        Assert.Contains(
            $"no provider is registered for 'nowhere://' ({key} is 'nowhere://bucket/saved')",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_registered_gets_the_path_of_the_attribute()
    {
        var provider = new Provider();
        var services = new ServiceCollection().AddSingleton<IRowConnectorProvider>(provider);
        await FailAsync<RemoteCopy>(services);
        Assert.Equal("nowhere://bucket/rows.csv", provider.Source);
        await FailAsync<RemoteCopy>(services, ("Sources:Rows:Path", "nowhere://bucket/others.csv"));
        Assert.Equal("nowhere://bucket/others.csv", provider.Source);
        await File.WriteAllTextAsync(Path.Combine(_folder, "rows.csv"), "name,number\nann,1\n");
        await FailAsync<CopyToRemote>(services, ("Sources:Rows:Path", Path.Combine(_folder, "rows.csv")));
        Assert.Equal("nowhere://bucket/copy.jsonl", provider.Sink);
    }

    private static Task<Exception> FailAsync<T>(params (string Key, string Value)[] settings)
        where T : class, IPipeline => FailAsync<T>(new ServiceCollection(), settings);

    private static async Task<Exception> FailAsync<T>(IServiceCollection services, params (string Key, string Value)[] settings)
        where T : class, IPipeline
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(static setting => KeyValuePair.Create($"Penstock:Pipelines:Test:{setting.Key}", (string?)setting.Value)))
            .Build();
        var definition = PipelineDefinition.Of<T>();
        var options = new PipelineRegistration("Test", definition, null).ReadOptions(configuration, out var wrong);
        Assert.Null(wrong);
        await using var provider = services.BuildServiceProvider();
        var runner = new PipelineRunner(
            definition,
            TestEnvironment.Create("Test", options) with { Services = provider, Files = LocalFileSystem.Instance });
        var error = await Record.ExceptionAsync(() => runner.RunAsync(CancellationToken.None).WaitAsync(HookedJob.Timeout));
        Assert.Equal((PipelineState.Failed, 0), (runner.Status().State, runner.Status().Restarts));
        return Assert.IsType<PipelineException>(error);
    }

    /// <summary>Records requests, and creates nothing.</summary>
    private sealed class Provider : IRowConnectorProvider
    {
        public string? Source { get; private set; }

        public string? Sink { get; private set; }

        public string Scheme => "nowhere";

        public ISource<T> CreateCsvSource<T, TReader>(SourceContext context, FileSourceSettings settings)
            where TReader : struct, ICsvRowReader<T>
        {
            Source = context.Options.Path;
            throw new PipelineException(PipelineErrorCode.Custom, "Noted.");
        }

        public ISource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileSourceSettings settings)
            where TReader : struct, IJsonRowReader<T> => throw new PipelineException(PipelineErrorCode.Custom, "Not asked for.");

        public ISink<T> CreateSink<T, TWriter>(SinkContext context, FileSinkSettings settings)
            where TWriter : struct, IRowWriter<T>
        {
            Sink = context.Options.Path;
            throw new PipelineException(PipelineErrorCode.Custom, "Noted.");
        }
    }
}

public readonly record struct Named(string Name, int Number);

/// <summary>A copy job whose source has a path with a scheme.</summary>
[Pipeline]
public sealed partial class RemoteCopy
{
    [FileSource("nowhere://bucket/rows.csv")]
    public partial Stream<Named> Rows { get; }

    [Apply<PassNamed>(nameof(Rows))]
    [FileSink("copy-that-nobody-writes.jsonl")]
    public partial Stream<Named> Copy { get; }
}

[Pipeline]
public sealed partial class CopyToRemote
{
    [FileSource("rows-that-nobody-reads.csv")]
    public partial Stream<Named> Rows { get; }

    [Apply<PassNamed>(nameof(Rows))]
    [FileSink("nowhere://bucket/copy.jsonl")]
    public partial Stream<Named> Copy { get; }
}

[Pipeline]
public sealed partial class RemoteJson
{
    [FileSource("nowhere://bucket/rows.jsonl")]
    [FileSink("copy.jsonl")]
    public partial Stream<Named> Rows { get; }
}

[Pipeline]
public sealed partial class LocalCopy
{
    [FileSource("rows-that-nobody-reads.csv")]
    [FileSink("copy-that-nobody-writes.csv")]
    public partial Stream<Named> Rows { get; }
}

[Operator]
public sealed partial class PassNamed
{
    [Map]
    private static Named Pass(in Named row) => row;
}
