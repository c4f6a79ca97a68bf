using System.Text.Json;
using Penstock.Network.Links;

namespace Penstock.Nodes;

/// <summary>Serializes messages of job control for frames.</summary>
internal static class ControlFormat
{
    /// <summary>Sends a message to another node.</summary>
    public static void Send(this Peer peer, ControlMessage message) =>
        peer.SendControl(JsonSerializer.SerializeToUtf8Bytes(message, ControlJson.Default.ControlMessage));

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a message.</exception>
    public static ControlMessage Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ControlJson.Default.ControlMessage)
                ?? throw new InvalidDataException("a message of job control is null");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"a message of job control cannot be read: {error.Message}", error);
        }
    }
}
