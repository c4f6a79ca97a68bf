using Microsoft.Extensions.Logging;
using Penstock.Files;
using Penstock.Hosting;

namespace Penstock.Tasks;

/// <summary>
/// Everything from outside that a pipeline touches while it runs. A production host and a test driver differ in this object
/// alone.
/// </summary>
internal sealed record ExecutionEnvironment(string Name, PipelineOptions Options, IServiceProvider Services, ILogger Log)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IFileSystem Files { get; init; } = LocalFileSystem.Instance;

    /// <summary>Creates the mailbox of a subtask.</summary>
    public Func<Action<Message>, Mailbox> CreateMailbox { get; init; } = handle => new DataflowMailbox(handle);

    /// <summary>Replaces the source of this id, in tests.</summary>
    public Func<string, object?>? SourceOverride { get; init; }

    /// <summary>Replaces the sink of this stream and id, in tests.</summary>
    public Func<string, string, object?>? SinkOverride { get; init; }
}

/// <summary>A pipeline class as the engine sees it.</summary>
internal sealed record PipelineDefinition(PipelinePlan Plan, Func<int, TaskContext, Subtask> CreateTask)
{
    public static PipelineDefinition Of<T>()
        where T : IPipeline => new(T.Plan, T.CreateTask);
}
