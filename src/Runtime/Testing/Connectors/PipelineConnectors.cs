using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Tasks;

namespace Penstock.Testing;

/// <summary>
/// The sources and sinks that a pipeline declares, created as a start creates them: with its generated readers and writers, its options and
/// its services. Nothing runs. A test hands them to <see cref="SourceConformance"/> and <see cref="SinkConformance"/>.
/// </summary>
/// <example>
/// <code><![CDATA[
/// using var connectors = PipelineConnectors.Of<Orders>(options => options.Sinks["Paid"] = new SinkOptions { Path = folder });
/// var setup = new SinkSetup<Order> { Create = () => connectors.CreateSink<Order>("Paid"), … };
/// ]]></code>
/// </example>
public sealed class PipelineConnectors : IDisposable
{
    private readonly Catcher _catcher = new();
    private readonly ExecutionGraph _graph;

    private PipelineConnectors(
        PipelineDefinition definition,
        Action<PipelineOptions>? configure,
        IServiceProvider? services,
        IFileSystem? files)
    {
        var options = new PipelineOptions();
        configure?.Invoke(options);
        var environment = new ExecutionEnvironment(
            definition.Plan.Name,
            options,
            services ?? new ServiceCollection().BuildServiceProvider(),
            NullLogger.Instance)
        {
            Connectors = _catcher,
        };
        _graph = new ExecutionGraph(definition, files == null ? environment : environment with { Files = files });
    }

    /// <summary>Prepares the sources and sinks of a pipeline.</summary>
    /// <typeparam name="T">A class marked with <see cref="PipelineAttribute"/>.</typeparam>
    /// <param name="configure">Sets options, such as those of sources and sinks.</param>
    /// <param name="services">The services of the sources and sinks, and of the operators of the pipeline.</param>
    /// <param name="files">The file system; null for that of the machine.</param>
    /// <returns>The sources and sinks, which the caller must dispose.</returns>
    public static PipelineConnectors Of<T>(
        Action<PipelineOptions>? configure = null,
        IServiceProvider? services = null,
        IFileSystem? files = null)
        where T : class, IPipeline => new(PipelineDefinition.Of<T>(), configure, services, files);

    /// <summary>Creates a sink, as another subtask or another start of the job does.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="id">The id of the sink, or of a stream with one sink.</param>
    /// <returns>The sink. It has its columns and its changelog, if it asks for them.</returns>
    /// <exception cref="ArgumentException">There is no such sink of these rows.</exception>
    /// <exception cref="PipelineException">The sink refuses its options.</exception>
    public ISink<T> CreateSink<T>(string id) => Find<Func<ISink<T>>>("sink", id, _catcher.Sinks)();

    /// <summary>Creates a source, as another subtask or another start of the job does.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="id">The id of the stream.</param>
    /// <returns>The source. It has its columns, if it asks for them.</returns>
    /// <exception cref="ArgumentException">There is no such source of these rows.</exception>
    /// <exception cref="PipelineException">The source refuses its options.</exception>
    public ISource<T> CreateSource<T>(string id) => Find<Func<ISource<T>>>("source", id, _catcher.Sources)();

    /// <summary>Disposes what was created.</summary>
    public void Dispose() => _graph.Dispose();

    private static TCreate Find<TCreate>(string kind, string id, List<(string Id, string Stream, Delegate Create)> known)
        where TCreate : Delegate
    {
        var found = known.FindAll(one => one.Id == id);
        if (found.Count == 0)
        {
            found = known.FindAll(one => one.Stream == id);
        }

        return found.Select(static one => one.Id).Distinct().Count() == 1 && found[0].Create is TCreate create
            ? create
            : throw new ArgumentException(
                $"The pipeline has no {kind} '{id}' of these rows, or several. It has "
                    + $"{string.Join(", ", known.Select(NameOf).Distinct())}.",
                nameof(id));
    }

    private static string NameOf((string Id, string Stream, Delegate Create) one) =>
        $"'{one.Id}' of {one.Create.GetType().GenericTypeArguments[0].GenericTypeArguments[0].Name}";

    // Keeps what creates the declared ones. The tasks get others, which do nothing, since they do not run.
    private sealed class Catcher : IConnectorOverrides
    {
        private readonly TestConnectors _others = new(splitsPerSource: 1);

        public List<(string Id, string Stream, Delegate Create)> Sources { get; } = [];

        public List<(string Id, string Stream, Delegate Create)> Sinks { get; } = [];

        public ISource<T> Source<T>(string id) => _others.Source<T>(id);

        public ISource<T> Source<T>(string id, Func<ISentInput, ISource<T>> over, Func<ISource<T>> declared)
        {
            Sources.Add((id, id, declared));
            return _others.Source<T>(id);
        }

        public ISink<T> Sink<T>(string stream, string id) => _others.Sink<T>(stream, id);

        public ISink<T> Sink<T>(string stream, string id, Func<ISink<T>> declared)
        {
            Sinks.Add((id, stream, declared));
            return _others.Sink<T>(stream, id);
        }
    }
}
