using Penstock.Checkpoints;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>One attempt of a job on one node: it starts from the newest checkpoint, and ends with a crash.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly CheckpointStore _store;

    private Attempt(CheckpointStore store, ExecutionGraph graph, LocalJob job)
    {
        _store = store;
        Graph = graph;
        Job = job;
    }

    /// <summary>The subtasks.</summary>
    public ExecutionGraph Graph { get; }

    /// <summary>The coordinator and the node.</summary>
    public LocalJob Job { get; }

    /// <summary>The number of rows that the sources have read since the start.</summary>
    public long RowsIn => Graph.Subtasks.Where(static subtask => subtask.Source != null).Sum(static subtask => subtask.Counters.RowsIn);

    /// <summary>Creates the subtasks and restores the newest checkpoint. The caller starts them.</summary>
    /// <param name="definition">The pipeline.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="store">The checkpoints. The attempt closes them.</param>
    public static async Task<Attempt> RestoreAsync(PipelineDefinition definition, ExecutionEnvironment environment, CheckpointStore store)
    {
        ExecutionGraph? graph = null;
        try
        {
            graph = new ExecutionGraph(definition, environment);
            var start = await new Restorer(store, graph).RestoreAsync();
            graph.Open(start.NextCheckpoint);
            return new Attempt(store, graph, new LocalJob(graph, store, start));
        }
        catch
        {
            graph?.Dispose();
            store.Dispose();
            throw;
        }
    }

    /// <summary>Starts the subtasks.</summary>
    public void Start() => Graph.Start();

    /// <summary>Takes a checkpoint and commits its output.</summary>
    /// <exception cref="CheckpointFailedException">The checkpoint was not written, or not in time.</exception>
    public async Task<CompletedCheckpoint> CheckpointAsync(CheckpointMode mode = CheckpointMode.Ordinary)
    {
        // A subtask that has failed sends no part of a checkpoint: the failure is the result then.
        var taking = Job.TakeCheckpointAsync(mode);
        await await Task.WhenAny(taking, Job.Failed);
        return await taking;
    }

    /// <summary>Stops real threads where they are, and gives up everything since the last checkpoint.</summary>
    public async Task CrashAsync()
    {
        await Graph.StopAsync();
        await Job.AbandonAsync();
        Dispose();
    }

    public void Dispose()
    {
        Graph.Dispose();
        _store.Dispose();
    }
}
