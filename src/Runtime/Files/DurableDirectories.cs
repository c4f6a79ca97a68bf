namespace Penstock.Files;

/// <summary>Folders that survive a power cut.</summary>
internal static class DurableDirectories
{
    /// <summary>Creates a folder and its parents. A folder is as durable as its entry in the folder above.</summary>
    public static void CreateDurableDirectory(this IFileSystem files, string path)
    {
        if (files.DirectoryExists(path))
        {
            return;
        }

        // Asked first, because the operating system would only say that it exists already.
        if (files.FileExists(path))
        {
            throw new IOException($"'{path}' is a file, not a folder.", FileErrors.NotADirectory);
        }

        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent != null)
        {
            files.CreateDurableDirectory(parent);
        }

        try
        {
            files.CreateDirectory(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && parent != null && files.DirectoryExists(parent))
        {
            // The folder above is there and takes no others, like those that show the kernel's own data.
            throw new IOException($"The folder '{path}' cannot be created in '{parent}': {error.Message}", FileErrors.NotADirectory);
        }

        if (parent != null)
        {
            files.SyncDirectory(parent);
        }
    }
}
