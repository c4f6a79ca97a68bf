using System.IO.Enumeration;
using Penstock.Connectors;
using Penstock.Files;

namespace Penstock.Sources.Files;

/// <summary>Finds the files of a path: a file, a folder, or a glob.</summary>
internal static class FilePattern
{
    /// <summary>Finds the files and returns them in ordinal order.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="pattern">A path, or a glob with <c>*</c> and <c>?</c> in its last part.</param>
    /// <param name="extensions">The extensions of the files to select from a folder.</param>
    /// <exception cref="InputNotFoundException">There is no such file.</exception>
    /// <exception cref="PipelineException">The folder does not exist or cannot be read, or its name contains a wildcard.</exception>
    public static IReadOnlyList<string> Find(IFileSystem files, string pattern, IReadOnlyList<string> extensions)
    {
        // A name with a wildcard is never that of a single file: a file of exactly this name, which is one of the matches, would hide the
        // others.
        var name = Path.GetFileName(pattern);
        var isGlob = name.IndexOfAny(['*', '?']) >= 0;
        if (!isGlob && files.FileExists(pattern))
        {
            return [pattern];
        }

        var folder = Path.GetDirectoryName(pattern) ?? "";
        if (folder.IndexOfAny(['*', '?']) >= 0)
        {
            throw new PipelineException(
                ErrorCodes.ImpossiblePath,
                $"The path '{pattern}' of a file source has a wildcard in a folder's name. Wildcards can stand in the last part only: use "
                    + $"one source for each folder.");
        }

        if (!isGlob)
        {
            return FindInFolder(files, pattern, extensions);
        }

        var matches = Select(
            files,
            folder,
            path => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(path.AsSpan()), ignoreCase: false));
        if (matches.Count > 0)
        {
            return matches;
        }

        // Checked after the listing, because a folder that disappears in between shows no file either.
        if (folder.Length > 0 && !files.DirectoryExists(folder))
        {
            CheckMissing(files, folder);
            throw new PipelineException(
                ErrorCodes.InputNotFound,
                $"There is no folder '{folder}' for the path '{pattern}' of a file source (looked for "
                    + $"'{Path.GetFullPath(folder)}'). Put the input there, or correct the path.");
        }

        throw new InputNotFoundException(
            $"No file matches '{pattern}' of a file source (looked in "
                + $"'{Path.GetFullPath(folder.Length == 0 ? "." : folder)}'). Put the input there, or correct the path.");
    }

    // A path that exists but cannot be reached, such as a broken link, must not be treated as missing.
    private static void CheckMissing(IFileSystem files, string path)
    {
        try
        {
            files.OpenRead(path).Dispose();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // The path does not exist.
        }
        catch (Exception error) when (FileErrors.IsPermanent(error))
        {
            throw new UnreadableInputException(
                $"The path '{path}' of a file source cannot be read: {error.Message} Let this process read it, mend the link, or correct "
                    + $"the path.",
                error);
        }
    }

    private static List<string> FindInFolder(IFileSystem files, string folder, IReadOnlyList<string> extensions)
    {
        var found = Select(files, folder, path => HasOneOf(extensions, path));
        if (found.Count > 0)
        {
            return found;
        }

        if (!files.DirectoryExists(folder))
        {
            CheckMissing(files, folder);
            var message =
                $"There is no file '{folder}' for a file source (looked for '{Path.GetFullPath(folder)}'). Put the input there, or "
                    + $"correct the path.";
            throw HasOneOf(extensions, folder)
                ? new InputNotFoundException(message)
                : new PipelineException(ErrorCodes.InputNotFound, message);
        }

        throw new InputNotFoundException(
            $"The folder '{folder}' of a file source has no file that ends with "
                + $"{string.Join(", ", extensions)} (looked in '{Path.GetFullPath(folder)}'). Put the input there, or correct the path.");
    }

    private static bool HasOneOf(IReadOnlyList<string> extensions, string path) =>
        extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    // Hidden files are temporary files of other programs or of Penstock.
    private static List<string> Select(IFileSystem files, string folder, Func<string, bool> isWanted)
    {
        var listed = List(files, folder.Length == 0 ? "." : folder);
        var isHere = folder.Length == 0;
        return
        [
            .. listed
                .Select(path => isHere && path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)
                .Where(path => !Path.GetFileName(path).StartsWith('.') && isWanted(path))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IReadOnlyList<string> List(IFileSystem files, string folder)
    {
        try
        {
            return files.List(folder);
        }
        catch (Exception error) when (FileErrors.IsPermanent(error))
        {
            throw new UnreadableInputException(
                $"The folder '{folder}' of a file source cannot be listed: {error.Message} Let this process list and enter it, or correct "
                    + $"the path.",
                error);
        }
    }
}
