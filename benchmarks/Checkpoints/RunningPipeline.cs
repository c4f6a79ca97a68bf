using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Benchmarks.Checkpoints;

/// <summary>A pipeline that runs until it is disposed, and takes checkpoints on request.</summary>
internal sealed class RunningPipeline : IAsyncDisposable
{
    private readonly CheckpointStore _store;
    private readonly ExecutionGraph _graph;
    private readonly LocalJob _job;

    private RunningPipeline(CheckpointStore store, ExecutionGraph graph, LocalJob job)
    {
        _store = store;
        _graph = graph;
        _job = job;
    }

    /// <summary>Called when the subtasks have passed the barrier.</summary>
    public Action PassedBarrier { get; set; } = () => { };

    /// <summary>The number of rows so far.</summary>
    public long Rows => _graph.Subtasks.Where(subtask => subtask.Source != null).Sum(subtask => subtask.Counters.RowsIn);

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
            Background = background
            ?? ThreadBackground.Instance
        };
        var store = new CheckpointStore(new FolderStorage(LocalFileSystem.Instance, folder, T.Plan.Name), Guid.NewGuid);
        var graph = new ExecutionGraph(definition, environment);
        var start = await new Restorer(store, graph).RestoreAsync().ConfigureAwait(false);
        graph.Open(start.NextCheckpoint);
        var job = new LocalJob(graph, store, start);
        var running = new RunningPipeline(store, graph, job);
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
        graph.Start();
        return running;
    }

    /// <summary>Takes a checkpoint.</summary>
    public async Task<CompletedCheckpoint> CheckpointAsync()
    {
        var taking = _job.TakeCheckpointAsync(CheckpointMode.Ordinary);
        await (await Task.WhenAny(taking, _job.Failed).ConfigureAwait(false)).ConfigureAwait(false);
        return await taking.ConfigureAwait(false);
    }

    /// <summary>Waits until a number of further rows was read.</summary>
    public async Task RunRowsAsync(long rows)
    {
        for (var end = Rows + rows; Rows < end;)
        {
            await Task.WhenAny(_job.Failed, Task.Delay(5)).ConfigureAwait(false);
            if (_job.Failed.IsFaulted)
            {
                await _job.Failed.ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _graph.StopAsync().ConfigureAwait(false);
        await _job.AbandonAsync().ConfigureAwait(false);
        _graph.Dispose();
        _store.Dispose();
    }
}
