using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Checkpoints;

/// <summary>A state file in a manifest of format 1 or 2: the checkpoint that wrote it, and its contents.</summary>
internal sealed record OldStateFile(long Id, long Length, List<OldSubtaskState> Subtasks);

/// <summary>The location of a subtask's state in a state file, and the checksum of each of its blocks.</summary>
internal sealed record OldSubtaskState(
    string Task,
    int Subtask,
    long Offset,
    long Length,
    List<string> Checksums,
    List<StateSection> Sections);

/// <summary>
/// Reads manifests of formats 1 (release 0.1) and 2. There each file lists its subtasks, and its name follows from its checkpoint; in
/// format 1 a single number is the parallelism of all tasks. Everything else is as in the current format.
/// </summary>
internal static class OldManifest
{
    /// <summary>The newest format that this class reads.</summary>
    public const int NewestFormat = 2;

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The text of the manifest.</param>
    /// <param name="nameOf">Returns the name of the state file of a checkpoint.</param>
    /// <returns>The manifest, or null if a part is missing.</returns>
    /// <exception cref="JsonException">The text is not a manifest.</exception>
    public static Manifest? Read(ReadOnlySpan<byte> json, Func<long, string> nameOf)
    {
        if (JsonNode.Parse(json) is not JsonObject manifest
            || manifest["files"]?.Deserialize(ManifestJson.Default.ListOldStateFile) is not { Count: > 0 } files
            || !files.TrueForAll(HasAllParts))
        {
            return null;
        }

        // Each file contains all subtasks.
        var state =
            files[^1].Subtasks.ConvertAll(subtask => new SubtaskState(subtask.Task, subtask.Subtask, [.. PiecesOf(files, subtask)]));
        manifest["files"] = JsonSerializer.SerializeToNode(
            files.ConvertAll(file => new StateFile(nameOf(file.Id), file.Length)),
            ManifestJson.Default.ListStateFile);
        manifest["state"] = JsonSerializer.SerializeToNode(state, ManifestJson.Default.ListSubtaskState);
        if (manifest["parallelism"] is { } parallelism)
        {
            manifest["subtasks"] = new JsonObject(state.Select(static subtask => subtask.Task)
                .Distinct()
                .Select(task => KeyValuePair.Create(task, (JsonNode?)parallelism.DeepClone())));
        }

        return manifest.Deserialize(ManifestJson.Default.Manifest);
    }

    private static bool HasAllParts(OldStateFile file) =>
        file?.Subtasks != null && file.Subtasks.TrueForAll(static subtask => subtask?.Task != null);

    private static IEnumerable<StatePiece> PiecesOf(List<OldStateFile> files, OldSubtaskState subtask)
    {
        for (var index = 0; index < files.Count; index++)
        {
            foreach (var piece in files[index].Subtasks.Where(other => other.Task == subtask.Task && other.Subtask == subtask.Subtask))
            {
                yield return new StatePiece(index, piece.Offset, piece.Length, piece.Checksums, piece.Sections);
            }
        }
    }
}
