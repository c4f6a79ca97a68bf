using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>Reads rows from JSON Lines files, one object per line, plain or gzipped.</summary>
/// <remarks>
/// Properties are matched by name: an exact match first, otherwise ignoring case. Their order does not matter, and properties that the row
/// type does not have are skipped. Of duplicate properties the last one counts. A column that cannot be null is required. Numbers may be in
/// quotes. Empty lines and a byte order mark are ignored.
/// </remarks>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TReader">The generated reader.</typeparam>
/// <param name="options">The options of the files.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class JsonLinesFileSource<T, TReader>(FileSourceOptions options) : ISource<T>, IDividingSource, IConfiguredSource
    where TReader : struct, IJsonRowReader<T>
{
    private readonly StringCachePool _caches = new();

    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => FileSplits.Discover(options, FileExtensions.JsonLines, quotes: false);

    string IDividingSource.InputOf(string splitId) => FileSplit.Parse(splitId).Path;

    string IDividingSource.Remedy(string sourceId) => FileSplits.Remedy(sourceId);

    string? IConfiguredSource.FindResumeProblem(string sourceId, SavedSplit saved) => LaneId.FindPollingChange(sourceId, saved);

    /// <inheritdoc/>
    public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows)
    {
        var range = FileSplit.Of(split);
        if (options.SkipFiles?.Find<T>(range, position) is { } skipped)
        {
            return skipped;
        }

        var start = FileSplitReader<T>.PositionOf(range, position);
        return new JsonLinesSplitReader<T, TReader>(range, options, badRows, _caches, start == 0 ? MarkLength(range) : start);
    }

    // A byte order mark is not part of the first line.
    private long MarkLength(FileSplit file)
    {
        using var input = FileByteInput.Open(options.Input, file, 0);
        Span<byte> first = stackalloc byte[2 * 3];
        return first[..input.Read(first)].StartsWith("\uFEFF"u8) ? 3 : 0;
    }
}
