using Penstock.Files;

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

            var starts = FindStarts(file, options.SplitSize, quotes);
            for (var i = 0; i + 1 < starts.Count; i++)
            {
                splits.Add(new SourceSplit(new FileSplit(path, starts[i], starts[i + 1]).Id, fingerprint));
            }
        }

        return splits;
    }

    /// <summary>The row starts at or behind the nominal ones, which divide the file evenly; and the end of the file.</summary>
    internal static List<long> FindStarts(IReadableFile file, long splitSize, bool quotes)
    {
        var length = file.Length;
        var count = (length + splitSize - 1) / splitSize;
        var starts = new List<long> { 0 };
        var scanner = new RowStartScanner(file, quotes);
        for (var i = 1L; i < count; i++)
        {
            var nominal = (long)((Int128)length * i / count);
            if (nominal <= starts[^1])
            {
                // The row before reaches over this start: the range holds no row.
                continue;
            }

            var start = scanner.FindAtOrAfter(nominal);
            if (start > starts[^1] && start < length)
            {
                starts.Add(start);
            }
        }

        starts.Add(length);
        return starts;
    }

    /// <summary>Goes through a file once, from row start to row start.</summary>
    private sealed class RowStartScanner(IReadableFile file, bool quotes)
    {
        // Either all of the file is read, or a little at each place.
        private readonly byte[] _block = new byte[quotes ? 1024 * 1024 : 64 * 1024];
        private QuoteParity _parity;
        private long _passed;

        public long FindAtOrAfter(long offset)
        {
            // A line end right before the offset makes it a row start, so that the search begins one byte earlier.
            PassTo(offset - 1);
            while (true)
            {
                var count = file.Read(_passed, _block);
                if (count == 0)
                {
                    return file.Length;
                }

                var block = _block.AsSpan(0, count);
                var end = quotes ? _parity.FindLineEnd(block) : block.IndexOf((byte)'\n');
                if (end >= 0)
                {
                    // Parity is even behind a row.
                    _parity = default;
                    _passed += end + 1;
                    return _passed;
                }

                _passed += count;
            }
        }

        private void PassTo(long offset)
        {
            if (!quotes)
            {
                _passed = Math.Max(_passed, offset);
            }

            while (_passed < offset)
            {
                var count = file.Read(_passed, _block.AsSpan(0, (int)Math.Min(_block.Length, offset - _passed)));
                if (count == 0)
                {
                    return;
                }

                _parity.Pass(_block.AsSpan(0, count));
                _passed += count;
            }
        }
    }
}
