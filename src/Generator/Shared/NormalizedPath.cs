namespace Penstock.Generator.Shared;

/// <summary>A path as written, without access to a file system. Two equal paths mean the same place.</summary>
/// <param name="Folder">The folder, with <c>/</c> as the separator and <c>.</c> and <c>..</c> resolved.</param>
/// <param name="Name">The last part.</param>
internal sealed record NormalizedPath(string Folder, string Name)
{
    public const string SchemeSeparator = "://";

    /// <summary>The scheme of a path, such as <c>s3</c> in <c>s3://bucket/prefix</c>; null for a path in the file system.</summary>
    public static string? SchemeOf(string? path) =>
        path != null && path.IndexOf(SchemeSeparator, StringComparison.Ordinal) is > 0 and var length ? path.Substring(0, length) : null;

    /// <summary>Whether a path has a scheme, and is not in the file system.</summary>
    public static bool HasScheme(string path) => SchemeOf(path) != null;

    public static NormalizedPath Of(string path)
    {
        var scheme = SchemeOf(path) is { } before ? before.Length + SchemeSeparator.Length : 0;
        var rest = path.Substring(scheme);
        var parts = new List<string>();
        foreach (var part in scheme > 0 ? rest.Split('/') : rest.Split('/', '\\'))
        {
            if (scheme > 0 || part is not ("." or ".." or ""))
            {
                parts.Add(part);
            }
            else if (part == ".." && parts.Count > 0 && parts[parts.Count - 1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part == "..")
            {
                parts.Add(part);
            }
        }

        var isRooted = scheme == 0 && rest.StartsWith("/", StringComparison.Ordinal);
        var name = parts.Count > 0 ? parts[parts.Count - 1] : "";
        var folder = string.Join("/", parts.Take(Math.Max(0, parts.Count - 1)));
        return new NormalizedPath(path.Substring(0, scheme).ToLowerInvariant() + (isRooted ? "/" : "") + folder, name);
    }
}
