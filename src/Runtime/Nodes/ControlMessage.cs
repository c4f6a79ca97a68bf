using System.Text.Json.Serialization;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;

namespace Penstock.Nodes;

/// <summary>A message of job control between the coordinator and a node, as JSON in a frame. Messages are infrequent.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "message")]
[JsonDerivedType(typeof(Join), "join")]
[JsonDerivedType(typeof(Load), "load")]
[JsonDerivedType(typeof(OpenSources), "openSources")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Trigger), "trigger")]
[JsonDerivedType(typeof(Complete), "complete")]
[JsonDerivedType(typeof(Abort), "abort")]
[JsonDerivedType(typeof(Answer), "answer")]
[JsonDerivedType(typeof(Acknowledge), "acknowledge")]
[JsonDerivedType(typeof(Decline), "decline")]
[JsonDerivedType(typeof(Fail), "fail")]
[JsonDerivedType(typeof(End), "end")]
internal abstract record ControlMessage
{
    /// <summary>The version of the messages, and of the channel format.</summary>
    public const int Version = 1;

    /// <summary>Sent to a node first: take part in an attempt. The node creates its subtasks and answers.</summary>
    /// <param name="Protocol">The version of the messages.</param>
    /// <param name="Program">The program of the coordinator with its options: nodes that differ are incompatible.</param>
    /// <param name="Job">The id of the job, because two jobs may run the same program.</param>
    /// <param name="Node">The number of the node.</param>
    /// <param name="Nodes">The number of nodes.</param>
    /// <param name="Writer">
    /// The number in the names of files that the node writes (<see cref="Tasks.ExecutionEnvironment.Writer"/>).
    /// </param>
    /// <param name="IsRestart">Indicates whether the pipeline has already run in the process of the coordinator.</param>
    public sealed record Join(int Protocol, string Program, string Job, int Node, int Nodes, int Writer, bool IsRestart) : ControlMessage;

    /// <inheritdoc cref="INodeStart.LoadAsync"/>
    public sealed record Load(Manifest? Manifest, string? Savepoint, ulong Secret) : ControlMessage;

    /// <inheritdoc cref="INodeStart.OpenSourcesAsync"/>
    public sealed record OpenSources(Dictionary<string, IReadOnlyList<SourceSplit>> Splits, bool IsFinished) : ControlMessage;

    /// <inheritdoc cref="INodeStart.StartAsync"/>
    public sealed record Start(long NextCheckpoint, Dictionary<string, long> Reached) : ControlMessage;

    /// <inheritdoc cref="INodeControl.Trigger"/>
    public sealed record Trigger(CheckpointBarrier Barrier) : ControlMessage;

    /// <inheritdoc cref="INodeControl.Complete"/>
    public sealed record Complete(long Checkpoint) : ControlMessage;

    /// <inheritdoc cref="INodeControl.Abort"/>
    public sealed record Abort(long Checkpoint) : ControlMessage;

    /// <summary>Sent to the coordinator: the requested step is done or has failed.</summary>
    public sealed record Answer(NodeFailure? Failure) : ControlMessage;

    /// <inheritdoc cref="IJobControl.Acknowledge"/>
    public sealed record Acknowledge(CheckpointPart Part) : ControlMessage;

    /// <inheritdoc cref="IJobControl.Decline"/>
    public sealed record Decline(long Checkpoint, NodeFailure Cause) : ControlMessage;

    /// <inheritdoc cref="IJobControl.Fail"/>
    public sealed record Fail(NodeFailure Cause) : ControlMessage;

    /// <inheritdoc cref="IJobControl.End"/>
    public sealed record End : ControlMessage;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ControlMessage))]
internal sealed partial class ControlJson : JsonSerializerContext;
