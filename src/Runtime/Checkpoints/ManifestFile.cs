using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Penstock.State;

namespace Penstock.Checkpoints;

/// <summary>
/// A manifest on disk: one line that names the format and the checksum, then JSON. The line is enough to tell a damaged
/// file from a foreign or newer one.
/// </summary>
internal static class ManifestFile
{
    private const string Magic = "penstock-checkpoint";
    private const string MarkMagic = "penstock-mark ";

    public static byte[] Serialize(Manifest manifest)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest);
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Magic} {Manifest.CurrentFormat} {XxHash3.HashToUInt64(json):x16}\n"));
        return [.. head, .. json];
    }

    /// <summary>What stands in the place of a manifest where a writer has taken a number without a checkpoint.</summary>
    public static byte[] SerializeMark(Guid writer) => Encoding.ASCII.GetBytes($"{MarkMagic}{writer}\n");

    /// <summary>Reads a manifest.</summary>
    /// <returns>The manifest, or null where there is only a mark.</returns>
    /// <exception cref="DamagedCheckpointException">The file is not what was written.</exception>
    /// <exception cref="PipelineException">The file is whole but of another kind or a newer format.</exception>
    public static Manifest? Read(byte[] bytes, string path)
    {
        if (bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(MarkMagic)) && bytes.Length == SerializeMark(Guid.Empty).Length)
        {
            return null;
        }

        var end = bytes.AsSpan().IndexOf((byte)'\n');
        var head = end < 0 ? [] : Encoding.ASCII.GetString(bytes, 0, end).Split(' ');
        if (head.Length != 3 || head[0] != Magic || head[1].Length == 0 || !head[1].All(char.IsAsciiDigit))
        {
            throw new DamagedCheckpointException($"'{path}' does not begin as a manifest does.");
        }

        // A number of any length: what does not fit is newer still.
        if (!int.TryParse(head[1], NumberStyles.None, CultureInfo.InvariantCulture, out var format) || format > Manifest.CurrentFormat)
        {
            throw new CheckpointRefusedException(
                $"The checkpoint '{path}' has format {head[1]}; this release of Penstock reads formats up to {Manifest.CurrentFormat}. Run the release that wrote it or a newer one.");
        }

        var json = bytes.AsSpan(end + 1);
        if (head[2] != XxHash3.HashToUInt64(json).ToString("x16", CultureInfo.InvariantCulture))
        {
            throw new DamagedCheckpointException($"'{path}' does not have the checksum that it names.");
        }

        try
        {
            return JsonSerializer.Deserialize(json, ManifestJson.Default.Manifest) is { } manifest && IsWhole(manifest) && WithSubtasks(manifest) is { } whole
                ? whole
                : throw new DamagedCheckpointException($"'{path}' has the checksum that it names, but lacks a part or contradicts itself.");
        }
        catch (JsonException error)
        {
            throw new DamagedCheckpointException($"'{path}' has the checksum that it names, but is no manifest: {error.Message}");
        }
    }

    // What can be read later without a look at whether it is there, and within the files that are named.
    private static bool IsWhole(Manifest manifest) =>
        manifest is { Job: not null, Pipeline: not null, PenstockVersion: not null, KeyGroups: > 0, Files: not null, Sinks: not null, Counters: not null }
        && manifest is { Parallelism: > 0 } or { Parallelism: null, Subtasks: not null }
        && manifest.StartedFrom is null or { Id: not null, Location: not null }
        && manifest.Files.TrueForAll(static file => file is { Length: >= 0, Subtasks: not null } && file.Subtasks.TrueForAll(subtask => IsWithin(subtask, file.Length)))
        && manifest.Sinks.TrueForAll(static sink => sink is { Id: not null, Prepared: not null } && sink.Prepared.TrueForAll(static prepared => prepared != null))
        && manifest.Counters.Values.All(static counters => counters != null);

    // The one number of format 1 is that of every task. Null where a subtask is none of those that its task had.
    private static Manifest? WithSubtasks(Manifest manifest)
    {
        var states = manifest.Files.SelectMany(static file => file.Subtasks).ToList();
        var read = manifest.Parallelism is { } all
            ? manifest with { Parallelism = null, Subtasks = states.Select(static state => state.Task).Distinct().ToDictionary(static task => task, _ => all) }
            : manifest;
        return states.TrueForAll(state => state.Subtask < read.Subtasks.GetValueOrDefault(state.Task)) ? read : null;
    }

    private static bool IsWithin(SubtaskState subtask, long fileLength) =>
        subtask is { Task: not null, Subtask: >= 0, Offset: >= 0, Length: >= 0, Checksums: not null, Sections: not null }
        && subtask.Offset <= fileLength - subtask.Length
        && subtask.Checksums.Count == (subtask.Length + BlockPool.BlockSize - 1) / BlockPool.BlockSize
        && subtask.Sections.TrueForAll(section => section is { Id: not null, Schema: not null, Offset: >= 0, Length: >= 0 } && section.Offset <= subtask.Length - section.Length);
}

/// <summary>A checkpoint's files are not what was written: truncated, altered or gone. An older checkpoint may do.</summary>
internal sealed class DamagedCheckpointException(string message) : PipelineException(message);

/// <summary>A checkpoint is whole, but must not be restored by this program. No other may be taken in its place.</summary>
internal sealed class CheckpointRefusedException(string message, Exception? inner = null) : PipelineException(message, inner);
