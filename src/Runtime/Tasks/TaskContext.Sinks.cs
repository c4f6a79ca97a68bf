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
    /// <param name="readsTimes"><c>true</c> if the rows are delivered with their event times.</param>
    /// <returns>The output.</returns>
    public SinkOutput<T> Sink<T>(
        string stream,
        string id,
        Func<SinkContext, ISink<T>> create,
        SinkColumns<T>? columns = null,
        bool readsTimes = false)
    {
        ArgumentNullException.ThrowIfNull(create);
        var sink = _graph.Environment.Connectors?.Sink(stream, id, Declared) is { } other ? Described(other) : Declared();
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
            ? new NullSinkWriter<T>()
            : OfRows(id, sink, SinkErrors.Explained(PipelineName, id, "open a writer", () => sink.OpenWriter(Subtask)), columns);
        var output = new SinkOutput<T>(_owner, id, writer, Options.BatchSize);
        _owner.Register((IOutput)output);
        _owner.Register((ISinkPart)output);
        return output;

        ISink<T> Declared()
        {
            var declared = CreateSink(stream, id, create);
            CheckServed(id, declared, columns, readsTimes);
            return Described(declared);
        }

        ISink<T> Described(ISink<T> created)
        {
            if (columns != null && created is ISchemaSink described)
            {
                SinkErrors.Explained(PipelineName, id, "learn its columns", () =>
                {
                    described.SetSchema(columns.Schema);
                    return true;
                });
            }

            return created;
        }
    }

    // The compiler generates what these interfaces need. It sees the return type of the method that creates the sink, not the object.
    private void CheckServed<T>(string id, ISink<T> sink, SinkColumns<T>? columns, bool readsTimes)
    {
        var unseen = sink is IEventTimeSink && !readsTimes ? (nameof(IEventTimeSink), "its rows would have no event times")
            : sink is ISchemaSink && columns == null ? (nameof(ISchemaSink), "it would not get its columns")
            : ((string Name, string Effect)?)null;
        if (unseen is { } found)
        {
            throw new PipelineException(
                ErrorCodes.SinkBreaksContract,
                $"Pipeline '{PipelineName}': sink '{id}' is wrong: '{sink.GetType().Name}' is an {found.Name}, but the method that creates "
                    + $"it does not say so, so that {found.Effect}. Let the method return a type that is an {found.Name}.");
        }
    }

    private void OwnSink<T>(string id, ISink<T> sink)
    {
        if (sink is not (ISinkWriter<T> or ISinkCommitter))
        {
            _owner.Own($"sink '{id}'", sink);
        }
    }

    private ISink<T> CreateSink<T>(string stream, string id, Func<SinkContext, ISink<T>> create)
    {
        var options = Options.SinkOptions(id, stream);
        if (options.Path != null && _graph.Plan.Nodes.First(node => node.Id == id).HasOwnOptions)
        {
            options.Settings[nameof(options.Path)] = options.Path;
        }

        var context = new SinkContext(
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
        };
        var sink = SinkErrors.Explained(PipelineName, id, "be created", () => create(context));
        OwnSink(id, sink);
        if (!context.WritesFiles && options.RollSize != null)
        {
            throw new PipelineException(
                ErrorCodes.UnknownOption,
                $"The configuration of pipeline '{PipelineName}' is wrong: Sinks:{Options.SinkKey(id, stream)}:RollSize is an option of "
                    + $"sinks of files, and '{id}' writes none. Remove it.");
        }

        if (sink is IChangelogSink changelog)
        {
            SinkErrors.Explained(PipelineName, id, "learn its changelog", () =>
            {
                changelog.SetChangelog(_graph.Plan.Nodes.First(node => node.Id == id).Changelog);
                return true;
            });
        }

        options.Settings.CheckAllRead(PipelineName, "Sinks", Options.SinkKey(id, stream));
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
