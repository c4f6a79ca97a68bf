using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>Divides the files of a source into splits. The division depends only on the content and the split size.</summary>
internal static class FileSplits
{
    /// <summary>Returns the remedy for files that were divided differently before.</summary>
    public static string Remedy(string sourceId) => $"Was its SplitSize changed? Set it back (Sources:{sourceId}:SplitSize)";

    /// <summary>Lists the splits of all files.</summary>
    /// <param name="options">The files.</param>
    /// <param name="extensions">The extensions of the format for files in a folder.</param>
    /// <param name="quotes"><c>true</c> if line breaks inside quotes belong to the row.</param>
    public static List<SourceSplit> Discover(FileSourceOptions options, string[] extensions, bool quotes)
    {
        var splits = new List<SourceSplit>();
        var files = options.Input.Find(options.Path, extensions);
        options.SkipFiles?.WarnOfOthers(files);
        foreach (var (path, fingerprint) in files)
        {
            using var file = options.Input.OpenRead(path, fingerprint);
            if (FileByteInput.IsCompressed(path) || file.Length <= options.SplitSize)
            {
                splits.Add(new SourceSplit(new FileSplit(path, 0, long.MaxValue).Id, fingerprint));
                continue;
            }

            var starts = FindStarts(file, quotes ? () => options.Input.OpenRead(path, fingerprint) : null, options.SplitSize);
            for (var i = 0; i + 1 < starts.Count; i++)
            {
                splits.Add(new SourceSplit(new FileSplit(path, starts[i], starts[i + 1]).Id, fingerprint));
            }
        }

        return splits;
    }

    /// <summary>Returns the row starts at or after the nominal starts, which divide the file evenly, and the end of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="openForQuotes">
    /// Opens the file again for counting quotes, or null if line breaks inside quotes do not belong to the row.
    /// </param>
    /// <param name="splitSize">The maximum length of a split in bytes, not counting the end of its last row.</param>
    private static List<long> FindStarts(IReadableFile file, Func<IReadableFile>? openForQuotes, long splitSize)
    {
        var length = file.Length;
        var count = (length + splitSize - 1) / splitSize;

        // The search begins one byte earlier, because a line break right before a nominal start makes it a row start.
        var places = new long[Math.Max(0, count - 1)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = (long)((Int128)length * (i + 1) / count) - 1;
        }

        var isInside = openForQuotes == null ? null : QuoteCounts.AreOdd(openForQuotes, places, Environment.ProcessorCount);
        var starts = new List<long> { 0 };
        var block = new byte[64 * 1024];
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] < starts[^1])
            {
                // The previous row extends past this start: the range contains no row start.
                continue;
            }

            var start = FindStart(file, places[i], isInside?[i], block);
            if (start > starts[^1] && start < length)
            {
                starts.Add(start);
            }
        }

        starts.Add(length);
        return starts;
    }

    // Returns the row start after a place. If quotes matter, it is known whether the place is inside quotes.
    private static long FindStart(IReadableFile file, long place, bool? isInside, byte[] block)
    {
        var parity = new QuoteParity(isInside == true);
        while (true)
        {
            var count = file.Read(place, block);
            if (count == 0)
            {
                return file.Length;
            }

            var text = block.AsSpan(0, count);
            var end = isInside != null ? parity.FindLineEnd(text) : text.IndexOf((byte)'\n');
            if (end >= 0)
            {
                return place + end + 1;
            }

            place += count;
        }
    }
}
