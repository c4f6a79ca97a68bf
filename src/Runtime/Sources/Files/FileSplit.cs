using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>A range of a file, from the start of one row to the start of another.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">The offset of the first row; 0 at the start of the file, before its header.</param>
/// <param name="End">The offset after the last row, or <see cref="long.MaxValue"/> if the file is not divided.</param>
internal readonly record struct FileSplit(string Path, long Start, long End)
{
    /// <summary>The fingerprint of the content when the file was found.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>
    /// The split id in checkpoints: the path, followed by the range if the file is divided, or if its path could be parsed as a range
    /// otherwise.
    /// </summary>
    public string Id => End == long.MaxValue && Parse(Path).End == long.MaxValue
        ? Path
        : string.Create(CultureInfo.InvariantCulture, $"{Path}#{Start}-{End}");

    /// <summary>Returns the file range of a split.</summary>
    public static FileSplit Of(SourceSplit split) => Parse(split.Id) with { Fingerprint = split.Fingerprint };

    /// <summary>Parses a split id.</summary>
    public static FileSplit Parse(string id)
    {
        var hash = id.LastIndexOf('#');
        var dash = id.LastIndexOf('-');
        return hash > 0 && dash > hash
            && long.TryParse(id.AsSpan(hash + 1, dash - hash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && long.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            ? new FileSplit(id[..hash], start, end)
            : new FileSplit(id, 0, long.MaxValue);
    }
}
