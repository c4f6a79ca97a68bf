using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Connectors;

namespace Penstock.Sinks.Files;

/// <summary>The file that records which job writes the part files.</summary>
/// <param name="Job">The id of the job.</param>
/// <param name="Pipeline">The name of its pipeline.</param>
/// <param name="Checkpoints">The location of its checkpoints, or null if they are in memory.</param>
/// <param name="Former">The jobs whose output it has taken over, most recent first, or null if there are none.</param>
internal sealed record PartMark(string Job, string Pipeline, string? Checkpoints, IReadOnlyList<SinkPredecessor>? Former)
{
    public static PartMark Of(SinkOwner owner, IReadOnlyList<SinkPredecessor>? former) =>
        new(owner.Job, owner.Pipeline, owner.Checkpoints, former);

    /// <summary>Reads a mark.</summary>
    /// <exception cref="JsonException">The mark is damaged.</exception>
    public static PartMark? Read(byte[] bytes) => JsonSerializer.Deserialize(bytes, PartMarkJson.Default.PartMark);

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this, PartMarkJson.Default.PartMark);
}

[JsonSerializable(typeof(PartMark))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class PartMarkJson : JsonSerializerContext;
