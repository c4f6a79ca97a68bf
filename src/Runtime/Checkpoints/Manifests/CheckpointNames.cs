using System.Globalization;

namespace Penstock.Checkpoints;

/// <summary>
/// The names of files in a checkpoint storage. Only an exact name that Penstock would generate is recognized; all other files belong to
/// others.
/// </summary>
internal static class CheckpointNames
{
    /// <summary>The name of the file with the id of the job.</summary>
    public const string Job = "job";

    private const string StateExtension = ".state";
    private const string ManifestExtension = ".manifest";

    /// <summary>
    /// Returns the name of the file with a node's part of a checkpoint: <c>0000000012.state</c> for the first node. That of another node
    /// has the number that it was given as a writer of this attempt, such as <c>0000000012-918273645.state</c>.
    /// </summary>
    public static string State(long id, int writer = 0) =>
        writer == 0 ? Name(id, StateExtension) : string.Create(CultureInfo.InvariantCulture, $"{id:D10}-{writer}{StateExtension}");

    /// <summary>Returns the name of the manifest of a checkpoint.</summary>
    public static string Manifest(long id) => Name(id, ManifestExtension);

    /// <summary>Returns the checkpoint of a state file, or null if the name is not that of a state file.</summary>
    public static long? StateId(string name) => name.IndexOf('-', StringComparison.Ordinal) is var hyphen and > 0
        && int.TryParse(
            name.AsSpan(hyphen + 1, Math.Max(0, name.Length - hyphen - 1 - StateExtension.Length)),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var writer)
        && writer > 0
        && Id(name[..hyphen] + StateExtension, StateExtension) is { } id
        && name == State(id, writer)
            ? id
            : Id(name, StateExtension);

    /// <summary>Returns the checkpoint of a manifest, or null if the name is not that of a manifest.</summary>
    public static long? ManifestId(string name) => Id(name, ManifestExtension);

    /// <summary>Determines whether a file of this name is published atomically, using a temporary file.</summary>
    public static bool IsPublished(string name) => name == Job || ManifestId(name) != null;

    private static string Name(long id, string extension) => id.ToString("D10", CultureInfo.InvariantCulture) + extension;

    private static long? Id(string name, string extension) =>
        name.EndsWith(extension, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(0, name.Length - extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && name == Name(id, extension)
            ? id
            : null;
}
