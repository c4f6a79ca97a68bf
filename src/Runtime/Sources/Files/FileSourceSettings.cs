using System.ComponentModel;

namespace Penstock.Sources.Files;

/// <summary>The settings of the files of a source, from the attributes of the pipeline. Configuration can override each value.</summary>
/// <param name="path">A file, a folder, or a glob; relative to the working directory.</param>
/// <param name="splitSize">The size in bytes above which an uncompressed file is divided into splits, at least 1.</param>
/// <param name="delimiter">The field delimiter of a CSV file: an ASCII character other than a quote or a line break.</param>
/// <param name="multiLine"><c>true</c> if quoted CSV fields may contain line breaks.</param>
/// <param name="pollMicros">
/// The interval at which to look for new files in microseconds, more than 0, or null to end after the existing ones.
/// </param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FileSourceSettings(string path, long splitSize, char delimiter = ',', bool multiLine = true, long? pollMicros = null)
{
    /// <summary>A file, a folder, or a glob; relative to the working directory.</summary>
    public string Path { get; } = path;

    /// <summary>The field delimiter of a CSV file.</summary>
    public char Delimiter { get; } = delimiter;

    /// <summary>The size in bytes above which an uncompressed file is divided into splits.</summary>
    public long SplitSize { get; } = splitSize;

    /// <summary>Indicates whether quoted CSV fields may contain line breaks.</summary>
    public bool MultiLine { get; } = multiLine;

    /// <summary>The interval at which to look for new files, or null to end after the existing ones.</summary>
    public TimeSpan? Poll { get; } = pollMicros is { } micros ? TimeSpan.FromMicroseconds(micros) : null;
}
