using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Formats;
using Penstock.Sources.Files;
using Penstock.Telemetry;
using Penstock.Threads;

namespace Penstock.Connectors;

/// <summary>What a source is created from.</summary>
/// <param name="Id">The id of the source.</param>
/// <param name="PipelineName">The name of the pipeline.</param>
/// <param name="Services">The services of the host.</param>
/// <param name="Options">The configuration of the source.</param>
/// <param name="FileSystem">The files that it may read.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record SourceContext(string Id, string PipelineName, IServiceProvider Services, SourceOptions Options, IFileSystem FileSystem)
    : ConnectorContext(Id, PipelineName, Services, Options.Settings, FileSystem)
{
    /// <summary>How many subtasks read the source.</summary>
    public required int Parallelism { get; init; }

    /// <summary>Whether all subtasks that read the source lie on one node.</summary>
    internal bool IsOnOneNode { get; init; } = true;

    /// <summary>Whether the pipeline has run before in this process.</summary>
    internal bool IsRestart { get; init; }

    /// <summary>Where files are listed.</summary>
    internal IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>What the subtasks of the source have in common, by its type.</summary>
    internal Dictionary<Type, object> Shared { get; init; } = [];

    /// <summary>What becomes of rows that cannot be read: what is worth keeping of them.</summary>
    public BadRowPolicy OnBadRow { get; init; }

    /// <summary>What a test sends in the place of what the source would read; null outside of tests. The source ends with it.</summary>
    internal ISentInput? Sent { get; init; }

    /// <summary>Creates the source of a stream that the pipeline reads from messages.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="create">Creates it by its connector.</param>
    /// <returns>The source.</returns>
    public ISource<T> Messages<T, TReader>(Func<SourceContext, ISource<T>> create)
        where TReader : struct, IMessageReader<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        return Sent == null ? create(this)
            : Sent.OpenMessages<T, TReader>(Id, Time)
            ?? throw new ArgumentException($"Source '{Id}' of pipeline '{PipelineName}' reads messages and no files: send messages.");
    }

    /// <summary>Creates the source of a stream that the pipeline reads from CSV files, unless configuration has it elsewhere.</summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="settings">What the pipeline says.</param>
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
    /// Creates the source of a stream that the pipeline reads from JSON Lines files, unless configuration has it elsewhere.
    /// </summary>
    /// <typeparam name="T">The row type.</typeparam>
    /// <typeparam name="TReader">The generated reader.</typeparam>
    /// <param name="settings">What the pipeline says.</param>
    /// <returns>The source.</returns>
    public ISource<T> JsonLines<T, TReader>(FileSourceSettings settings)
        where TReader : struct, IJsonRowReader<T>
    {
        ArgumentNullException.ThrowIfNull(settings);
        var path = Options.Path ?? settings.Path;
        return RowConnectorProviders.Of(Services, PipelineName, Id, path)?.CreateJsonLinesSource<T, TReader>(At(path), settings)
            ?? FileSources.JsonLines<T, TReader>(this, Files(settings));
    }

    /// <summary>Whether the source has asked for the options of files.</summary>
    internal bool ReadsFiles
    {
        get => _readsFiles.Value;
        private set => _readsFiles.Value = value;
    }

    // Copies of the context share it.
    private readonly StrongBox<bool> _readsFiles = new();

    /// <summary>What the subtasks of the source share: the first one makes it.</summary>
    internal T Share<T>(Func<T> create)
        where T : class
    {
        if (!Shared.TryGetValue(typeof(T), out var shared))
        {
            Shared[typeof(T)] = shared = create();
        }

        return (T)shared;
    }

    /// <summary>The files of a source: what the pipeline says, overridden by configuration.</summary>
    /// <param name="settings">What the pipeline says.</param>
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

    // A provider takes the path from the options, whether it is that of the attribute or of the configuration.
    private SourceContext At(string path) => this with { Options = Options.At(path) };
}
