using System.Globalization;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>A range of a file, from the start of one row to the start of another.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">The offset of the first row; 0 at the start of the file, before its header.</param>
/// <param name="End">The offset behind the last row; <see cref="long.MaxValue"/> when the file is not divided.</param>
internal readonly record struct FileSplit(string Path, long Start, long End)
{
    /// <summary>What the file held when it was found.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>
    /// The identity in checkpoints: the path, and the range where the file is divided, or where its name ends as if it were.
    /// </summary>
    public string Id => End == long.MaxValue && Parse(Path).End == long.MaxValue
        ? Path
        : string.Create(CultureInfo.InvariantCulture, $"{Path}#{Start}-{End}");

    /// <summary>The range that a split of a source stands for.</summary>
    public static FileSplit Of(SourceSplit split) => Parse(split.Id) with { Fingerprint = split.Fingerprint };

    /// <summary>Reads an identity back.</summary>
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
