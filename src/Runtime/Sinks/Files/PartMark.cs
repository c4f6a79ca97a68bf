using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Connectors;

namespace Penstock.Sinks.Files;

/// <summary>The file that says which job writes part files.</summary>
/// <param name="Job">The id of the job.</param>
/// <param name="Pipeline">The name of its pipeline.</param>
/// <param name="Checkpoints">Where its checkpoints are; null when they are in memory.</param>
/// <param name="Former">The jobs whose output it has taken over, the last one first; null where there is none.</param>
internal sealed record PartMark(string Job, string Pipeline, string? Checkpoints, IReadOnlyList<SinkPredecessor>? Former)
{
    public static PartMark Of(SinkOwner owner, IReadOnlyList<SinkPredecessor>? former) =>
        new(owner.Job, owner.Pipeline, owner.Checkpoints, former);

    /// <summary>Reads a mark.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static PartMark? Read(byte[] bytes) => JsonSerializer.Deserialize(bytes, PartMarkJson.Default.PartMark);

    public byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(this, PartMarkJson.Default.PartMark);
}

[JsonSerializable(typeof(PartMark))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class PartMarkJson : JsonSerializerContext;
