using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Files;
using Penstock.Hosting;
using Penstock.Sinks;
using Penstock.Sources;

namespace Penstock.Tasks;

/// <summary>
/// Everything from outside that a pipeline touches while it runs. A production host and a test driver differ in this object
/// alone.
/// </summary>
internal sealed record ExecutionEnvironment(string Name, PipelineOptions Options, IServiceProvider Services, ILogger Log)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IFileSystem Files { get; init; } = LocalFileSystem.Instance;

    /// <summary>Where sinks keep output until it is committed: beside the checkpoints.</summary>
    public ICheckpointStorage Spool { get; init; } = new FolderStorage(new MemoryFileSystem(), "memory", Name);

    /// <summary>The secret in the hashes of tables for a job that has none yet. Tests fix it, so that they are the same each time.</summary>
    public ulong NewSecret { get; init; } = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Creates the mailbox of a subtask.</summary>
    public Func<Action<Message>, Mailbox> CreateMailbox { get; init; } = handle => new DataflowMailbox(handle);

    /// <summary>Replaces sources and sinks, in tests.</summary>
    public IConnectorOverrides? Connectors { get; init; }
}

/// <summary>Sources and sinks that take the place of those that a pipeline declares.</summary>
internal interface IConnectorOverrides
{
    ISource<T>? Source<T>(string id);

    ISink<T> Sink<T>(string stream, string id);
}

/// <summary>A pipeline class as the engine sees it.</summary>
internal sealed record PipelineDefinition(PipelinePlan Plan, Func<int, TaskContext, Subtask> CreateTask)
{
    public static PipelineDefinition Of<T>()
        where T : IPipeline => new(T.Plan, T.CreateTask);
}
