using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Sinks.Files;
using Penstock.Sources.Files;

namespace Penstock.S3;

/// <summary>Reads and writes objects for file sources and sinks whose configured path is <c>s3://…</c>.</summary>
internal sealed class S3RowConnectorProvider : IRowConnectorProvider
{
    public string Scheme => S3Location.Scheme;

    public ISource<T> CreateCsvSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, ICsvRowReader<T> => FileSources.Csv<T, TReader>(context, S3Connector.OptionsOf(context, settings));

    public ISource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, IJsonRowReader<T> => FileSources.JsonLines<T, TReader>(context, S3Connector.OptionsOf(context, settings));

    public ISink<T> CreateSink<T, TWriter>(SinkContext context, FileSinkSettings settings)
        where TWriter : struct, IRowWriter<T> => S3Connector.Sink<T, TWriter>(context, settings);
}
