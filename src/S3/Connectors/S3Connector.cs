using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Formats;
using Penstock.Hosting;
using Penstock.Sinks.Files;
using Penstock.Sources.Files;

namespace Penstock.S3;

/// <summary>Creates the connectors of this package. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class S3Connector
{
    private const int MinBlock = 256 * 1024;

    /// <summary>Creates a CSV source.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">The context of the connector.</param>
    /// <param name="attribute">The attribute of the stream.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">The configuration of the connector is invalid.</exception>
    public static ISource<T> CreateCsvSource<T, TReader>(SourceContext context, S3SourceAttribute attribute)
        where TReader : struct, ICsvRowReader<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        var settings = SettingsOf(attribute);
        return IsElsewhere(context.Options.Path)
            ? context.Csv<T, TReader>(settings)
            : FileSources.Csv<T, TReader>(context, OptionsOf(context, settings));
    }

    /// <summary>Creates a JSON Lines source.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="context">The context of the connector.</param>
    /// <param name="attribute">The attribute of the stream.</param>
    /// <returns>The source.</returns>
    /// <exception cref="PipelineException">The configuration of the connector is invalid.</exception>
    public static ISource<T> CreateJsonLinesSource<T, TReader>(SourceContext context, S3SourceAttribute attribute)
        where TReader : struct, IJsonRowReader<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        var settings = SettingsOf(attribute);
        return IsElsewhere(context.Options.Path)
            ? context.JsonLines<T, TReader>(settings)
            : FileSources.JsonLines<T, TReader>(context, OptionsOf(context, settings));
    }

    /// <summary>Creates a sink.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="context">The context of the connector.</param>
    /// <param name="attribute">The attribute of the stream.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="PipelineException">The configuration of the connector is invalid.</exception>
    public static ISink<T> CreateSink<T, TWriter>(SinkContext context, S3SinkAttribute attribute)
        where TWriter : struct, IRowWriter<T>
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(attribute);
        var settings = new FileSinkSettings(attribute.Path, SizeOf(attribute.RollSize));
        return IsElsewhere(context.Options.Path) ? context.File<T, TWriter>(settings) : Sink<T, TWriter>(context, settings);
    }

    internal static FileSourceOptions OptionsOf(SourceContext context, FileSourceSettings settings)
    {
        var options = context.Files(settings);
        var access = S3Access.Of(context.Services);

        // A block is much smaller than a split, so little of the read-ahead is wasted at the end of a range.
        var blockSize = (int)Math.Clamp(options.SplitSize / 8, MinBlock, access.Options.PartSize);
        return options with { Input = new S3Input(access, context.Id, blockSize) };
    }

    internal static FileSink<T, TWriter> Sink<T, TWriter>(SinkContext context, FileSinkSettings settings)
        where TWriter : struct, IRowWriter<T>
    {
        var options = context.Files(settings);
        var access = S3Access.Of(context.Services);
        return new FileSink<T, TWriter>(options, () => new S3PartStore(access, options.Path));
    }

    // Configuration can redirect the same pipeline to files.
    private static bool IsElsewhere(string? path) => path != null && !S3Path.Is(path);

    private static FileSourceSettings SettingsOf(S3SourceAttribute attribute) =>
        new(
            attribute.Path,
            SizeOf(attribute.SplitSize),
            attribute.Delimiter,
            attribute.MultiLine,
            attribute.Poll is { } poll ? MicrosOf(poll) : null);

    // The compiler has already checked the text.
    private static long MicrosOf(string duration) => SettingText.ParseDuration(duration) is { } time
        ? (long)time.TotalMicroseconds
        : throw new ArgumentException(SettingText.DurationForm, nameof(duration));

    private static long SizeOf(string size) =>
        SettingText.ParseSize(size) ?? throw new ArgumentException(SettingText.SizeForm, nameof(size));
}
