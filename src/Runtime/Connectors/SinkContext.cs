using System.Runtime.CompilerServices;
using Penstock.Formats;
using Penstock.Sinks;
using Penstock.Sinks.Files;
using Penstock.Threads;

namespace Penstock.Connectors;

/// <summary>The context in which a sink is created.</summary>
/// <param name="Id">The id of the sink.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the sink.</param>
/// <param name="FileSystem">The file system that it may write to.</param>
public sealed record SinkContext(string Id, string PipelineName, IServiceProvider Services, SinkOptions Options, IFileSystem FileSystem)
    : ConnectorContext(Id, PipelineName, Services, Options.Settings, FileSystem)
{
    /// <summary>Keeps output until its checkpoint is committed.</summary>
    public required SinkSpool Spool { get; init; }

    /// <summary>Runs the work of closing files.</summary>
    internal IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>
    /// The number in the hidden file names of this node: 0 on the first node, random on another one, because that node may still be running
    /// beside its successor.
    /// </summary>
    internal int Writer { get; init; }

    /// <summary>The number of bytes that a sink collects before it writes them to its file; null for its usual number.</summary>
    internal int? FileBuffer { get; init; }

    /// <summary>Creates the sink of a stream that the pipeline writes to files. The configuration may name another location.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TWriter">The generated writer.</typeparam>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The sink.</returns>
    public ISink<T> File<T, TWriter>(FileSinkSettings settings)
        where TWriter : struct, IRowWriter<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        var path = Options.Path ?? settings.Path;
        return RowConnectorProviders.Of(Services, PipelineName, Id, path)?.CreateSink<T, TWriter>(At(path), settings)
            ?? new FileSink<T, TWriter>(Files(settings));
    }

    /// <summary>Indicates whether the sink has read its file options.</summary>
    internal bool WritesFiles
    {
        get => _writesFiles.Value;
        private set => _writesFiles.Value = value;
    }

    // Shared by all copies of the context.
    private readonly StrongBox<bool> _writesFiles = new();

    /// <summary>Returns the options of the part files: the settings of the pipeline, overridden by configuration.</summary>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The options.</returns>
    public FileSinkOptions Files(FileSinkSettings settings)
    {
        WritesFiles = true;
        var options = new FileSinkOptions(settings, FileSystem);
        return options with
        {
            Path = Options.Path
            ?? options.Path,
            RollSize = Options.RollSize ?? options.RollSize,
            Background = Background,
            Writer = Writer,
            Buffer = FileBuffer ?? options.Buffer
        };
    }

    // A provider reads the path from the options, so the path of the attribute is copied there, too.
    private SinkContext At(string path) => this with { Options = Options.At(path) };
}
