using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>Sources of the test in the place of the declared ones, and sinks that keep their rows. They outlive a crash.</summary>
/// <param name="sourceOf">Returns the source with an id for a new subtask, or null for the declared one.</param>
internal sealed class SourceOverrides(Func<string, object?> sourceOf) : IConnectorOverrides
{
    private readonly Dictionary<string, object> _sinks = [];

    public ISource<T>? Source<T>(string id) => (ISource<T>?)sourceOf(id);

    public ISink<T> Sink<T>(string stream, string id) => SinkOf<T>(stream);

    public TestSink<T> SinkOf<T>(string stream)
    {
        if (!_sinks.TryGetValue(stream, out var sink))
        {
            _sinks[stream] = sink = new TestSink<T>(stream, static _ => { });
        }

        return (TestSink<T>)sink;
    }
}
