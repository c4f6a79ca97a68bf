namespace Penstock.Docs.Tests;

/// <summary>Lists the files below a folder, except the output of builds.</summary>
internal sealed class FolderWalk(string root, string[] without)
{
    public IEnumerable<string> Files(string pattern) => Below(root, pattern);

    private IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern).Concat(
            Directory.EnumerateDirectories(folder)
                .Where(child => !without.Contains(Path.GetFileName(child)))
                .SelectMany(child => Below(child, pattern)));
}
