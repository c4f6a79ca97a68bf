using System.IO.Compression;
using Penstock.Connectors;

namespace Penstock.Sources.Files;

/// <summary>
/// The decompressed content of a gzip file: of one member, or of several one behind the other. <see cref="GZipStream"/> takes
/// the end of the file for the end of the content wherever it comes; so that a file that was cut off is not read as a shorter
/// one, a mark is put behind it, compressed, and expected at the end of the content. Zeros behind the last member are padding,
/// as tapes leave it. Anything else there is an error.
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

    /// <summary>Reads on.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="InvalidDataException">The file is no gzip file, broken, or cut off.</exception>
    /// <exception cref="PipelineException">Something that is not gzip follows the content.</exception>
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

    // What the decompressor has not taken begins with the last byte that it was given alone.
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

    // Decompresses again, with single bytes from a place on.
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
