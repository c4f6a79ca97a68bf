using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using Penstock.Connectors;
using Penstock.Files;

namespace Penstock.Sources.Files;

/// <summary>The files of a file system as input. A fingerprint consists of the length, the beginning and the end of a file.</summary>
/// <param name="files">The file system.</param>
/// <param name="gone">Called for a file that was listed but deleted before it was identified.</param>
internal sealed class FolderInput(IFileSystem files, Action<string>? gone = null) : IInputFiles
{
    private const int SampleLength = 64 * 1024;
    private const int MaxLooks = 3;

    // The result of the last search; replaced, never modified. A file is opened again only if its stamp shows that it may have changed.
    private volatile Dictionary<string, (FileStamp Stamp, InputFile File)> _known = new(StringComparer.Ordinal);

    // A search that hangs does not block others: each starts from the last result, and of two concurrent ones both are correct.
    public IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SampleLength);
        try
        {
            return Find(pattern, extensions, buffer.AsSpan(0, SampleLength));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public IReadableFile OpenRead(string path, string fingerprint) => files.OpenRead(path);

    // A listed file that is missing was deleted, or its folder is away: then what was found is only a part of the input, and the files that
    // it lacks would count as deleted. So the folder is listed again, which fails if it is not there or shows no file.
    private List<InputFile> Find(string pattern, IReadOnlyList<string> extensions, Span<byte> buffer)
    {
        var paths = FilePattern.Find(files, pattern, extensions);
        for (var look = 1; ; look++)
        {
            var missing = new Dictionary<string, IOException>(StringComparer.Ordinal);
            var found = Inspect(paths, buffer, missing);
            if (missing.Count == 0)
            {
                return found;
            }

            paths = FilePattern.Find(files, pattern, extensions);
            var listed = paths.FirstOrDefault(missing.ContainsKey);
            if (listed == null && found.Count > 0)
            {
                foreach (var path in missing.Keys)
                {
                    gone?.Invoke(path);
                }

                return found;
            }

            if (look == MaxLooks)
            {
                var (path, error) = missing.First(file => listed == null || file.Key == listed);
                throw new IOException($"The file '{path}' was listed, but was missing when it was opened: {error.Message}", error);
            }
        }
    }

    private List<InputFile> Inspect(IReadOnlyList<string> paths, Span<byte> buffer, Dictionary<string, IOException> missing)
    {
        var found = new List<InputFile>(paths.Count);
        var lastKnown = _known;
        var known = new Dictionary<string, (FileStamp Stamp, InputFile File)>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            // The stamp is taken before the content is read, so that a change in between shows in the next search.
            var stamp = files.StampOf(path);
            var isKnown = lastKnown.TryGetValue(path, out var before) && before.Stamp == stamp;
            if ((isKnown ? before.File : TryIdentify(path, buffer, missing)) is { } file)
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

    // Returns null if the file is missing. Any other unreadable file may contain rows, so leaving it out would lose them.
    private InputFile? TryIdentify(string path, Span<byte> buffer, Dictionary<string, IOException> missing)
    {
        try
        {
            return new InputFile(path, FingerprintOf(path, buffer));
        }
        catch (FileNotFoundException error) when (path.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // Names are decoded as UTF-8. An invalid name cannot be used to open the file, so its rows would be lost.
            throw new UnreadableInputException(
                $"The file '{path}' of a file source cannot be read: its name is not valid UTF-8 (what is not is shown as '\uFFFD'). "
                    + $"Rename it, or take it out of the input.",
                error,
                ErrorCodes.FileNameNotUtf8);
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            missing[path] = error;
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
