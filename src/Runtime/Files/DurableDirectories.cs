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

        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent != null)
        {
            files.CreateDurableDirectory(parent);
        }

        files.CreateDirectory(path);
        if (parent != null)
        {
            files.SyncDirectory(parent);
        }
    }
}
