using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace Penstock.Checkpoints;

/// <summary>
/// The file format of a manifest: one line with the format and the checksum, then JSON. The line is sufficient to distinguish a damaged
/// file from a foreign or newer one.
/// </summary>
internal static class ManifestFile
{
    private const string Magic = "penstock-checkpoint";
    private const string MarkMagic = "penstock-mark ";

    public static byte[] Serialize(Manifest manifest)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest);
        var head = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Magic} {Manifest.CurrentFormat} {XxHash3.HashToUInt64(json):x16}\n"));
        return [.. head, .. json];
    }

    /// <summary>Returns the mark that a writer publishes under a number without a checkpoint.</summary>
    public static byte[] SerializeMark(Guid writer) => Encoding.ASCII.GetBytes($"{MarkMagic}{writer}\n");

    /// <summary>Reads a manifest.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="path">The location of the file, for messages.</param>
    /// <param name="stateName">Returns the name of the state file of a checkpoint, for manifests that do not contain it.</param>
    /// <returns>The manifest, or null if there is only a mark.</returns>
    /// <exception cref="DamagedCheckpointException">The file is damaged.</exception>
    /// <exception cref="PipelineException">The file is intact but of another kind or of a newer format.</exception>
    public static Manifest? Read(byte[] bytes, string path, Func<long, string> stateName)
    {
        if (bytes.AsSpan().StartsWith(Encoding.ASCII.GetBytes(MarkMagic)) && bytes.Length == SerializeMark(Guid.Empty).Length)
        {
            return null;
        }

        var end = bytes.AsSpan().IndexOf((byte)'\n');
        var head = end < 0 ? [] : Encoding.ASCII.GetString(bytes, 0, end).Split(' ');
        if (head.Length != 3 || head[0] != Magic || head[1].Length == 0 || !head[1].All(char.IsAsciiDigit))
        {
            throw new DamagedCheckpointException($"'{path}' does not start with the header of a manifest.");
        }

        // A number of any length: one that does not fit is of a newer format, too.
        if (!int.TryParse(head[1], NumberStyles.None, CultureInfo.InvariantCulture, out var format) || format > Manifest.CurrentFormat)
        {
            throw new CheckpointRefusedException(
                ErrorCodes.NewerRelease,
                $"The checkpoint '{path}' has format {head[1]}; this release of Penstock reads formats up to "
                    + $"{Manifest.CurrentFormat}. Run the release that wrote it or a newer one.");
        }

        var json = bytes.AsSpan(end + 1);
        if (head[2] != XxHash3.HashToUInt64(json).ToString("x16", CultureInfo.InvariantCulture))
        {
            throw new DamagedCheckpointException($"'{path}' does not have the checksum that it names.");
        }

        try
        {
            var manifest = format <= OldManifest.NewestFormat
                ? OldManifest.Read(json, stateName)
                : JsonSerializer.Deserialize(json, ManifestJson.Default.Manifest);
            if (manifest?.ChannelState is { } channels)
            {
                throw new CheckpointRefusedException(
                    ErrorCodes.NewerRelease,
                    $"The checkpoint '{path}' contains data in transit between subtasks (format {channels.Version}), which this "
                        + $"release does not support. Run the release that wrote it or a newer one.");
            }

            return (manifest == null ? "it lacks a part" : ManifestCheck.FindProblem(manifest)) is { } reason
                ? throw new DamagedCheckpointException($"'{path}' has the checksum that it names, but {reason}.")
                : manifest;
        }
        catch (JsonException error)
        {
            throw new DamagedCheckpointException($"'{path}' has the checksum that it names, but is no manifest: {error.Message}");
        }
    }
}

/// <summary>Thrown when the files of a checkpoint are truncated, altered or missing. An older checkpoint may be restored instead.</summary>
internal sealed class DamagedCheckpointException(string message) : PipelineException(ErrorCodes.CheckpointDamaged, message);

/// <summary>
/// Thrown when a checkpoint is intact but must not be restored by this program. No other checkpoint may be restored instead.
/// </summary>
internal sealed class CheckpointRefusedException(PipelineErrorCode code, string message, Exception? inner = null)
    : PipelineException(code, message, inner);
