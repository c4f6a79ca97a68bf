using Microsoft.Extensions.Logging;
using Penstock.Telemetry;

namespace Penstock.Sources.Files;

/// <summary>The files of a source of which nothing more is to be read, because they cannot be: what is said of each is in configuration.</summary>
/// <param name="sourceId">The id of the source.</param>
/// <param name="paths">Their paths.</param>
/// <param name="log">Where each is told.</param>
internal sealed class SetAsideFiles(string sourceId, IReadOnlyList<string> paths, ILogger log)
{
    /// <summary>A reader that is at its end, for a range of a file that is set aside; null for other files. The file is not opened.</summary>
    /// <param name="range">The range.</param>
    /// <param name="position">How far it was read.</param>
    public ISplitReader<T>? Find<T>(FileSplit range, ReadOnlySpan<byte> position)
    {
        if (!paths.Contains(range.Path))
        {
            return null;
        }

        log.FileSetAside(sourceId, range.Path, FileSplitReader<T>.PositionOf(range, position));
        return new SetAsideReader<T>(range.Path, position.ToArray());
    }
}
