using System.Globalization;

namespace Penstock.Checkpoints;

/// <summary>
/// The names of the files in a place for checkpoints. Only a name that Penstock writes itself, digit for digit, is one of them: every other
/// file there is not that of Penstock.
/// </summary>
internal static class CheckpointNames
{
    /// <summary>The file with the id of the job.</summary>
    public const string Job = "job";

    private const string StateExtension = ".state";
    private const string ManifestExtension = ".manifest";

    /// <summary>
    /// The name of the file in which a node writes its part of a checkpoint: <c>0000000012.state</c>, of node 1 <c>0000000012-1.state</c>.
    /// </summary>
    public static string State(long id, int node = 0) =>
        node == 0 ? Name(id, StateExtension) : string.Create(CultureInfo.InvariantCulture, $"{id:D10}-{node}{StateExtension}");

    /// <summary>The name of the manifest of a checkpoint.</summary>
    public static string Manifest(long id) => Name(id, ManifestExtension);

    /// <summary>The checkpoint of a state file; null where the name is not that of one.</summary>
    public static long? StateId(string name) => name.IndexOf('-', StringComparison.Ordinal) is var hyphen and > 0
        && int.TryParse(
            name.AsSpan(hyphen + 1, Math.Max(0, name.Length - hyphen - 1 - StateExtension.Length)),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var node)
        && node > 0
        && Id(name[..hyphen] + StateExtension, StateExtension) is { } id
        && name == State(id, node)
            ? id
            : Id(name, StateExtension);

    /// <summary>The checkpoint of a manifest; null where the name is not that of one.</summary>
    public static long? ManifestId(string name) => Id(name, ManifestExtension);

    /// <summary>Whether a file of this name is published whole, by way of a temporary file.</summary>
    public static bool IsPublished(string name) => name == Job || ManifestId(name) != null;

    private static string Name(long id, string extension) => id.ToString("D10", CultureInfo.InvariantCulture) + extension;

    private static long? Id(string name, string extension) =>
        name.EndsWith(extension, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, name.Length - extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && name == Name(id, extension)
            ? id
            : null;
}
