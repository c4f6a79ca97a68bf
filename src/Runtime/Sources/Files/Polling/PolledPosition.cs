using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Penstock.Sources.Files;

/// <summary>
/// The position of a lane in a checkpoint: a version; from version 2 on, whether the lane holds the watermark back; path, fingerprint and
/// inner position of the current file, each with a length prefix, with an empty path if there is none; then the entries of
/// <see cref="CompletedFiles"/>.
/// </summary>
internal static class PolledPosition
{
    private const byte FirstVersion = 1;
    private const byte Version = 2;

    public static void Write(
        IBufferWriter<byte> position, CompletedFiles done, InputFile? current, ReadOnlySpan<byte> inner, bool holdsWatermark)
    {
        position.Write([Version, holdsWatermark ? (byte)1 : (byte)0]);
        WritePart(position, Encoding.UTF8.GetBytes(current?.Path ?? ""));
        WritePart(position, Encoding.UTF8.GetBytes(current?.Fingerprint ?? ""));
        WritePart(position, inner);
        position.Write(done.Save());
    }

    /// <summary>Reads a position; an empty one is the beginning.</summary>
    /// <exception cref="PipelineException">The position is not valid.</exception>
    public static (InputFile? Current, byte[] Inner, bool HoldsWatermark) Read(
        string lane, ReadOnlySpan<byte> position, CompletedFiles done)
    {
        if (position.IsEmpty)
        {
            return (null, [], false);
        }

        var version = position[0];
        if (version is not (FirstVersion or Version))
        {
            throw new PipelineException(
                ErrorCodes.NewerRelease,
                $"{lane}: the position in the checkpoint has a format that this version does not know. Start from an older checkpoint or "
                    + $"with a newer version.");
        }

        var holdsWatermark = version != FirstVersion && position[1] != 0;
        position = position[(version == FirstVersion ? 1 : 2)..];
        var path = Encoding.UTF8.GetString(ReadPart(ref position));
        var fingerprint = Encoding.UTF8.GetString(ReadPart(ref position));
        var inner = ReadPart(ref position).ToArray();
        done.Restore(position);
        return (path.Length == 0 ? null : new InputFile(path, fingerprint), inner, holdsWatermark);
    }

    private static void WritePart(IBufferWriter<byte> position, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(position.GetSpan(sizeof(int)), part.Length);
        position.Advance(sizeof(int));
        position.Write(part);
    }

    private static ReadOnlySpan<byte> ReadPart(ref ReadOnlySpan<byte> position)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(position);
        var part = position.Slice(sizeof(int), length);
        position = position[(sizeof(int) + length)..];
        return part;
    }
}
