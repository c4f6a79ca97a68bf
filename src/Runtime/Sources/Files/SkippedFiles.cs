using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Telemetry;

namespace Penstock.Sources.Files;

/// <summary>The files of a source that are to be read no further, because they cannot be read. They are listed in configuration.</summary>
/// <param name="sourceId">The id of the source.</param>
/// <param name="paths">The paths. For a file that is not an object in a store, any path that leads to it without links.</param>
/// <param name="log">The logger.</param>
internal sealed class SkippedFiles(string sourceId, IReadOnlyList<string> paths, ILogger log)
{
    private const int MaxListed = 5;

    private readonly HashSet<string> _whole = new(paths.Select(Whole), StringComparer.Ordinal);

    /// <summary>
    /// Returns a reader that has ended for a range of a file that is skipped, or null for other files. Does not open the file.
    /// </summary>
    /// <param name="range">The range.</param>
    /// <param name="position">The saved position in the range.</param>
    public ISplitReader<T>? Find<T>(FileSplit range, ReadOnlySpan<byte> position)
    {
        if (!_whole.Contains(Whole(range.Path)))
        {
            return null;
        }

        log.FileSkipped(sourceId, range.Path, FileSplitReader<T>.PositionOf(range, position));
        return new SkippedFileReader<T>(range.Path, position.ToArray());
    }

    /// <summary>
    /// Logs a warning for each path that is not a file of the source, because a misspelt path would silently have no effect.
    /// </summary>
    /// <param name="files">The files that were found.</param>
    public void WarnOfOthers(IReadOnlyList<InputFile> files)
    {
        var found = files.Select(static file => Whole(file.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths.Where(path => !found.Contains(Whole(path))))
        {
            var listed = string.Join(", ", files.Take(MaxListed).Select(static file => $"'{file.Path}'"));
            var more = files.Count > MaxListed ? $" and {files.Count - MaxListed} more" : "";
            log.NoFileSkipped(sourceId, path, files.Count == 0 ? "none yet" : listed + more);
        }
    }

    // The name of an object is used as it is; a file may have several paths.
    private static string Whole(string path) => path.Contains("://", StringComparison.Ordinal) ? path : Path.GetFullPath(path);
}
