namespace Penstock.Docs.Tests;

/// <summary>
/// The projects of the repository that programs reference: those in <c>src</c>, but for the compiler and the templates. The project of
/// these tests references the same ones by a pattern, so that a new one is in no list.
/// </summary>
internal static class Libraries
{
    private static readonly string[] Others = ["Penstock.Generator", "Penstock.Templates"];

    /// <summary>The folder of each, such as <c>src/Kafka</c>, with the name of its assembly.</summary>
    public static IReadOnlyList<(string Folder, string Assembly)> All { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Page.Root, "src"))
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "Penstock.*.csproj"))
            .Select(static path => (
                Folder: Path.GetRelativePath(Page.Root, Path.GetDirectoryName(path)!).Replace('\\', '/'),
                Assembly: Path.GetFileNameWithoutExtension(path)))
            .Where(static library => !Others.Contains(library.Assembly))
            .OrderBy(static library => library.Folder, StringComparer.Ordinal),
    ];
}
