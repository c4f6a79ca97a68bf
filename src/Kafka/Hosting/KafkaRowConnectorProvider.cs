using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Kafka.Sinks;
using Penstock.Kafka.Sources;
using Penstock.Sinks.Files;
using Penstock.Sources.Files;

namespace Penstock.Kafka;

/// <summary>
/// Reads and writes topics in place of a pipeline's files: each message is a row of the file, without a header, a key or a line end.
/// The delimiter of the files applies to messages. The other settings of an attribute say how files are divided and found, which has no
/// counterpart in a topic; the start refuses them in configuration.
/// </summary>
internal sealed class KafkaRowConnectorProvider : IRowConnectorProvider
{
    public string Scheme => KafkaLocation.Scheme;

    public ISource<T> CreateCsvSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, ICsvRowReader<T> => CreateSource<T, CsvReader<T, TReader>>(context, settings);

    public ISource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, IJsonRowReader<T> => CreateSource<T, JsonReader<T, TReader>>(context, settings);

    public ISink<T> CreateSink<T, TWriter>(SinkContext context, FileSinkSettings settings)
        where TWriter : struct, IRowWriter<T>
    {
        var location = KafkaLocation.Parse(context.Options.Path!);
        DefaultBrokers(context.Settings, location.Brokers);
        return new KafkaSink<T, Writer<T, TWriter>>(new KafkaSinkSettings(new KafkaSinkAttribute(location.Topic), context), context);
    }

    private static KafkaSource<T, TReader> CreateSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, IMessageReader<T>
    {
        // Refuses a delimiter that is not possible.
        var delimiter = (byte)new FileSourceOptions(settings, context.FileSystem).Delimiter;
        var location = KafkaLocation.Parse(context.Options.Path!);
        DefaultBrokers(context.Settings, location.Brokers);
        return new KafkaSource<T, TReader>(new KafkaSourceSettings(new KafkaSourceAttribute(location.Topic), context), context, delimiter);
    }

    // Brokers that are configured for the sink or source take precedence over those of the path.
    private static void DefaultBrokers(ConnectorSettings settings, string brokers)
    {
        if (!settings.GetSection("Client").Keys.Any(static key => ClientProperties.NameOf(key) == "bootstrap.servers"))
        {
            settings["Client:bootstrap.servers"] = brokers;
        }
    }

    private readonly struct CsvReader<T, TReader> : IMessageReader<T>
        where TReader : struct, ICsvRowReader<T>
    {
        public static TextColumn[] Columns => TReader.Columns;

        public static MetadataColumn[] Metadata => [];

        public static bool TryRead(MessageFields message, out T row) => message.TryReadCsv<T, TReader>(out row);
    }

    private readonly struct JsonReader<T, TReader> : IMessageReader<T>
        where TReader : struct, IJsonRowReader<T>
    {
        public static TextColumn[] Columns => TReader.Columns;

        public static MetadataColumn[] Metadata => [];

        public static bool TryRead(MessageFields message, out T row) => message.TryReadJson<T, TReader>(out row);
    }

    private readonly struct Writer<T, TWriter> : IMessageWriter<T>
        where TWriter : struct, IRowWriter<T>
    {
        public static string[] Headers => [];

        public static bool WriteKey(Utf8Buffer output, in T row) => false;

        public static bool WriteValue(Utf8Buffer output, in T row, RowKind kind) => MessageText.WriteRow<T, TWriter>(output, in row, kind);

        public static bool WriteHeader(Utf8Buffer output, int header, in T row) => false;

        public static long? TimestampOf(in T row) => null;
    }
}
