using Penstock.Formats;
using Penstock.Generator.Shared;
using Penstock.Sinks.Files;
using Penstock.Sources.Files;

namespace Penstock.Connectors;

/// <summary>
/// Creates the connectors for locations of one scheme, such as <c>s3</c> or <c>kafka</c>, when the configured <c>Path</c> of a file source
/// or file sink is such a location. The same pipeline can then read files, objects and topics. Registered as a service of the host.
/// A provider applies each setting of the attributes that affects rows, such as the delimiter, or refuses it.
/// </summary>
public interface IRowConnectorProvider
{
    /// <summary>The scheme, without the colon.</summary>
    string Scheme { get; }

    /// <summary>Creates a source of CSV rows.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">The context of the source; its path is the location.</param>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">The location is not valid for this scheme.</exception>
    ISource<T> CreateCsvSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, ICsvRowReader<T>;

    /// <summary>Creates a source of JSON rows.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">The context of the source; its path is the location.</param>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">The location is not valid for this scheme.</exception>
    ISource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, IJsonRowReader<T>;

    /// <summary>Creates a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="context">The context of the sink; its path is the location.</param>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="PipelineException">The location is not valid for this scheme.</exception>
    ISink<T> CreateSink<T, TWriter>(SinkContext context, FileSinkSettings settings)
        where TWriter : struct, IRowWriter<T>;
}

/// <summary>Finds the provider for a path.</summary>
internal static class RowConnectorProviders
{
    /// <summary>Returns the provider for the scheme of a path.</summary>
    /// <returns>The provider, or null if the path is a file path.</returns>
    /// <exception cref="PipelineException">No provider is registered for the scheme.</exception>
    public static IRowConnectorProvider? Of(IServiceProvider services, string pipeline, string connector, string? path)
    {
        if (NormalizedPath.SchemeOf(path) is not { } scheme)
        {
            return null;
        }

        return (services.GetService(typeof(IEnumerable<IRowConnectorProvider>)) as IEnumerable<IRowConnectorProvider>)?
            .FirstOrDefault(provider => provider.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase))
            ?? throw new PipelineException(
                ErrorCodes.SchemeUnknown,
                $"Pipeline '{pipeline}': no provider is registered for "
                    + $"'{scheme}{NormalizedPath.SchemeSeparator}' (the path of '{connector}' is '{path}'). Add the package for it and its "
                    + $"services, or set a file.");
    }
}
