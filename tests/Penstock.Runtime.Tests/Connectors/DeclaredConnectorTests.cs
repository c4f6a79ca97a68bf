using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Sources.Files;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Connectors;

/// <summary>The connectors that a pipeline declares can be tested without it, with its generated readers and writers.</summary>
public sealed class DeclaredConnectorTests : IDisposable
{
    private static readonly Probe[] Probes =
        [.. Enumerable.Range(1, 12).Select(static number => Probe.Sample with { Name = $"probe {number}", Number = number })];

    private readonly string _root = Directory.CreateTempSubdirectory("penstock-declared-").FullName;

    [Fact]
    public async Task A_declared_source_passes_the_kit()
    {
        var path = Path.Combine(_root, "probes.csv");
        File.WriteAllLines(path, ["name,at,number", .. Probes.Select(Line)]);
        using var connectors = PipelineConnectors.Of<CopyProbes>(
            options => options.Sources["Probes"] = new SourceOptions { Path = path });
        await SourceConformance.For(() => new SourceSetup<Probe>
        {
            Create = () => connectors.CreateSource<Probe>("Probes"),
            Rows = Probes,
        }).VerifyAsync();
    }

    [Fact]
    public async Task A_declared_sink_passes_the_kit()
    {
        var setups = new List<PipelineConnectors>();
        await SinkConformance.For(() =>
        {
            var folder = Directory.CreateDirectory(Path.Combine(_root, setups.Count.ToString(CultureInfo.InvariantCulture))).FullName;
            var connectors = PipelineConnectors.Of<CopyProbes>(
                options => options.Sinks["Probes"] = new SinkOptions { Path = Path.Combine(folder, "out.csv") });
            setups.Add(connectors);
            return new SinkSetup<Probe>
            {
                Create = () => connectors.CreateSink<Probe>("Probes"),
                ReadAsync = () => new(
                [
                    .. Directory.GetFiles(folder, "out-*.csv")
                        .Order(StringComparer.Ordinal)
                        .SelectMany(static file => File.ReadLines(file).Skip(1))
                        .Select(Parse),
                ]),
                Rows = Probes,
            };
        }).VerifyAsync();
        setups.ForEach(static connectors => connectors.Dispose());
    }

    [Fact]
    public void A_declared_sink_knows_its_columns_and_another_one_is_named()
    {
        var log = new ProbeLog();
        using var connectors = PipelineConnectors.Of<ProbeSinkPipeline>(
            services: new ServiceCollection().AddSingleton(log).BuildServiceProvider());
        Assert.IsType<ProbeSink<Probe>>(connectors.CreateSink<Probe>("csv"));
        Assert.True(log.IsServed(Form.Csv, nameof(ISchemaSink)));
        var error = Assert.Throws<ArgumentException>(() => connectors.CreateSink<Probe>("xml"));
        Assert.Contains("no sink 'xml' of these rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("'csv' of Probe", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => connectors.CreateSink<int>("csv"));
    }

    [Fact]
    public void A_test_sends_text_to_a_source_with_an_input_of_its_own()
    {
        using var test = PipelineTest.For<ReadArchive>();
        test.SendText("Probes", $"name,at,number\n{Line(Probe.Sample)}\n");
        test.End("Probes");
        Assert.Equal(Probe.Sample, Assert.Single(test.Read<Probe>("Probes")));
    }

    [Fact]
    public void An_interface_that_the_method_does_not_name_is_refused()
    {
        using var connectors = PipelineConnectors.Of<HiddenInterfaces>();
        var error = Assert.Throws<PipelineException>(() => connectors.CreateSink<Probe>("times"));
        Assert.Equal("PSR707", error.Code);
        Assert.Contains(
            "'TimedDiscard`1' is an IEventTimeSink, but the method that creates it does not say so, so that its rows would have no event "
                + "times. Let the method return a type that is an IEventTimeSink.",
            error.Message,
            StringComparison.Ordinal);
        error = Assert.Throws<PipelineException>(() => connectors.CreateSink<Probe>("columns"));
        Assert.Contains("is an ISchemaSink, but", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<PipelineException>(() => connectors.CreateSource<Probe>("Probes"));
        Assert.Equal("PSR209", error.Code);
        Assert.Contains("is an IProjectionSource, but", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Line(Probe probe) => string.Create(CultureInfo.InvariantCulture, $"{probe.Name},{probe.At:O},{probe.Number}");

    private static Probe Parse(string line)
    {
        var parts = line.Split(',');
        return new Probe(
            parts[0],
            DateTime.Parse(parts[1], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}

[Pipeline]
public sealed partial class CopyProbes
{
    [FileSource("probes.csv")]
    [FileSink("out.csv")]
    public partial Stream<Probe> Probes { get; }
}

/// <summary>Its files are not those of a folder.</summary>
[AttributeUsage(AttributeTargets.Property), Connector(typeof(ArchiveConnector))]
public sealed class ArchiveSourceAttribute(string path) : SourceAttribute
{
    public string Path { get; } = path;

    public FileFormat Format { get; set; }
}

public static class ArchiveConnector
{
    public static ISource<T> CreateCsvSource<T, TReader>(SourceContext context, ArchiveSourceAttribute attribute)
        where TReader : struct, ICsvRowReader<T>
    {
        var options = context.Files(new FileSourceSettings(attribute.Path, long.MaxValue));
        return FileSources.Csv<T, TReader>(context, options with { Path = "archive:" + options.Path, Input = new NoInput() });
    }

    private sealed class NoInput : IInputFiles
    {
        public IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions) =>
            throw new InvalidOperationException($"There is no archive '{pattern}'.");

        public IReadableFile OpenRead(string path, string fingerprint) => throw new NotSupportedException();
    }
}

[Pipeline]
public sealed partial class ReadArchive
{
    [ArchiveSource("probes.zip")]
    [Sink<Discard<Probe>>]
    public partial Stream<Probe> Probes { get; }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(HiddenConnector))]
public sealed class HiddenSourceAttribute : SourceAttribute
{
    public MessageFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property, AllowMultiple = true), Connector(typeof(HiddenConnector))]
public sealed class HiddenSinkAttribute(bool hasColumns) : SinkAttribute
{
    public bool HasColumns { get; } = hasColumns;

    public MessageFormat Format { get; set; }
}

public static class HiddenConnector
{
    public static ISource<T> CreateSource<T, TReader>(SourceContext context, HiddenSourceAttribute attribute)
        where TReader : struct, IMessageReader<T> => new AskingSource<T>(new ProbeLog());

    public static ISink<T> CreateSink<T, TWriter>(SinkContext context, HiddenSinkAttribute attribute)
        where TWriter : struct, IMessageWriter<T> =>
            attribute.HasColumns ? new ProbeColumnSink<T>(new ProbeLog()) : new TimedDiscard<T>();
}

public sealed class TimedDiscard<T> : ISink<T>, IEventTimeSink
{
    public ISinkWriter<T> OpenWriter(int subtask) => new Discard<T>().OpenWriter(subtask);

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;
}

[Pipeline]
public sealed partial class HiddenInterfaces
{
    [HiddenSource]
    [HiddenSink(false, Id = "times")]
    [HiddenSink(true, Id = "columns")]
    public partial Stream<Probe> Probes { get; }
}
