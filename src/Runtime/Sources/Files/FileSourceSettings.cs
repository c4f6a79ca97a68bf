using System.ComponentModel;

namespace Penstock.Sources.Files;

/// <summary>What a pipeline says about the files of a source. Configuration can override each value.</summary>
/// <param name="path">A file, a folder, or a glob; relative to the working directory.</param>
/// <param name="splitSize">The size in bytes above which a plain file is divided into splits, at least 1.</param>
/// <param name="delimiter">The character between the fields of a CSV file: ASCII, no quote, no line end.</param>
/// <param name="multiLine">Whether fields of CSV in quotes may hold line ends.</param>
/// <param name="pollMicros">How often to look for new files, in microseconds, more than 0; null to end with those that are there.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FileSourceSettings(string path, long splitSize, char delimiter = ',', bool multiLine = true, long? pollMicros = null)
{
    /// <summary>A file, a folder, or a glob; relative to the working directory.</summary>
    public string Path { get; } = path;

    /// <summary>The character between the fields of a CSV file.</summary>
    public char Delimiter { get; } = delimiter;

    /// <summary>The size in bytes above which a plain file is divided into splits.</summary>
    public long SplitSize { get; } = splitSize;

    /// <summary>Whether fields of CSV in quotes may hold line ends.</summary>
    public bool MultiLine { get; } = multiLine;

    /// <summary>How often to look for new files; null to end with those that are there.</summary>
    public TimeSpan? Poll { get; } = pollMicros is { } micros ? TimeSpan.FromMicroseconds(micros) : null;
}
