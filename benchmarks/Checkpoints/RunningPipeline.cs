using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Runtime.Tests.Kit;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>A pipeline that runs until it is disposed, and takes checkpoints on request.</summary>
internal sealed class RunningPipeline : IAsyncDisposable
{
    private readonly Attempt _attempt;

    private RunningPipeline(Attempt attempt) => _attempt = attempt;

    /// <summary>Called when the subtasks have passed the barrier.</summary>
    public Action PassedBarrier { get; set; } = () => { };

    /// <summary>The number of rows so far.</summary>
    public long Rows => _attempt.RowsIn;

    /// <summary>Starts from the newest checkpoint in a folder, or without one.</summary>
    public static async Task<RunningPipeline> StartAsync<T>(
        string folder,
        IServiceProvider services,
        Action<PipelineOptions>? configure = null,
        IBackground? background = null)
        where T : class, IPipeline
    {
        var definition = PipelineDefinition.Of<T>();
        var options = new PipelineOptions();
        options.Checkpoints.Path = folder;
        configure?.Invoke(options);
        var environment = new ExecutionEnvironment(T.Plan.Name, options, services, NullLogger.Instance)
        {
            Background = background ?? ThreadBackground.Instance,
        };
        var store = new CheckpointStore(new FolderStorage(LocalFileSystem.Instance, folder, T.Plan.Name), Guid.NewGuid);
        var attempt = await Attempt.RestoreAsync(definition, environment, store).ConfigureAwait(false);
        var running = new RunningPipeline(attempt);
        var graph = attempt.Graph;
        var acknowledge = graph.Acknowledged;
        var left = 0;
        graph.Acknowledged = (checkpoint, snapshot) =>
        {
            if (++left % graph.Subtasks.Count() == 0)
            {
                running.PassedBarrier();
            }

            acknowledge(checkpoint, snapshot);
        };
        attempt.Start();
        return running;
    }

    /// <summary>Takes a checkpoint.</summary>
    public Task<CompletedCheckpoint> CheckpointAsync() => _attempt.CheckpointAsync();

    /// <summary>Waits until a number of further rows was read.</summary>
    public async Task RunRowsAsync(long rows)
    {
        for (var end = Rows + rows; Rows < end;)
        {
            await Task.WhenAny(_attempt.Job.Failed, Task.Delay(5)).ConfigureAwait(false);
            if (_attempt.Job.Failed.IsFaulted)
            {
                await _attempt.Job.Failed.ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync() => await _attempt.CrashAsync().ConfigureAwait(false);
}
