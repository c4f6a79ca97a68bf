using Penstock.Connectors;
namespace Penstock.Files;

/// <summary>Creates folders that survive a power failure.</summary>
internal static class DurableDirectories
{
    /// <summary>
    /// Creates a folder and its missing parents, each only after its parent is durable. A folder is as durable as its entry in the parent
    /// folder. The entry of an existing folder is therefore made durable, too: the process that created it may have failed before it did
    /// so.
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

        // Checked first, because the operating system would only report that the name already exists.
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
            // The parent exists but accepts no new folders, such as a file system of kernel data.
            throw new IOException($"The folder '{path}' cannot be created in '{parent}': {error.Message}", FileErrors.NotADirectory);
        }

        if (parent != null)
        {
            files.SyncDirectory(parent);
        }
    }

    // All folders further above are durable: otherwise this one would not have been created.
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
            // This process may not open the parent folder, or the parent is on a read-only file system. The folder in it, often a mounted
            // volume, was then created by someone else.
        }
    }
}
