using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Threads;

namespace Penstock.Tasks;

/// <summary>All external dependencies of a running pipeline. Production hosts and test drivers differ only in this object.</summary>
internal sealed record ExecutionEnvironment(string Name, PipelineOptions Options, IServiceProvider Services, ILogger Log)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IFileSystem Files { get; init; } = LocalFileSystem.Instance;

    /// <summary>
    /// Indicates whether the pipeline has already run in this process. A condition that held then and does not now may then be temporary.
    /// </summary>
    public bool IsRestart { get; init; }

    /// <summary>Generates the random part of a restart's delay, and the number in the file names of another node.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>Generates the ids of jobs, savepoints and marks. They must be unique, also across processes.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    /// <summary>The storage in which sinks keep output until it is committed: beside the checkpoints.</summary>
    public ICheckpointStorage Spool { get; init; } = new FolderStorage(new MemoryFileSystem(), "memory", Name);

    /// <summary>The secret in the hashes of tables, for a job that has none yet. Tests use a fixed one for reproducibility.</summary>
    public ulong NewSecret { get; init; } = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Creates the mailbox of a subtask from the id of its task, its index, and its message handler.</summary>
    public Func<string, int, Action<Message>, Mailbox> CreateMailbox { get; init; } = static (_, _, handle) => new DataflowMailbox(handle);

    /// <summary>Runs work that may block or take long.</summary>
    public IBackground Background { get; init; } = ThreadBackground.Instance;

    /// <summary>
    /// The number in the names of files that an attempt writes on this node before the checkpoint that refers to them is published: state
    /// files, hidden part files, spool files. No node of an earlier attempt, which may still be writing, has the same number. It is 0 on
    /// the first node, which is unique because its process has the lock of the checkpoint storage.
    /// </summary>
    public int Writer { get; init; }

    /// <summary>The number of bytes that a sink collects before it writes them to a file; null for its usual number.</summary>
    public int? FileBuffer { get; init; }

    /// <summary>Connects to the other node of the job, or null if all subtasks run on one node.</summary>
    public INodeConnector? OtherNode { get; init; }

    /// <summary>Replaces sources and sinks, in tests.</summary>
    public IConnectorOverrides? Connectors { get; init; }
}

/// <summary>Sources and sinks that replace those that a pipeline declares.</summary>
internal interface IConnectorOverrides
{
    ISource<T>? Source<T>(string id);

    /// <summary>Returns the source that replaces a declared one, possibly with the reader of the declared one.</summary>
    /// <param name="id">The id of the source.</param>
    /// <param name="over">
    /// Creates a source that reads input sent by the test with the reader of the declared source, and ends after it.
    /// </param>
    ISource<T>? Source<T>(string id, Func<ISentInput, ISource<T>> over) => Source<T>(id);

    /// <summary>Returns the source in the place of a declared one, which is created only if this method asks for it.</summary>
    /// <param name="id">The id of the source.</param>
    /// <param name="over">Creates a source over input of the test.</param>
    /// <param name="declared">Creates the declared source.</param>
    ISource<T>? Source<T>(string id, Func<ISentInput, ISource<T>> over, Func<ISource<T>> declared) => Source(id, over);

    ISink<T> Sink<T>(string stream, string id);

    /// <summary>Returns the sink in the place of a declared one, which is created only if this method asks for it.</summary>
    /// <param name="stream">The id of the stream.</param>
    /// <param name="id">The id of the sink.</param>
    /// <param name="declared">Creates the declared sink, with its columns and its changelog.</param>
    ISink<T> Sink<T>(string stream, string id, Func<ISink<T>> declared) => Sink<T>(stream, id);

    /// <summary>Returns the list that receives the rows of a stream without a sink.</summary>
    List<Change<T>> Tap<T>(string stream) => throw new NotSupportedException("Only a test reads streams without a sink.");
}

/// <summary>A pipeline class, as used by the engine.</summary>
internal sealed record PipelineDefinition(PipelinePlan Plan, Func<int, TaskContext, Subtask> CreateTask)
{
    public static PipelineDefinition Of<T>()
        where T : IPipeline => new(T.Plan, T.CreateTask);

    /// <summary>Returns the definition for a test that reads every stream.</summary>
    public static PipelineDefinition OfTest<T>()
        where T : IPipeline => new(T.Plan, T.CreateTestTask);
}
