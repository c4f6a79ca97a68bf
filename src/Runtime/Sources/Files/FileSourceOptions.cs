using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>The options of the files of a source: the settings of the pipeline, overridden by configuration.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FileSourceOptions
{
    /// <summary>Creates the options from the settings of the pipeline.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="fileSystem">The file system that contains the files.</param>
    public FileSourceOptions(FileSourceSettings settings, IFileSystem fileSystem)
    {
        Path = settings.Path;
        Delimiter = settings.Delimiter;
        SplitSize = settings.SplitSize;
        MultiLine = settings.MultiLine;
        Poll = settings.Poll;
        Input = new FolderInput(fileSystem);
    }

    /// <summary>A file, a folder, or a glob; relative to the working directory.</summary>
    public string Path { get; init; }

    /// <summary>The field delimiter of a CSV file: an ASCII character other than a quote or a line break.</summary>
    public char Delimiter
    {
        get;
        init => field = char.IsAscii(value) && value is not ('"' or '\r' or '\n' or '\0')
            ? value
            : throw new PipelineException(
                ErrorCodes.ImpossibleValue,
                $"The delimiter '{value}' of a CSV source is not possible: it must be an ASCII character other than a quote or a line "
                    + $"end.");
    }

    /// <summary>The size in bytes above which an uncompressed file is divided into splits, at least 1.</summary>
    public long SplitSize
    {
        get;
        init => field = value > 0
            ? value
            : throw new PipelineException(
                ErrorCodes.ImpossibleValue,
                $"The split size {value} of a file source is not possible: it must be at least 1 byte.");
    }

    /// <summary>
    /// Indicates whether quoted CSV fields may contain line breaks. If not, files are divided without reading them first.
    /// </summary>
    public bool MultiLine { get; init; }

    /// <summary>The interval at which to look for new files, or null to end after the existing ones.</summary>
    public TimeSpan? Poll { get; init; }

    /// <summary>The store of the files.</summary>
    public IInputFiles Input { get; init; }

    /// <summary>The files to stop reading, or null if there are none.</summary>
    internal SkippedFiles? SkipFiles { get; init; }

    /// <summary>The number of bytes per read; small enough for a processor cache.</summary>
    internal int BufferSize { get; init; } = 256 * 1024;
}
