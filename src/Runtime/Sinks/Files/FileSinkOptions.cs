using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Generator.Shared;
using Penstock.Threads;

namespace Penstock.Sinks.Files;

/// <summary>The options of the part files of a sink: the settings of the pipeline, overridden by configuration.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FileSinkOptions
{
    internal const int UsualBuffer = 128 * 1024;

    /// <summary>Creates the options from the settings of the pipeline.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="fileSystem">The file system to write to.</param>
    public FileSinkOptions(FileSinkSettings settings, IFileSystem fileSystem)
    {
        Path = settings.Path;
        RollSize = settings.RollSize;
        FileSystem = fileSystem;
    }

    /// <summary>
    /// The folder and name of the part files, such as <c>out/delays.csv</c>. With the suffix <c>.gz</c> they are compressed.
    /// </summary>
    public string Path
    {
        get;
        init => field = PartFileName.FindProblem(System.IO.Path.GetFileName(value), OperatingSystem.IsWindows()) is { } reason
            ? throw new PipelineException(ErrorCodes.ImpossiblePath, $"The path '{value}' of a file sink is not possible: {reason}.")
            : value;
    }

    /// <summary>Indicates whether the parts are compressed.</summary>
    internal bool IsCompressed => FileNameFormat.IsCompressed(Path);

    /// <summary>The size in bytes at which a part is closed and the next one started, at least 1.</summary>
    public long RollSize
    {
        get;
        init => field = value > 0
            ? value
            : throw new PipelineException(
                ErrorCodes.ImpossibleValue,
                $"The roll size {value} of a file sink is not possible: it must be at least 1 byte.");
    }

    /// <summary>The file system to write to.</summary>
    public IFileSystem FileSystem { get; init; }

    /// <summary>Runs the work of closing files.</summary>
    internal IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>
    /// The number in the hidden file names of this node: 0 on the first node, random on another one, because that node may still be running
    /// beside its successor.
    /// </summary>
    internal int Writer { get; init; }

    /// <summary>The number of bytes that are collected before they are written to the file.</summary>
    internal int Buffer { get; init; } = UsualBuffer;
}
