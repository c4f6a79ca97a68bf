using System.ComponentModel;
using Penstock.Formats;
using Penstock.Sinks;
using Penstock.Sinks.Files;
using Penstock.Threads;

namespace Penstock.Connectors;

/// <summary>What a sink is created from.</summary>
/// <param name="Id">The id of the sink.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the sink.</param>
/// <param name="FileSystem">The files that it may write.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record SinkContext(string Id, string PipelineName, IServiceProvider Services, SinkOptions Options, IFileSystem FileSystem)
    : ConnectorContext(Id, PipelineName, Services, Options.Settings, FileSystem)
{
    /// <summary>Where output can be kept until its checkpoint is committed.</summary>
    public required SinkSpool Spool { get; init; }

    /// <summary>Where files are closed.</summary>
    internal IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>
    /// The number in the hidden names of files of this node: 0 on the first one, and by chance on another one, which may live on beside its
    /// successor.
    /// </summary>
    internal int Writer { get; init; }

    /// <summary>Creates the sink of a stream that the pipeline writes to files, unless configuration has it elsewhere.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The sink.</returns>
    public ISink<T> File<T, TWriter>(FileSinkSettings settings)
        where TWriter : struct, IRowWriter<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        var path = Options.Path ?? settings.Path;
        return RowConnectorProviders.Of(Services, PipelineName, Id, path)?.CreateSink<T, TWriter>(At(path), settings)
            ?? new FileSink<T, TWriter>(Files(settings));
    }

    /// <summary>The part files of a sink: what the pipeline says, overridden by configuration.</summary>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The options.</returns>
    public FileSinkOptions Files(FileSinkSettings settings)
    {
        var options = new FileSinkOptions(settings, FileSystem);
        return options with
        {
            Path = Options.Path
            ?? options.Path,
            RollSize = Options.RollSize ?? options.RollSize,
            Background = Background,
            Writer = Writer
        };
    }

    // A provider takes the path from the options, whether it is that of the attribute or of the configuration.
    private SinkContext At(string path) => this with { Options = Options.At(path) };
}
