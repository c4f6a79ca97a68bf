using System.Globalization;
using System.IO.Hashing;
using Penstock.Files;

namespace Penstock.Sources.Files;

/// <summary>The files of a file system as input. Their fingerprint is made of length, beginning and end.</summary>
/// <param name="files">The file system.</param>
/// <param name="gone">Is told of a file that was listed and gone before it was looked at.</param>
internal sealed class FolderInput(IFileSystem files, Action<string>? gone = null) : IInputFiles
{
    private const int SampleLength = 64 * 1024;

    public IReadOnlyList<InputFile> Find(string pattern, IReadOnlyList<string> extensions) =>
        [.. FilePattern.Find(files, pattern, extensions).Select(TryIdentify).OfType<InputFile>()];

    public IReadableFile OpenRead(string path, string fingerprint) => files.OpenRead(path);

    // Null when it was deleted while others were looked at. Whatever else cannot be read may hold rows: to leave it out would lose them.
    private InputFile? TryIdentify(string path)
    {
        try
        {
            return new InputFile(path, FingerprintOf(path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            gone?.Invoke(path);
            return null;
        }
        catch (Exception error) when (FileErrors.IsPermanent(error))
        {
            throw new UnreadableInputException(
                $"The file '{path}' of a file source cannot be read: {error.Message} Let this process read it, or take it out of the input; a file whose name begins with a dot is left out.", error);
        }
    }

    private string FingerprintOf(string path)
    {
        using var file = files.OpenRead(path);
        var length = file.Length;
        var sample = new byte[Math.Min(length, SampleLength)];
        var hash = new XxHash3();
        hash.Append(sample.AsSpan(0, ReadAll(file, 0, sample)));
        hash.Append(sample.AsSpan(0, ReadAll(file, Math.Max(0, length - SampleLength), sample)));
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
