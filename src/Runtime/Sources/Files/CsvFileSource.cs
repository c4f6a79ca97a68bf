using System.Collections.Concurrent;
using System.ComponentModel;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>Reads rows from CSV files (RFC 4180) with a header line, plain or gzipped.</summary>
/// <remarks>
/// Columns are matched with the header by name: an exact match first, otherwise ignoring case. Columns that the row type does not have are
/// skipped. Lines may end with LF or CRLF; a byte order mark and empty lines are ignored. A line break belongs to the row if an odd number
/// of quotes precedes it in the file.
/// </remarks>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TReader">The generated reader.</typeparam>
/// <param name="options">The options of the files.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CsvFileSource<T, TReader>(FileSourceOptions options) : ISource<T>, IDividingSource, IConfiguredSource
    where TReader : struct, ICsvRowReader<T>
{

    private readonly ConcurrentDictionary<string, CsvHeader> _headers = new(StringComparer.Ordinal);
    private readonly StringCachePool _caches = new();

    /// <inheritdoc/>
    public IReadOnlyList<SourceSplit> Discover() => FileSplits.Discover(options, FileExtensions.Csv, quotes: options.MultiLine);

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


        // A file that is not divided does not need the header again.
        var header = range.End == long.MaxValue
            ? CsvHeader.Read(options, range, TReader.Columns)
            : _headers.GetOrAdd(range.Path, _ => CsvHeader.Read(options, range, TReader.Columns));
        var start = Math.Max(header.Length, FileSplitReader<T>.PositionOf(range, position));
        return new CsvSplitReader<T, TReader>(range, options, header.Layout, badRows, _caches, start);
    }
}
