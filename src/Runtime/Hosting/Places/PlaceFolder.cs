using Penstock.Connectors;
using Penstock.Generator.Shared;

namespace Penstock.Hosting.Places;

/// <summary>A folder, or a prefix in an object store, as one text that is the same for all paths to it.</summary>
/// <param name="Text">The real path, or the location without a trailing slash.</param>
/// <param name="IgnoresCase">Indicates whether names are compared without case.</param>
internal sealed record PlaceFolder(string Text, bool IgnoresCase)
{
    private StringComparison Comparison => IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Returns the folder of a path.</summary>
    public static PlaceFolder Of(IFileSystem files, string path)
    {
        if (NormalizedPath.SchemeOf(path) is not { } scheme)
        {
            return new PlaceFolder(
                Trimmed(files.RealPath(path).Replace(Path.DirectorySeparatorChar, '/')),
                OperatingSystem.IsWindows() || OperatingSystem.IsMacOS());
        }

        return new PlaceFolder(scheme.ToLowerInvariant() + Trimmed(path[scheme.Length..]), IgnoresCase: false);
    }

    /// <summary>Determines whether this folder is the other folder, or lies below it at any depth.</summary>
    public bool IsIn(PlaceFolder other) =>
        IsSame(other) || (Text.StartsWith(other.Text, Comparison) && (other.Text.EndsWith('/') || Text[other.Text.Length] == '/'));

    /// <summary>Determines whether this is the same folder as another.</summary>
    public bool IsSame(PlaceFolder other) => Text.Equals(other.Text, Comparison);

    private static string Trimmed(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";
}
