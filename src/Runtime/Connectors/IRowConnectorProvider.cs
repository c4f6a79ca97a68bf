using Penstock.Formats;
using Penstock.Generator.Shared;
using Penstock.Sinks.Files;
using Penstock.Sources.Files;

namespace Penstock.Connectors;

/// <summary>
/// Creates the connectors for locations of one scheme, such as <c>s3</c> or <c>kafka</c>, where the configuration of a file source or file
/// sink names one as its <c>Path</c>: so one and the same pipeline reads files, objects and topics. Registered as a service of the host.
/// </summary>
public interface IRowConnectorProvider
{
    /// <summary>The scheme, without the colon.</summary>
    string Scheme { get; }

    /// <summary>Creates a source of CSV.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">What it is created from; the location is its path.</param>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">The location is none of this scheme's.</exception>
    ISource<T> CreateCsvSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, ICsvRowReader<T>;

    /// <summary>Creates a source of JSON.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">What it is created from; the location is its path.</param>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">The location is none of this scheme's.</exception>
    ISource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, FileSourceSettings settings)
        where TReader : struct, IJsonRowReader<T>;

    /// <summary>Creates a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="context">What it is created from; the location is its path.</param>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="PipelineException">The location is none of this scheme's.</exception>
    ISink<T> CreateSink<T, TWriter>(SinkContext context, FileSinkSettings settings)
        where TWriter : struct, IRowWriter<T>;
}

/// <summary>Finds the provider for a path.</summary>
internal static class RowConnectorProviders
{
    /// <summary>The provider for the scheme of a path.</summary>
    /// <returns>The provider; null where the path is one of files.</returns>
    /// <exception cref="PipelineException">Nothing is registered for the scheme.</exception>
    public static IRowConnectorProvider? Of(IServiceProvider services, string pipeline, string connector, string? path)
    {
        if (WrittenPath.SchemeOf(path) is not { } scheme)
        {
            return null;
        }

        return (services.GetService(typeof(IEnumerable<IRowConnectorProvider>)) as IEnumerable<IRowConnectorProvider>)?
            .FirstOrDefault(provider => provider.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase))
            ?? throw new PipelineException(
                ErrorCodes.SchemeUnknown,
                $"Pipeline '{pipeline}': nothing is registered that reads or writes "
                    + $"'{scheme}{WrittenPath.SchemeSeparator}' (the path of '{connector}' is '{path}'). Add the package for it and its "
                    + $"services, or set a file.");
    }
}
