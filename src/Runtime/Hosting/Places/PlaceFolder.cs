using Penstock.Connectors;
using Penstock.Generator.Shared;

namespace Penstock.Hosting.Places;

/// <summary>A folder, or a prefix in a store of objects, by the one text that all paths to it have.</summary>
/// <param name="Text">The real path, or the location without a slash at its end.</param>
/// <param name="IgnoresCase">Whether names that differ in case are the same one.</param>
internal sealed record PlaceFolder(string Text, bool IgnoresCase)
{
    private StringComparison Comparison => IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>The folder that a path means.</summary>
    public static PlaceFolder Of(IFileSystem files, string path)
    {
        if (WrittenPath.SchemeOf(path) is not { } scheme)
        {
            return new PlaceFolder(
                Trimmed(files.RealPath(path).Replace(Path.DirectorySeparatorChar, '/')),
                OperatingSystem.IsWindows() || OperatingSystem.IsMacOS());
        }

        return new PlaceFolder(scheme.ToLowerInvariant() + Trimmed(path[scheme.Length..]), IgnoresCase: false);
    }

    /// <summary>Whether this is another folder, or lies in it at any depth.</summary>
    public bool IsIn(PlaceFolder other) =>
        IsSame(other) || (Text.StartsWith(other.Text, Comparison) && (other.Text.EndsWith('/') || Text[other.Text.Length] == '/'));

    /// <summary>Whether this is the same folder as another.</summary>
    public bool IsSame(PlaceFolder other) => Text.Equals(other.Text, Comparison);

    private static string Trimmed(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";
}
