namespace Penstock.Files;

/// <summary>Resolves all links in paths, so that two paths of the same folder or file become the same text.</summary>
internal static class RealPaths
{
    // The limit of Linux; it ends loops of links.
    private const int MaxLinks = 40;

    /// <summary>Returns the real path. Parts that do not exist yet are left unchanged.</summary>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var at = Path.GetPathRoot(full)!;
        var links = 0;
        var parts = new Stack<string>(Divide(full[at.Length..]).Reverse());
        while (parts.TryPop(out var part))
        {
            // Only link targets can contain these; they are relative to the real folder of the link.
            if (part is "." or "..")
            {
                at = part == "." ? at : Path.GetDirectoryName(at) ?? at;
                continue;
            }

            var next = Path.Join(at, part);
            if (LinkTargetOf(next) is { } target && ++links <= MaxLinks)
            {
                at = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : at;
                foreach (var targetPart in Divide(Path.IsPathRooted(target) ? target[at.Length..] : target).Reverse())
                {
                    parts.Push(targetPart);
                }
            }
            else
            {
                at = Spelled(at, part);
            }
        }

        return at;
    }

    private static string[] Divide(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);

    private static string? LinkTargetOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // The call that uses the path fails and reports the problem.
            return null;
        }
    }

    // A folder may be case-insensitive on any operating system; the listing has the actual case of the name.
    private static string Spelled(string folder, string name)
    {
        var path = Path.Join(folder, name);
        var other = Path.Join(folder, Swap(name));
        if (other == path || !Path.Exists(path) || !Path.Exists(other))
        {
            return path;
        }

        try
        {
            var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry))
                .Where(entry => entry.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
            return names.Count == 1 ? Path.Join(folder, names[0]) : path;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            return path;
        }
    }

    private static string Swap(string name) =>
        string.Concat(name.Select(letter => char.IsUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter)));
}
