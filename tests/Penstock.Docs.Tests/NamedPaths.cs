using System.Text.RegularExpressions;

namespace Penstock.Docs.Tests;

/// <summary>Paths from the root of the repository, as pages name them in code. A part in angle brackets stands for any name.</summary>
internal static partial class NamedPaths
{
    /// <summary>The pieces of code that are paths: those with a slash, and names of files.</summary>
    public static IEnumerable<string> In(IEnumerable<string> codes) => codes.Where(static code => PathForm().IsMatch(code));

    /// <summary>Whether there is such a file or folder, with the case that the path has.</summary>
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
