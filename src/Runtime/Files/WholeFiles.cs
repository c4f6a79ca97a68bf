using Penstock.Connectors;
namespace Penstock.Files;

/// <summary>Reads and writes small files as a whole.</summary>
internal static class WholeFiles
{
    /// <summary>Reads a file.</summary>
    public static byte[] ReadAll(this IFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        return file.ReadAll();
    }

    /// <summary>Reads an open file from its start.</summary>
    public static byte[] ReadAll(this IReadableFile file)
    {
        var bytes = new byte[file.Length];
        var read = 0;
        while (read < bytes.Length)
        {
            var count = file.Read(read, bytes.AsSpan(read));
            if (count == 0)
            {
                break;
            }

            read += count;
        }

        return bytes[..read];
    }

    /// <summary>
    /// Replaces the content of a file atomically: it has either the old or the new content, whatever happens. The new content survives a
    /// power failure after the call.
    /// </summary>
    public static void WriteDurably(this IFileSystem files, string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        using (var file = files.Create(temporary))
        {
            file.Append(content);
            file.Sync();
        }

        files.Rename(temporary, path);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
