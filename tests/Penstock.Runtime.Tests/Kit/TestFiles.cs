using System.Text;
using Penstock.Connectors;
using Penstock.Testing.Simulation;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>Files of a test as text.</summary>
internal static class TestFiles
{
    /// <summary>Creates a file.</summary>
    public static void Add(this IFileSystem files, string path, string text)
    {
        using var file = files.Create(path);
        file.Append(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Creates a file under another name first, so that a listing finds it complete or not at all.</summary>
    public static void Publish(this IFileSystem files, string path, string text)
    {
        var hidden = Path.GetDirectoryName(path) + "/.new";
        files.Add(hidden, text);
        files.Rename(hidden, path);
    }

    /// <summary>Returns the text of a file.</summary>
    public static string TextOf(this SimulatedFiles files, string path) => Encoding.UTF8.GetString(files.ReadAllBytes(path));

    /// <summary>Returns the lines of a file.</summary>
    public static string[] LinesOf(this SimulatedFiles files, string path) =>
        files.TextOf(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns the files whose paths begin with a prefix and whose names do not hide them, in the order of their paths.</summary>
    public static IEnumerable<string> Visible(this SimulatedFiles files, string prefix) => files.Files
        .Where(path => path.StartsWith(prefix, StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith('.'))
        .Order(StringComparer.Ordinal);
}
