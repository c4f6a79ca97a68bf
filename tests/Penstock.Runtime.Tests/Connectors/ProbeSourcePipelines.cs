using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Runtime.Tests.Connectors;

[AttributeUsage(AttributeTargets.Property), Connector(typeof(AskingSources))]
public sealed class MessageAskingSourceAttribute : SourceAttribute
{
    public MessageFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(AskingSources))]
public sealed class FileAskingSourceAttribute(string path) : SourceAttribute
{
    public string Path { get; } = path;

    public FileFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(ColumnSources))]
public sealed class MessageColumnSourceAttribute : SourceAttribute
{
    public MessageFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(ColumnSources))]
public sealed class FileColumnSourceAttribute(string path) : SourceAttribute
{
    public string Path { get; } = path;

    public FileFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(StreamingSources))]
public sealed class MessageStreamingSourceAttribute : SourceAttribute
{
    public MessageFormat Format { get; set; }
}

[AttributeUsage(AttributeTargets.Property), Connector(typeof(StreamingSources))]
public sealed class FileStreamingSourceAttribute(string path) : SourceAttribute
{
    public string Path { get; } = path;

    public FileFormat Format { get; set; }
}

public static class AskingSources
{
    public static AskingSource<T> CreateSource<T, TReader>(SourceContext context, MessageAskingSourceAttribute attribute)
        where TReader : struct, IMessageReader<T> => new(Forms.LogOf(context)) { Form = Form.Message };

    public static AskingSource<T> CreateCsvSource<T, TReader>(SourceContext context, FileAskingSourceAttribute attribute)
        where TReader : struct, ICsvRowReader<T> => new(Forms.LogOf(context)) { Form = Form.Csv };

    public static AskingSource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileAskingSourceAttribute attribute)
        where TReader : struct, IJsonRowReader<T> => new(Forms.LogOf(context)) { Form = Form.JsonLines };
}

public static class ColumnSources
{
    public static IColumnSource<T> CreateSource<T, TReader>(SourceContext context, MessageColumnSourceAttribute attribute)
        where TReader : struct, IMessageReader<T> => new ProbeColumnSource<T>(Forms.LogOf(context)) { Form = Form.Message };

    public static IColumnSource<T> CreateCsvSource<T, TReader>(SourceContext context, FileColumnSourceAttribute attribute)
        where TReader : struct, ICsvRowReader<T> => new ProbeColumnSource<T>(Forms.LogOf(context)) { Form = Form.Csv };

    public static IColumnSource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileColumnSourceAttribute attribute)
        where TReader : struct, IJsonRowReader<T> => new ProbeColumnSource<T>(Forms.LogOf(context)) { Form = Form.JsonLines };
}

// The engine asks the object whether it is a streaming source, so the method need not say so.
public static class StreamingSources
{
    public static ISource<T> CreateSource<T, TReader>(SourceContext context, MessageStreamingSourceAttribute attribute)
        where TReader : struct, IMessageReader<T> => new ProbeStreamingSource<T>(Forms.LogOf(context)) { Form = Form.Message };

    public static ISource<T> CreateCsvSource<T, TReader>(SourceContext context, FileStreamingSourceAttribute attribute)
        where TReader : struct, ICsvRowReader<T> => new ProbeStreamingSource<T>(Forms.LogOf(context)) { Form = Form.Csv };

    public static ISource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileStreamingSourceAttribute attribute)
        where TReader : struct, IJsonRowReader<T> => new ProbeStreamingSource<T>(Forms.LogOf(context)) { Form = Form.JsonLines };
}

[Pipeline]
public sealed partial class ClassProbes
{
    [Source<AskingSource<Probe>>]
    public partial Stream<Probe> Asking { get; }

    [Source<ProbeColumnSource<Probe>>]
    public partial Stream<Probe> Columns { get; }

    [Source<ProbeStreamingSource<Probe>>]
    public partial Stream<Probe> Streaming { get; }

    [Union(nameof(Asking), nameof(Columns), nameof(Streaming))]
    public partial Stream<Probe> All { get; }

    [Apply<NumberOf>(nameof(All))]
    [Sink<Discard<int>>]
    public partial Stream<int> Numbers { get; }
}

[Pipeline]
public sealed partial class MessageProbes
{
    [MessageAskingSource]
    public partial Stream<Probe> Asking { get; }

    [MessageColumnSource]
    public partial Stream<Probe> Columns { get; }

    [MessageStreamingSource]
    public partial Stream<Probe> Streaming { get; }

    [Union(nameof(Asking), nameof(Columns), nameof(Streaming))]
    public partial Stream<Probe> All { get; }

    [Apply<NumberOf>(nameof(All))]
    [Sink<Discard<int>>]
    public partial Stream<int> Numbers { get; }
}

[Pipeline]
public sealed partial class CsvProbes
{
    [FileAskingSource("asking.csv")]
    public partial Stream<Probe> Asking { get; }

    [FileColumnSource("columns.csv")]
    public partial Stream<Probe> Columns { get; }

    [FileStreamingSource("streaming.csv")]
    public partial Stream<Probe> Streaming { get; }

    [Union(nameof(Asking), nameof(Columns), nameof(Streaming))]
    public partial Stream<Probe> All { get; }

    [Apply<NumberOf>(nameof(All))]
    [Sink<Discard<int>>]
    public partial Stream<int> Numbers { get; }
}

[Pipeline]
public sealed partial class JsonLinesProbes
{
    [FileAskingSource("asking.jsonl")]
    public partial Stream<Probe> Asking { get; }

    [FileColumnSource("columns.jsonl")]
    public partial Stream<Probe> Columns { get; }

    [FileStreamingSource("streaming.jsonl")]
    public partial Stream<Probe> Streaming { get; }

    [Union(nameof(Asking), nameof(Columns), nameof(Streaming))]
    public partial Stream<Probe> All { get; }

    [Apply<NumberOf>(nameof(All))]
    [Sink<Discard<int>>]
    public partial Stream<int> Numbers { get; }
}

/// <summary>Forgets its rows.</summary>
public sealed class Discard<T> : ISink<T>
{
    public ISinkWriter<T> OpenWriter(int subtask) => new Writer();

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;

    private sealed class Writer : ISinkWriter<T>
    {
        public void Write(Batch<T> batch, long checkpoint)
        {
            // The rows are of no interest.
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
