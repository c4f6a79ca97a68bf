using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>Divides the files of a source into splits: by their content and the split size, and nothing else.</summary>
internal static class FileSplits
{
    /// <summary>What to do when files were divided otherwise.</summary>
    public static string Remedy(string sourceId) => $"Was its SplitSize changed? Set it back (Sources:{sourceId}:SplitSize)";

    /// <summary>Lists the splits of all files.</summary>
    /// <param name="options">The files.</param>
    /// <param name="extensions">The extensions that the format's files have in a folder.</param>
    /// <param name="quotes">Whether line ends inside quotes belong to the row.</param>
    public static List<SourceSplit> Discover(FileSourceOptions options, string[] extensions, bool quotes)
    {
        var splits = new List<SourceSplit>();
        var files = options.Input.Find(options.Path, extensions);
        options.SetAside?.WarnOfOthers(files);
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

    /// <summary>The row starts at or behind the nominal ones, which divide the file evenly; and the end of the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="openForQuotes">Opens it once more, where line ends inside quotes belong to the row; else null.</param>
    /// <param name="splitSize">How long a split is at most, but for the end of its last row.</param>
    private static List<long> FindStarts(IReadableFile file, Func<IReadableFile>? openForQuotes, long splitSize)
    {
        var length = file.Length;
        var count = (length + splitSize - 1) / splitSize;

        // A line end right before a nominal start makes it a row start, so that the search begins one byte earlier.
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
                // The row before reaches over this start: the range holds no row.
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

    // The row start behind a place, of which it is known whether it is inside quotes, where that counts.
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
