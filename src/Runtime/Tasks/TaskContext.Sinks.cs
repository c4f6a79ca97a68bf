using Penstock.Connectors;
using Penstock.Sinks;

namespace Penstock.Tasks;

/// <content>The creation and use of sinks.</content>
public sealed partial class TaskContext
{
    /// <summary>Connects rows of this task to a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <param name="stream">The id of the stream that is delivered.</param>
    /// <param name="id">The id of the sink, unique in the pipeline.</param>
    /// <param name="create">Creates the sink.</param>
    /// <param name="columns">The columns for a sink that requires them; otherwise null.</param>
    /// <returns>The output.</returns>
    public SinkOutput<T> Sink<T>(string stream, string id, Func<SinkContext, ISink<T>> create, SinkColumns<T>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        var sink = _graph.Environment.Connectors?.Sink<T>(stream, id)
            ?? CreateSink(id, Options.SinkOptions(id, stream), create);
        if (columns != null && sink is ISchemaSink described)
        {
            SinkErrors.Explained(PipelineName, id, "learn its columns", () =>
            {
                described.SetSchema(columns.Schema);
                return true;
            });
        }

        if (_graph.Placement.IsFirst)
        {
            _graph.Sinks.Add(
                id,
                () => new SinkErrorDecorator(
                    SinkErrors.Explained(PipelineName, id, "create its committer", sink.CreateCommitter),
                    PipelineName,
                    id));
        }

        var writer = IsTemplate
            ? new NoWriter<T>()
            : OfRows(id, sink, SinkErrors.Explained(PipelineName, id, "open a writer", () => sink.OpenWriter(Subtask)), columns);
        var output = new SinkOutput<T>(_owner, id, writer, Options.BatchSize);
        _owner.Register((IOutput)output);
        _owner.Register((ISinkPart)output);
        return output;
    }

    private void OwnSink<T>(string id, ISink<T> sink)
    {
        if (sink is not (ISinkWriter<T> or ISinkCommitter))
        {
            _owner.Own($"sink '{id}'", sink);
        }
    }

    private ISink<T> CreateSink<T>(string id, SinkOptions options, Func<SinkContext, ISink<T>> create)
    {
        var sink = SinkErrors.Explained(PipelineName, id, "be created", () => create(new SinkContext(
            id,
            PipelineName,
            ServicesFor($"sink '{id}'"),
            options,
            _graph.Environment.Files)
        {
            PipelineOptions = Options,
            Subtask = Subtask,
            Log = _graph.Environment.Log,
            Time = Time,
            Spool = new SinkSpool(_graph.Environment.Spool, id, _graph.Environment.Writer),
            Writer = _graph.Environment.Writer,
            FileBuffer = _graph.Environment.FileBuffer,
            Background = _graph.Environment.Background,
            Health = _graph.HealthOf($"sink '{id}'"),
        }));
        OwnSink(id, sink);
        if (sink is IChangelogSink changelog)
        {
            SinkErrors.Explained(PipelineName, id, "learn its changelog", () =>
            {
                changelog.SetChangelog(_graph.Plan.Nodes.First(node => node.Id == id).Changelog);
                return true;
            });
        }

        options.Settings.CheckAllAsked(PipelineName, "Sinks", id);
        return sink;
    }

    private ISinkWriter<T> OfRows<T>(string id, ISink<T> sink, ISinkWriter<T> opened, SinkColumns<T>? columns)
    {
        if (opened is not IColumnWriter<T> writer)
        {
            return opened;
        }

        if (columns?.OfRows(writer) is { } ofRows)
        {
            return ofRows;
        }

        Close($"the writer of sink '{id}'", "closed", opened.Dispose);
        throw new PipelineException(
            ErrorCodes.SinkBreaksContract,
            $"Pipeline '{PipelineName}': sink '{id}' is wrong: OpenWriter has returned a writer of columns, but "
                + $"'{sink.GetType().Name}' is no IColumnSink<{typeof(T).Name}>: the compiler has written nothing that makes columns of "
                + $"rows.");
    }
}
