using System.Text.RegularExpressions;

namespace Penstock.Docs.Tests;

/// <summary>Paths from the root of the repository, as in the code of pages. A part in angle brackets stands for any name.</summary>
internal static partial class NamedPaths
{
    /// <summary>Returns the pieces of code that are paths: those with a slash, and file names.</summary>
    public static IEnumerable<string> In(IEnumerable<string> codes) => codes.Where(static code => PathForm().IsMatch(code));

    /// <summary>Whether a file or folder with this path exists, in the same case.</summary>
    public static bool Exists(string path)
    {
        IEnumerable<string> found = [Page.Root];
        foreach (var part in path.Split('/'))
        {
            var name = Placeholder().Replace(Regex.Escape(part), ".+");
            found = [.. found.Where(Directory.Exists).SelectMany(static folder => Directory.EnumerateFileSystemEntries(folder))
                .Where(entry => IsNamed(entry, name))];
        }

        return found.Any();
    }

    private static bool IsNamed(string entry, string name) =>
        Regex.IsMatch(Path.GetFileName(entry), $"^{name}$", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"^[\w.<>-]+(/[\w.<>-]+)+$|^\w[\w.-]*\.(md|sln|props|json|cs|csproj|txt|yml)$")]
    private static partial Regex PathForm();

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Placeholder();
}
