using Penstock.Formats;

namespace Penstock.Sources.Files;

/// <summary>The header of a CSV file.</summary>
/// <param name="Layout">The mapping of fields to columns.</param>
/// <param name="Length">The length in bytes, including byte order mark and line break: the offset of the first row.</param>
internal sealed record CsvHeader(CsvLayout Layout, long Length)
{
    private const int FirstBlock = 4096;
    private const int MaxLength = 1024 * 1024;

    /// <summary>Reads the header of a file. An empty file has no rows and needs no header.</summary>
    public static CsvHeader Read(FileSourceOptions options, FileSplit file, TextColumn[] columns)
    {
        using var input = new InputBuffer(FileByteInput.Open(options.Input, file, 0), FirstBlock);
        var scanned = 0;
        var quotes = default(QuoteParity);
        var end = -1;
        while (end < 0 && input.Length <= MaxLength && input.Fill())
        {
            var found = quotes.FindLineEnd(input.Data.AsSpan(scanned, input.Length - scanned));
            end = found < 0 ? -1 : scanned + found;
            scanned = input.Length;
        }

        var start = input.Data.AsSpan(0, input.Length).StartsWith("\uFEFF"u8) ? 3 : 0;
        var header = end < 0 ? input.Data.AsSpan(start, Math.Max(0, input.Length - start)) : input.Data.AsSpan(start, end - start);
        header = header is [.., (byte)'\r'] ? header[..^1] : header;
        if (header.Length > MaxLength)
        {
            throw new PipelineException(
                ErrorCodes.HeaderUnusable,
                $"{file.Path}: the first line is longer than {MaxLength} bytes, which is the most that a header may have. Check that the "
                    + $"file is CSV and that its lines end with LF or CRLF, not with CR alone; or leave columns out that the rows do not "
                    + $"need.");
        }

        if (header.IsEmpty && input.IsAtEnd && end + 1 >= input.Length)
        {
            return new CsvHeader(CsvLayout.None, Math.Max(0, end + 1));
        }

        return new CsvHeader(
            CsvLayout.Create(file.Path, header.ToArray(), (byte)options.Delimiter, columns),
            end < 0 ? input.Length : end + 1);
    }
}
