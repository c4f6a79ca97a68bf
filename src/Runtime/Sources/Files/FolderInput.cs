using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using Penstock.Connectors;
using Penstock.Files;

namespace Penstock.Sources.Files;

/// <summary>The files of a file system as input. Their fingerprint is made of length, beginning and end.</summary>
/// <param name="files">The file system.</param>
/// <param name="gone">Is told of a file that was listed and gone before it was looked at.</param>
internal sealed class FolderInput(IFileSystem files, Action<string>? gone = null) : IInputFiles
{
    private const int SampleLength = 64 * 1024;

    // What the last look found; never changed, but replaced. A file is opened again where its stamp says that it may have changed.
    private volatile Dictionary<string, (FileStamp Stamp, InputFile File)> _known = new(StringComparer.Ordinal);

    // A look that hangs keeps no other look waiting: each goes on from what was found last, and of two at a time both are right.
    public IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SampleLength);
        try
        {
            return Find(FilePattern.Find(files, pattern, extensions), buffer.AsSpan(0, SampleLength));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public IReadableFile OpenRead(string path, string fingerprint) => files.OpenRead(path);

    private List<InputFile> Find(IReadOnlyList<string> paths, Span<byte> buffer)
    {
        var found = new List<InputFile>(paths.Count);
        var lastKnown = _known;
        var known = new Dictionary<string, (FileStamp Stamp, InputFile File)>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            // The stamp comes before the content: a change in between shows at the next look.
            var stamp = files.StampOf(path);
            var isKnown = lastKnown.TryGetValue(path, out var before) && before.Stamp == stamp;
            if ((isKnown ? before.File : TryIdentify(path, buffer)) is { } file)
            {
                found.Add(file);
                if (stamp is { } lasting)
                {
                    known[path] = (lasting, file);
                }
            }
        }

        _known = known;
        return found;
    }

    // Null when it was deleted while others were looked at. Whatever else cannot be read may hold rows: to leave it out would lose them.
    private InputFile? TryIdentify(string path, Span<byte> buffer)
    {
        try
        {
            return new InputFile(path, FingerprintOf(path, buffer));
        }
        catch (FileNotFoundException error) when (path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // Names are read as UTF-8. One that is not leads back to no file, and its rows would be lost.
            throw new UnreadableInputException(
                $"The file '{path}' of a file source cannot be read: its name is not valid UTF-8 (what is not is shown as '\uFFFD'). "
                    + $"Rename it, or take it out of the input.",
                error,
                ErrorCodes.FileNameNotUtf8);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            gone?.Invoke(path);
            return null;
        }
        catch (Exception error) when (FileErrors.IsPermanent(error))
        {
            throw new UnreadableInputException(
                $"The file '{path}' of a file source cannot be read: {error.Message} Let this process read it, or take it out of the "
                    + $"input; a file whose name begins with a dot is left out.",
                error);
        }
    }

    private string FingerprintOf(string path, Span<byte> buffer)
    {
        using var file = files.OpenRead(path);
        var length = file.Length;
        var sample = buffer[..(int)Math.Min(length, SampleLength)];
        var hash = new XxHash3();
        hash.Append(sample[..ReadAll(file, 0, sample)]);
        hash.Append(sample[..ReadAll(file, Math.Max(0, length - SampleLength), sample)]);
        return string.Create(CultureInfo.InvariantCulture, $"{length} bytes, {hash.GetCurrentHashAsUInt64():x16}");
    }

    private static int ReadAll(IReadableFile file, long offset, Span<byte> target)
    {
        var total = 0;
        while (total < target.Length)
        {
            var count = file.Read(offset + total, target[total..]);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }
}
