using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Hosting;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Connectors;

/// <summary>A connector of messages reads options of its own, and what it does not read is named as it was set.</summary>
public sealed class OwnOptionTests
{
    [Fact]
    public void A_path_is_an_option_like_any_other()
    {
        using var connectors = PipelineConnectors.Of<OwnOptions>(
            static options =>
            {
                options.Sources["Probes"] = new SourceOptions { Path = "in" };
                options.Sinks["Probes"] = new SinkOptions { Path = "out" };
            });
        Assert.Equal("in", Assert.IsType<NamedSource<Probe>>(connectors.CreateSource<Probe>("Probes")).Name);
        Assert.Equal("out", Assert.IsType<NamedSink<Probe>>(connectors.CreateSink<Probe>("Probes")).Name);
    }

    [Fact]
    public void What_is_not_read_is_named_as_it_was_set_beside_what_is_read()
    {
        using var connectors = PipelineConnectors.Of<OwnOptions>(
            static options => options.Sinks["Probes"] = new SinkOptions { Settings = { ["Partz"] = "a" } });
        var error = Assert.Throws<PipelineException>(() => connectors.CreateSink<Probe>("Probes"));
        Assert.Equal(
            "PSR102: The configuration of pipeline 'OwnOptions' is wrong:\n- Sinks:Probes:Partz is not an option of this sink. Its own are "
                + "'Parts', 'Path'.",
            error.Message);
    }

    [Fact]
    public void A_path_that_the_connector_does_not_read_is_refused()
    {
        using var connectors = PipelineConnectors.Of<HiddenInterfaces>(
            static options => options.Sources["Probes"] = new SourceOptions { Path = "in" });
        var error = Assert.Throws<PipelineException>(() => connectors.CreateSource<Probe>("Probes"));
        Assert.Contains(
            "Sources:Probes:Path is not an option of this source. It has none of its own.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_start_leaves_a_path_to_the_connector()
    {
        var options = new PipelineOptions
        {
            Sources = { ["Probes"] = new SourceOptions { Path = "in", SplitSize = 1 } },
            Sinks = { ["Probes"] = new SinkOptions { Path = "out", RollSize = 1 } },
        };
        var problems = new List<string>();
        OptionsValidator.Validate(options, OwnOptions.Plan, problems);
        Assert.Equal(2, problems.Count);
        Assert.StartsWith("Sources:Probes:SplitSize is set, but", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("Sinks:Probes:RollSize is set, but", problems[1], StringComparison.Ordinal);
    }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(NamedConnector))]
public sealed class NamedSourceAttribute : SourceAttribute
{
    public MessageFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(NamedConnector))]
public sealed class NamedSinkAttribute(string path) : SinkAttribute
{
    public string Path { get; } = path;

    public MessageFormat Format { get; set; }
}

public static class NamedConnector
{
    public static ISource<T> CreateSource<T, TReader>(SourceContext context, NamedSourceAttribute attribute)
        where TReader : struct, IMessageReader<T> => new NamedSource<T>(context.Settings.GetString("Path"));

    public static ISink<T> CreateSink<T, TWriter>(SinkContext context, NamedSinkAttribute attribute)
        where TWriter : struct, IMessageWriter<T>
    {
        var parts = context.Settings.GetString("Parts");
        return new NamedSink<T>(context.Settings.GetString("Path") ?? parts ?? attribute.Path);
    }
}

public sealed class NamedSource<T>(string? name) : ISource<T>
{
    public string? Name { get; } = name;

    public string PositionName => "row";

    public IReadOnlyList<SourceSplit> Discover() => [];

    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) =>
        throw new NotSupportedException();
}

public sealed class NamedSink<T>(string name) : ISink<T>
{
    public string Name { get; } = name;

    public ISinkWriter<T> OpenWriter(int subtask) => new Discard<T>().OpenWriter(subtask);

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;
}

[Pipeline]
public sealed partial class OwnOptions
{
    [NamedSource]
    [NamedSink("folder")]
    public partial Stream<Probe> Probes { get; }
}
