using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Threads;

namespace Penstock.Tasks;

/// <summary>
/// Everything from outside that a pipeline touches while it runs. A production host and a test driver differ in this object
/// alone.
/// </summary>
internal sealed record ExecutionEnvironment(string Name, PipelineOptions Options, IServiceProvider Services, ILogger Log)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IFileSystem Files { get; init; } = LocalFileSystem.Instance;

    /// <summary>Whether the pipeline has run before in this process: what was right then and is not now may be so again.</summary>
    public bool IsRestart { get; init; }

    /// <summary>Chooses the part of a restart's delay that is random, and the number in the names of what another node writes.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Creates the ids of jobs, savepoints and marks. Two of them must never be equal, also not across processes.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    /// <summary>Where sinks keep output until it is committed: beside the checkpoints.</summary>
    public ICheckpointStorage Spool { get; init; } = new FolderStorage(new MemoryFileSystem(), "memory", Name);

    /// <summary>
    /// The secret in the hashes of tables for a job that has none yet. Tests fix it, so that they are the same each time.
    /// </summary>
    public ulong NewSecret { get; init; } = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Creates the mailbox of a subtask, from the id of its task, its index, and what handles a message.</summary>
    public Func<string, int, Action<Message>, Mailbox> CreateMailbox { get; init; } = static (_, _, handle) => new DataflowMailbox(handle);

    /// <summary>Where work is done that may block or take long.</summary>
    public IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>
    /// The number in the names of what an attempt writes on this node before a checkpoint that names it is published: state files, hidden
    /// part files, files of a spool. No node of an earlier attempt, which may still write, has the same one. 0 on the first node, in whose
    /// place nobody else can be: its process has the lock of the place for checkpoints.
    /// </summary>
    public int Writer { get; init; }

    /// <summary>Connects with the other node over which the subtasks are split; null where all lie on one.</summary>
    public INodeConnector? OtherNode { get; init; }

    /// <summary>Replaces sources and sinks, in tests.</summary>
    public IConnectorOverrides? Connectors { get; init; }
}

/// <summary>Sources and sinks that take the place of those that a pipeline declares.</summary>
internal interface IConnectorOverrides
{
    ISource<T>? Source<T>(string id);

    /// <summary>The source that takes the place of a declared one, where it may want to read as that one does.</summary>
    /// <param name="id">The id of the source.</param>
    /// <param name="over">Creates a source over what a test has sent, with the reader of the declared one; it ends with that.</param>
    ISource<T>? Source<T>(string id, Func<ISentInput, ISource<T>> over) => Source<T>(id);

    ISink<T> Sink<T>(string stream, string id);

    /// <summary>Where the rows of a stream without a sink go.</summary>
    List<Change<T>> Tap<T>(string stream) => throw new NotSupportedException("Only a test reads streams without a sink.");
}

/// <summary>A pipeline class as the engine sees it.</summary>
internal sealed record PipelineDefinition(PipelinePlan Plan, Func<int, TaskContext, Subtask> CreateTask)
{
    public static PipelineDefinition Of<T>()
        where T : IPipeline => new(T.Plan, T.CreateTask);

    /// <summary>The pipeline as a test runs it that reads every stream.</summary>
    public static PipelineDefinition OfTest<T>()
        where T : IPipeline => new(T.Plan, T.CreateTestTask);
}
