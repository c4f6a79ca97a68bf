using System.Text.Json.Serialization;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;

namespace Penstock.Nodes;

/// <summary>A message of job control between the coordinator and a node, as JSON in a frame. There are few of them.</summary>
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
    /// <summary>The version of the messages, and of the bytes of channels.</summary>
    public const int Version = 1;

    /// <summary>To a node, first of all: take part in an attempt. The node creates its subtasks, and answers.</summary>
    /// <param name="Protocol">The version of the messages.</param>
    /// <param name="Program">What program the coordinator runs, with which options: nodes that differ do not understand each other.</param>
    /// <param name="Job">The id of the job: two jobs may run the same program.</param>
    /// <param name="Node">The number of the node.</param>
    /// <param name="Nodes">How many nodes there are.</param>
    /// <param name="Writer">The number in the names of the files that it writes (<see cref="Tasks.ExecutionEnvironment.Writer"/>).</param>
    /// <param name="IsRestart">Whether the pipeline has run before in the process of the coordinator.</param>
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

    /// <summary>To the coordinator: what it has asked for is done, or has failed.</summary>
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
