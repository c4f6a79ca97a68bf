using Penstock.Connectors;
namespace Penstock.Files;

/// <summary>Folders that survive a power cut.</summary>
internal static class DurableDirectories
{
    /// <summary>
    /// Creates a folder and its parents, each only when the one above is durable. A folder is as durable as its entry in the folder above,
    /// so that the entry of one that exists is made durable, too: an error, or the end of a process, may have come between its creation and
    /// that.
    /// </summary>
    public static void CreateDurableDirectory(this IFileSystem files, string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(folder);
        if (files.DirectoryExists(folder))
        {
            SettleName(files, parent);
            return;
        }

        // Asked first, because the operating system would only say that it exists already.
        if (files.FileExists(folder))
        {
            throw new IOException($"'{path}' is a file, not a folder.", FileErrors.NotADirectory);
        }

        if (parent != null)
        {
            files.CreateDurableDirectory(parent);
        }

        try
        {
            files.CreateDirectory(folder);
        }
        catch (Exception error)
            when (error is FileNotFoundException or DirectoryNotFoundException && parent != null && files.DirectoryExists(parent))
        {
            // The folder above is there and takes no others, like those that show the kernel's own data.
            throw new IOException($"The folder '{path}' cannot be created in '{parent}': {error.Message}", FileErrors.NotADirectory);
        }

        if (parent != null)
        {
            files.SyncDirectory(parent);
        }
    }

    // Folders further above are durable: this one would not have been created otherwise.
    private static void SettleName(IFileSystem files, string? parent)
    {
        try
        {
            if (parent != null)
            {
                files.SyncDirectory(parent);
            }
        }
        catch (Exception error) when (FileErrors.IsPermanent(error))
        {
            // The folder above is not this process's to open, or is of a file system that is only read: a folder there, often a mounted
            // volume, was made by others.
        }
    }
}
