using System.IO.Compression;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>
/// The decompressed content of a gzip file with one or more members. <see cref="GZipStream"/> treats the end of the file as the end of the
/// content wherever it occurs. To detect truncated files, a compressed end mark is appended, and expected at the end of the content. Zeros
/// after the last member are accepted as padding, as on tapes. Anything else there is an error.
/// </summary>
internal sealed class GzipContent : IDisposable
{
    private static readonly byte[] Mark = "penstock: whole."u8.ToArray();
    private static readonly byte[] CompressedMark = Compress(Mark);

    private readonly string _path;
    private readonly IReadableFile _file;
    private readonly CompressedBytes _compressed;
    private readonly GZipStream _decompressed;
    private readonly byte[] _block = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _hasEnded;

    public GzipContent(string path, IReadableFile file)
    {
        _path = path;
        _file = file;
        _compressed = new CompressedBytes(file, CompressedMark);
        _decompressed = new GZipStream(_compressed, CompressionMode.Decompress);
    }

    /// <summary>Reads the next bytes.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    /// <exception cref="InvalidDataException">The file is not a gzip file, is damaged, or is truncated.</exception>
    /// <exception cref="PipelineException">Content other than gzip follows the end of the gzip content.</exception>
    public int Read(Span<byte> target)
    {
        while (!_hasEnded && _end - _start <= Mark.Length)
        {
            _block.AsSpan(_start, _end - _start).CopyTo(_block);
            _end -= _start;
            _start = 0;
            var count = _decompressed.Read(_block.AsSpan(_end));
            _end += count;
            if (count == 0)
            {
                End();
            }
        }

        var available = Math.Min(target.Length, _end - _start - (_hasEnded ? 0 : Mark.Length));
        _block.AsSpan(_start, available).CopyTo(target);
        _start += available;
        return available;
    }

    public void Dispose() => _decompressed.Dispose();

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private void End()
    {
        if (_compressed.HasStoppedEarly)
        {
            CheckPadding();
        }
        else if (_block.AsSpan(0, _end).SequenceEqual(Mark))
        {
            _end = 0;
        }
        else
        {
            throw new InvalidDataException("The file ends too early.");
        }

        _hasEnded = true;
    }

    // The bytes that the decompressor has not consumed begin with the last single byte that it read.
    private void CheckPadding()
    {
        var at = _compressed.LastCount == 1 ? _compressed.Position - 1 : FindRest(_compressed.Position - _compressed.LastCount);
        var block = new byte[_block.Length];
        int count;
        for (; (count = _file.Read(at, block)) > 0; at += count)
        {
            var rubbish = block.AsSpan(0, count).IndexOfAnyExcept((byte)0);
            if (rubbish >= 0)
            {
                throw new PipelineException(
                    ErrorCodes.GzipDamaged,
                    $"{_path}: the gzip content ends before byte {at + rubbish} of the file, and something else follows. Remove it, or "
                        + $"compress the file again.");
            }
        }
    }

    // Decompresses the file again, with single bytes from an offset on.
    private long FindRest(long singlesFrom)
    {
        var again = new CompressedBytes(_file, CompressedMark) { SinglesFrom = singlesFrom };
        using var decompressed = new GZipStream(again, CompressionMode.Decompress);
        var ignored = new byte[_block.Length];
        while (decompressed.Read(ignored) > 0)
        {
        }

        return again.Position - 1;
    }
}
