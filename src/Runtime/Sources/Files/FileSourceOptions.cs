using System.ComponentModel;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>The files of a source, as the pipeline and its configuration together say.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record FileSourceOptions
{
    /// <summary>Creates the options that the pipeline's own settings give.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="fileSystem">Where the files are.</param>
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

    /// <summary>The character between the fields of a CSV file: ASCII, no quote, no line end.</summary>
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

    /// <summary>The size in bytes above which a plain file is divided into splits, at least 1.</summary>
    public long SplitSize
    {
        get;
        init => field = value > 0
            ? value
            : throw new PipelineException(
                ErrorCodes.ImpossibleValue,
                $"The split size {value} of a file source is not possible: it must be at least 1 byte.");
    }

    /// <summary>Whether fields of CSV in quotes may hold line ends. If not, files are divided without reading them first.</summary>
    public bool MultiLine { get; init; }

    /// <summary>How often to look for new files; null to end with those that are there.</summary>
    public TimeSpan? Poll { get; init; }

    /// <summary>Where the files are.</summary>
    public IInputFiles Input { get; init; }

    /// <summary>The files of which nothing more is read; null where there are none.</summary>
    internal SetAsideFiles? SetAside { get; init; }

    /// <summary>How many bytes are read at once; small enough to stay in a cache near the processor.</summary>
    internal int BufferSize { get; init; } = 256 * 1024;
}
