using Microsoft.Extensions.Logging;
using Penstock.Connectors;
using Penstock.Telemetry;

namespace Penstock.Sources.Files;

/// <summary>
/// The files of a source of which nothing more is to be read, because they cannot be: what is said of each is in configuration.
/// </summary>
/// <param name="sourceId">The id of the source.</param>
/// <param name="paths">Their paths; of a file that is no object in a store, any path that leads to it without links.</param>
/// <param name="log">Where each is told.</param>
internal sealed class SetAsideFiles(string sourceId, IReadOnlyList<string> paths, ILogger log)
{
    private const int MostListed = 5;

    private readonly HashSet<string> _whole = new(paths.Select(Whole), StringComparer.Ordinal);

    /// <summary>
    /// A reader that is at its end, for a range of a file that is set aside; null for other files. The file is not opened.
    /// </summary>
    /// <param name="range">The range.</param>
    /// <param name="position">How far it was read.</param>
    public ISplitReader<T>? Find<T>(FileSplit range, ReadOnlySpan<byte> position)
    {
        if (!_whole.Contains(Whole(range.Path)))
        {
            return null;
        }

        log.FileSetAside(sourceId, range.Path, FileSplitReader<T>.PositionOf(range, position));
        return new SetAsideReader<T>(range.Path, position.ToArray());
    }

    /// <summary>
    /// Warns of each path that is none of the files that the source has: a slip of the pen would otherwise set nothing aside without a
    /// word.
    /// </summary>
    /// <param name="files">The files that were found.</param>
    public void WarnOfOthers(IReadOnlyList<InputFile> files)
    {
        var found = files.Select(static file => Whole(file.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in paths.Where(path => !found.Contains(Whole(path))))
        {
            var listed = string.Join(", ", files.Take(MostListed).Select(static file => $"'{file.Path}'"));
            var more = files.Count > MostListed ? $" and {files.Count - MostListed} more" : "";
            log.NothingSetAside(sourceId, path, files.Count == 0 ? "none yet" : listed + more);
        }
    }

    // The name of an object is what it is; that of a file may be written in more than one way.
    private static string Whole(string path) => path.Contains("://", StringComparison.Ordinal) ? path : Path.GetFullPath(path);
}
