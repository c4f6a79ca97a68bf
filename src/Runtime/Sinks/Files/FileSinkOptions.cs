using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Generator.Shared;
using Penstock.Threads;

namespace Penstock.Sinks.Files;

/// <summary>The part files of a sink, as the pipeline and its configuration together say.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FileSinkOptions
{
    /// <summary>Creates the options that the pipeline's own settings give.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="fileSystem">Where the files go.</param>
    public FileSinkOptions(FileSinkSettings settings, IFileSystem fileSystem)
    {
        Path = settings.Path;
        RollSize = settings.RollSize;
        FileSystem = fileSystem;
    }

    /// <summary>
    /// The folder and name of the part files, such as <c>out/delays.csv</c>; with <c>.gz</c> behind it they are compressed.
    /// </summary>
    public string Path
    {
        get;
        init => field = PartFileName.WhyNot(System.IO.Path.GetFileName(value), OperatingSystem.IsWindows()) is { } reason
            ? throw new PipelineException(ErrorCodes.ImpossiblePath, $"The path '{value}' of a file sink is not possible: {reason}.")
            : value;
    }

    /// <summary>Whether the parts are compressed.</summary>
    internal bool IsCompressed => FileNameFormat.IsCompressed(Path);

    /// <summary>The size in bytes at which a part is closed and the next one begun, at least 1.</summary>
    public long RollSize
    {
        get;
        init => field = value > 0
            ? value
            : throw new PipelineException(
                ErrorCodes.ImpossibleValue,
                $"The roll size {value} of a file sink is not possible: it must be at least 1 byte.");
    }

    /// <summary>Where the files go.</summary>
    public IFileSystem FileSystem { get; init; }

    /// <summary>Where they are closed.</summary>
    internal IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>
    /// The number in the hidden names of files of this node: 0 on the first one, and by chance on another one, which may live on beside its
    /// successor.
    /// </summary>
    internal int Writer { get; init; }
}
