using Penstock.Files;
using Penstock.Sinks;
using Penstock.Sources;
using Penstock.Tasks;

namespace Penstock.Testing;

/// <summary>The sources and sinks of a test, made when the pipeline first asks for them.</summary>
internal sealed class TestConnectors(int splitsPerSource) : IConnectorOverrides
{
    private readonly Dictionary<string, ITestSource> _sources = [];
    private readonly Dictionary<string, object> _sinks = [];

    public ISource<TRow> Source<TRow>(string id) => Source<TRow>(id, (_, _) => throw new ArgumentException($"Source '{id}' takes no text in this test."));

    public ISource<TRow> Source<TRow>(string id, Func<IFileSystem, string, ISource<TRow>> overFiles)
    {
        if (!_sources.TryGetValue(id, out var source))
        {
            _sources[id] = source = new TestSource<TRow>(splitsPerSource, overFiles);
        }

        return (ISource<TRow>)source;
    }

    public ISink<TRow> Sink<TRow>(string stream, string id)
    {
        // Several sinks on one stream see the same rows: only the first is kept.
        if (!_sinks.TryGetValue(stream, out var sink))
        {
            _sinks[stream] = sink = new TestSink<TRow>();
        }

        return (ISink<TRow>)sink;
    }

    public ITestSource SourceOf(string id) =>
        _sources.GetValueOrDefault(id) ?? throw new ArgumentException($"The pipeline has no source '{id}'; it has {Names(_sources.Keys)}.");

    public TestSource<TRow> SourceOf<TRow>(string id) =>
        SourceOf(id) as TestSource<TRow> ?? throw new ArgumentException($"The rows of source '{id}' are not of type {typeof(TRow).Name}.");

    public TestSink<TRow> SinkOf<TRow>(string stream)
    {
        if (!_sinks.TryGetValue(stream, out var sink))
        {
            throw new ArgumentException($"The pipeline has no stream '{stream}' with a sink; it has {Names(_sinks.Keys)}.");
        }

        return sink as TestSink<TRow> ?? throw new ArgumentException($"The rows of stream '{stream}' are not of type {typeof(TRow).Name}.");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
