using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Connectors;

[AttributeUsage(AttributeTargets.Property, AllowMultiple = true), Connector(typeof(ProbeSinks))]
public sealed class MessageProbeSinkAttribute : SinkAttribute
{
    public MessageFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property, AllowMultiple = true), Connector(typeof(ProbeSinks))]
public sealed class FileProbeSinkAttribute(string path) : SinkAttribute
{
    public string Path { get; } = path;

    public FileFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property, AllowMultiple = true), Connector(typeof(ProbeColumnSinks))]
public sealed class MessageColumnSinkAttribute : SinkAttribute
{
    public MessageFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property, AllowMultiple = true), Connector(typeof(ProbeColumnSinks))]
public sealed class FileColumnSinkAttribute(string path) : SinkAttribute
{
    public string Path { get; } = path;

    public FileFormat Format { get; set; }
}

public static class ProbeSinks
{
    public static ProbeSink<T> CreateSink<T, TWriter>(SinkContext context, MessageProbeSinkAttribute attribute)
        where TWriter : struct, IMessageWriter<T> => new(Forms.LogOf(context)) { Form = Form.Message };

    public static ProbeSink<T> CreateSink<T, TWriter>(SinkContext context, FileProbeSinkAttribute attribute)
        where TWriter : struct, IRowWriter<T> => new(Forms.LogOf(context)) { Form = Forms.Of(attribute.Path) };
}

public static class ProbeColumnSinks
{
    public static IColumnSink<T> CreateSink<T, TWriter>(SinkContext context, MessageColumnSinkAttribute attribute)
        where TWriter : struct, IMessageWriter<T> => new ProbeColumnSink<T>(Forms.LogOf(context)) { Form = Form.Message };

    public static IColumnSink<T> CreateSink<T, TWriter>(SinkContext context, FileColumnSinkAttribute attribute)
        where TWriter : struct, IRowWriter<T> => new ProbeColumnSink<T>(Forms.LogOf(context)) { Form = Forms.Of(attribute.Path) };
}

/// <summary>Asks for everything that a sink of rows can ask for.</summary>
public sealed class ProbeSink<T>(ProbeLog log) : ISink<T>, ISchemaSink, IEventTimeSink, IChangelogSink
{
    private Changelog? _changelog;

    public Form Form { get; init; }

    public void SetChangelog(Changelog changelog) => _changelog = changelog;

    public void SetSchema(RowSchema schema)
    {
        if (schema.Columns.Select(static column => column.Name).SequenceEqual(["name", "at", "number"]))
        {
            log.Serve(Form, nameof(ISchemaSink));
        }
    }

    public ISinkWriter<T> OpenWriter(int subtask) => new Writer(this, log);

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer(ProbeSink<T> sink, ProbeLog log) : ISinkWriter<T>
    {
        public void Write(Batch<T> batch, long checkpoint)
        {
            if (sink._changelog?.Mode == ChangelogMode.Upsert)
            {
                log.Serve(sink.Form, nameof(IChangelogSink));
            }
            else if (batch.Times[0] == new DateTimeOffset(Probe.Sample.At).ToUnixTimeMilliseconds() * 1_000)
            {
                log.Serve(sink.Form, nameof(IEventTimeSink));
            }
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}

/// <summary>Takes columns.</summary>
public sealed class ProbeColumnSink<T>(ProbeLog log) : IColumnSink<T>
{
    private int _number;

    public Form Form { get; init; }

    public void SetSchema(RowSchema schema) =>
        _number = schema.Columns.Select(static column => column.Name).ToList().IndexOf("number");

    public ISinkWriter<T> OpenWriter(int subtask) => new Writer(this, log);

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer(ProbeColumnSink<T> sink, ProbeLog log) : IColumnWriter<T>
    {
        public void Write(ColumnBatch columns, long checkpoint)
        {
            if (columns.Values<int>(sink._number)[0] == Probe.Sample.Number)
            {
                log.Serve(sink.Form, "IColumnSink`1");
            }
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}

[Pipeline]
public sealed partial class ProbeSinkPipeline
{
    [Source<AskingSource<Probe>>]
    [EventTime(nameof(Probe.At))]
    [Sink<ProbeSink<Probe>>]
    [MessageProbeSink]
    [FileProbeSink("probes.csv", Id = "csv")]
    [FileProbeSink("probes.jsonl", Id = "json")]
    [Sink<ProbeColumnSink<Probe>>(Id = "columns")]
    [MessageColumnSink(Id = "message columns")]
    [FileColumnSink("columns.csv", Id = "csv columns")]
    [FileColumnSink("columns.jsonl", Id = "json columns")]
    public partial Stream<Probe> Probes { get; }

    [Apply<LastOfHour>(nameof(Probes))]
    [Sink<ProbeSink<Probe>>]
    [MessageProbeSink]
    [FileProbeSink("last.csv", Id = "last csv")]
    [FileProbeSink("last.jsonl", Id = "last json")]
    public partial Stream<Probe> Last { get; }
}
