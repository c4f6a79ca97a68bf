using Penstock.Connectors;
using Penstock.Tasks;

namespace Penstock.Testing;

/// <summary>The sources and sinks of a test, created when the pipeline first requests them.</summary>
internal sealed class TestConnectors(int splitsPerSource) : IConnectorOverrides
{
    private readonly Dictionary<string, ITestSource> _sources = [];
    private readonly Dictionary<string, object> _sinksById = [];
    private readonly Dictionary<string, object> _sinks = [];
    private readonly Dictionary<string, object> _taps = [];

    /// <summary>The number of splits of each source.</summary>
    public int SplitsPerSource => splitsPerSource;

    /// <summary>Called with the id of each created source and the source.</summary>
    public Action<string, ITestSource>? Created { get; init; }

    /// <summary>Called with a description before a sink performs an operation that outlives a crash; may crash.</summary>
    public Action<string>? Happens { get; set; }

    /// <summary>The sinks with the names of their streams.</summary>
    public IEnumerable<(string Stream, ITestSink Sink)> Sinks => _sinks.Select(static sink => (sink.Key, (ITestSink)sink.Value));

    public ISource<TRow> Source<TRow>(string id) =>
        Source<TRow>(id, _ => throw new ArgumentException($"Source '{id}' takes no text in this test."));

    public ISource<TRow> Source<TRow>(string id, Func<ISentInput, ISource<TRow>> over)
    {
        if (_sources.TryGetValue(id, out var known))
        {
            var again = (TestSource<TRow>)known;
            again.Over = over;
            return again;
        }

        var source = new TestSource<TRow>(id, splitsPerSource) { Over = over };
        _sources[id] = source;
        Created?.Invoke(id, source);
        return source;
    }

    public ISink<TRow> Sink<TRow>(string stream, string id)
    {
        if (!_sinksById.TryGetValue(id, out var sink))
        {
            _sinksById[id] = sink = new TestSink<TRow>(stream, what => Happens?.Invoke(what));

            // Several sinks of one stream receive the same rows: a test reads those of the first.
            _sinks.TryAdd(stream, sink);
        }

        return (ISink<TRow>)sink;
    }

    public List<Change<TRow>> Tap<TRow>(string stream)
    {
        // The rows survive a crash of the pipeline, because a test may already have read some.
        if (!_taps.TryGetValue(stream, out var rows))
        {
            _taps[stream] = rows = new List<Change<TRow>>();
        }

        return (List<Change<TRow>>)rows;
    }

    public ITestSource SourceOf(string id) =>
        _sources.GetValueOrDefault(id) ?? throw new ArgumentException($"The pipeline has no source '{id}'; it has {Names(_sources.Keys)}.");

    public TestSource<TRow> SourceOf<TRow>(string id)
    {
        var source = SourceOf(id);
        return source as TestSource<TRow> ?? throw WrongType<TRow>("source", id, source.RowType);
    }

    /// <summary>Returns the id of the only source with a given row type.</summary>
    public string OnlySourceOf<TRow>()
    {
        List<string> ids = [.. _sources.Where(static source => source.Value is TestSource<TRow>).Select(static source => source.Key)];
        return ids.Count == 1 ? ids[0] : throw new ArgumentException(
            $"{(ids.Count == 0 ? "No source of the pipeline has" : $"The sources {Names(ids)} all have")} rows of type {NameOf(typeof(TRow), isFull: false)}; say which one by ExploreCrashes(input => input.Send(source, rows)).");
    }

    /// <summary>Returns the rows of a stream since the last call, with their row kinds.</summary>
    public IReadOnlyList<Change<TRow>> Take<TRow>(string stream, PipelinePlan plan)
    {
        if (!_taps.TryGetValue(stream, out var tap))
        {
            return SinkOf<TRow>(stream, plan).Take();
        }

        var rows = tap as List<Change<TRow>>
            ?? throw WrongType<TRow>("stream", stream, tap.GetType().GenericTypeArguments[0].GenericTypeArguments[0]);
        IReadOnlyList<Change<TRow>> taken = [.. rows];
        rows.Clear();
        return taken;
    }

    public TestSink<TRow> SinkOf<TRow>(string stream, PipelinePlan plan) => _sinks.TryGetValue(stream, out var sink)
        ? sink as TestSink<TRow> ?? throw WrongType<TRow>("stream", stream, sink.GetType().GenericTypeArguments[0])
        : throw new ArgumentException(
            _taps.ContainsKey(stream) ? $"Stream '{stream}' has no sink, so that nothing of it is committed. Read takes its rows."
            : IsStream(
                stream,
                plan) ? $"Stream '{stream}' has no sink. A test reads it, too, when PipelineTest.For is called with everyStream: true."
            : $"The pipeline has no stream "
                + $"'{stream}'; it has {Names(plan.Nodes.Where(static node => node.Kind != PlanNodeKind.Sink).Select(static node => node.Id))}.");

    private static bool IsStream(string stream, PipelinePlan plan) =>
        plan.Nodes.Any(node => node.Id == stream && node.Kind != PlanNodeKind.Sink);

    // Types with the same name are shown with their namespaces.
    private static ArgumentException WrongType<TRow>(string what, string id, Type right)
    {
        var (wrong, known) = (NameOf(typeof(TRow), isFull: false), NameOf(right, isFull: false));
        var isFull = wrong == known;
        return new ArgumentException(
            $"The rows of {what} '{id}' are of type {NameOf(right, isFull)}, not of type {NameOf(typeof(TRow), isFull)}.");
    }

    private static string NameOf(Type type, bool isFull)
    {
        var name = type.IsNested ? $"{type.DeclaringType!.Name}.{type.Name}" : type.Name;
        name = isFull ? type.FullName ?? name : name;
        return type.IsGenericType && !isFull
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GenericTypeArguments.Select(static argument => NameOf(argument, isFull: false)))}>"
            : name;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
