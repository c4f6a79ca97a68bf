using System.ComponentModel;

namespace Penstock.Sinks.Files;

/// <summary>The settings of the part files of a sink, from the attributes of the pipeline. Configuration can override each value.</summary>
/// <param name="path">The folder and name of the part files, such as <c>out/delays.csv</c>; relative to the working directory.</param>
/// <param name="rollSize">The size in bytes at which a part is closed and the next one started, at least 1.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FileSinkSettings(string path, long rollSize = 256 * 1024 * 1024)
{
    /// <summary>The folder and name of the part files.</summary>
    public string Path { get; } = path;

    /// <summary>The size in bytes at which a part is closed and the next one started.</summary>
    public long RollSize { get; } = rollSize;
}
