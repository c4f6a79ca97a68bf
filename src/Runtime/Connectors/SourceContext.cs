using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Formats;
using Penstock.Sources.Files;
using Penstock.Telemetry;
using Penstock.Threads;

namespace Penstock.Connectors;

/// <summary>The context in which a source is created.</summary>
/// <param name="Id">The id of the source.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the source.</param>
/// <param name="FileSystem">The file system that it may read from.</param>
public sealed record SourceContext(string Id, string PipelineName, IServiceProvider Services, SourceOptions Options, IFileSystem FileSystem)
    : ConnectorContext(Id, PipelineName, Services, Options.Settings, FileSystem)
{
    /// <summary>The number of subtasks that read the source.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Indicates whether all subtasks that read the source run on one node.</summary>
    internal bool IsOnOneNode { get; init; } = true;

    /// <summary>Indicates whether the pipeline has already run in this process.</summary>
    internal bool IsRestart { get; init; }

    /// <summary>Runs the work of listing files.</summary>
    internal IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>Objects that the subtasks of the source share, by type.</summary>
    internal Dictionary<Type, object> Shared { get; init; } = [];

    /// <summary>The policy for rows that cannot be read. It determines which parts of them are worth keeping.</summary>
    public BadRowPolicy OnBadRow { get; init; }

    /// <summary>Test input that replaces the input of the source; null outside of tests. The source ends after it.</summary>
    internal ISentInput? Sent { get; init; }

    /// <summary>Creates the source of a stream that the pipeline reads from messages.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="create">Creates the source through its connector.</param>
    /// <returns>The source.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ISource<T> Messages<T, TReader>(Func<SourceContext, ISource<T>> create)
        where TReader : struct, IMessageReader<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return Sent == null ? create(this)
            : Sent.OpenMessages<T, TReader>(Id, Time)
            ?? throw new ArgumentException($"Source '{Id}' of pipeline '{PipelineName}' reads messages and no files: send messages.");
    }

    /// <summary>
    /// Creates the source of a stream that the pipeline reads from CSV files. The configuration may name another location.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The source.</returns>
    public ISource<T> Csv<T, TReader>(FileSourceSettings settings)
        where TReader : struct, ICsvRowReader<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        var path = Options.Path ?? settings.Path;
        return RowConnectorProviders.Of(Services, PipelineName, Id, path)?.CreateCsvSource<T, TReader>(At(path), settings)
            ?? FileSources.Csv<T, TReader>(this, Files(settings));
    }

    /// <summary>
    /// Creates the source of a stream that the pipeline reads from JSON Lines files. The configuration may name another location.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The source.</returns>
    public ISource<T> JsonLines<T, TReader>(FileSourceSettings settings)
        where TReader : struct, IJsonRowReader<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        var path = Options.Path ?? settings.Path;
        return RowConnectorProviders.Of(Services, PipelineName, Id, path)?.CreateJsonLinesSource<T, TReader>(At(path), settings)
            ?? FileSources.JsonLines<T, TReader>(this, Files(settings));
    }

    /// <summary>Indicates whether the source has read its file options.</summary>
    internal bool ReadsFiles
    {
        get => _readsFiles.Value;
        private set => _readsFiles.Value = value;
    }

    // Shared by all copies of the context.
    private readonly StrongBox<bool> _readsFiles = new();

    /// <summary>Returns an object that the subtasks of the source share; the first caller creates it.</summary>
    internal T Share<T>(Func<T> create)
        where T : class
    {
        if (!Shared.TryGetValue(typeof(T), out var shared))
        {
            Shared[typeof(T)] = shared = create();
        }

        return (T)shared;
    }

    /// <summary>Returns the options of the files: the settings of the pipeline, overridden by configuration.</summary>
    /// <param name="settings">The settings from the pipeline's attributes.</param>
    /// <returns>The options.</returns>
    public FileSourceOptions Files(FileSourceSettings settings)
    {
        ReadsFiles = true;
        if (Sent is { IsMessages: true })
        {
            throw new ArgumentException($"Source '{Id}' of pipeline '{PipelineName}' reads files and no messages: send text or files.");
        }

        var options = new FileSourceOptions(settings, FileSystem);
        options = options with { Input = new FolderInput(FileSystem, path => Log.FileGone(Id, path)) };
        return options with
        {
            Path = Options.Path ?? options.Path,
            SplitSize = Options.SplitSize ?? options.SplitSize,
            MultiLine = Options.MultiLine ?? options.MultiLine,
            Poll = Options.Poll ?? options.Poll,
            SetAside = Options.SetAside is { } paths ? new SetAsideFiles(Id, paths, Log) : null
        };
    }

    // A provider reads the path from the options, so the path of the attribute is copied there, too.
    private SourceContext At(string path) => this with { Options = Options.At(path) };
}
