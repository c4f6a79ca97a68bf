using Penstock.Connectors;
using Penstock.Generator.Shared;

namespace Penstock.Sources.Files;

/// <summary>The bytes of a file from an offset on, decompressed if its name ends with <c>.gz</c>.</summary>
internal sealed class FileByteInput : IDisposable
{
    private readonly string _path;
    private readonly IReadableFile _file;
    private readonly GzipContent? _decompressed;

    private FileByteInput(string path, IReadableFile file, GzipContent? decompressed)
    {
        _path = path;
        _file = file;
        _decompressed = decompressed;
    }

    /// <summary>The offset of the next byte; in a compressed file, the offset in the decompressed content.</summary>
    public long Position { get; private set; }

    public static bool IsCompressed(string path) => FileNameFormat.IsCompressed(path);

    public static FileByteInput Open(IInputFiles files, FileSplit split, long offset)
    {
        var path = split.Path;
        IReadableFile file;
        try
        {
            file = files.OpenRead(path, split.Fingerprint);
        }
        catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new SourceException($"{path}: the file cannot be opened: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException(ErrorCodes.InputUnreadable, $"{path}: the file cannot be read: {error.Message}", error);
        }

        if (!IsCompressed(path))
        {
            return new FileByteInput(path, file, null) { Position = offset };
        }

        var input = new FileByteInput(path, file, new GzipContent(path, file));
        input.SkipTo(offset);
        return input;
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>The number of bytes; less than the length of the buffer only at the end of the file.</returns>
    public int Read(Span<byte> target)
    {
        var total = 0;
        var isFirst = Position == 0;
        while (total < target.Length)
        {
            var count = ReadSome(target[total..]);
            if (count == 0)
            {
                break;
            }

            total += count;
            Position += count;
        }

        if (isFirst && WrongMark(target[..total]) is { } wrong)
        {
            throw new PipelineException(ErrorCodes.FileNotUtf8, $"{_path}: {wrong}");
        }

        return total;
    }

    public void Dispose()
    {
        _decompressed?.Dispose();
        _file.Dispose();
    }

    // A file that begins with one of these marks is not UTF-8, or has an invisible character in its first name or value.
    private static string? WrongMark(ReadOnlySpan<byte> beginning) => beginning switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => NotUtf8("UTF-32"),
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => NotUtf8("UTF-16"),
        [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, ..] =>
            "this file begins with two byte order marks (EF BB BF), and may have one. Remove the other.",
        _ => null,
    };

    private static string NotUtf8(string encoding) => $"this file is {encoding}, as its byte order mark says. Convert it to UTF-8.";

    private int ReadSome(Span<byte> target)
    {
        try
        {
            return _decompressed?.Read(target) ?? _file.Read(Position, target);
        }
        catch (InvalidDataException error)
        {
            throw new PipelineException(
                ErrorCodes.GzipDamaged,
                $"{_path}: the file is not valid gzip, or it is cut off (at byte {Position} of its content). Copy or compress it again; "
                    + $"if a checkpoint has rows of it already, leave it as it is and set it aside (Sources:<stream>:SetAside).",
                error);
        }
        catch (IOException error)
        {
            throw new SourceException($"{_path}: reading failed at byte {Position}: {error.Message}", error);
        }
    }

    private void SkipTo(long offset)
    {
        var discarded = new byte[64 * 1024];
        while (Position < offset)
        {
            if (Read(discarded.AsSpan(0, (int)Math.Min(discarded.Length, offset - Position))) == 0)
            {
                return;
            }
        }
    }
}
