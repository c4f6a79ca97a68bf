using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>
/// An attempt to run a job: its coordinator and the first node, which is in this process, so that job control is a direct call. Other nodes
/// are reached by messages.
/// </summary>
internal sealed class LocalJob
{
    private readonly JobMaster _master;
    private readonly LocalNode _node;

    /// <summary>Connects the coordinator to the nodes.</summary>
    /// <param name="graph">The subtasks of the first node, not started yet.</param>
    /// <param name="store">The store of the checkpoints.</param>
    /// <param name="start">The restored start of the attempt.</param>
    /// <param name="others">The other nodes.</param>
    public LocalJob(ExecutionGraph graph, CheckpointStore store, RestoredStart start, params IReadOnlyList<INodeControl> others)
    {
        _master = new JobMaster(graph.Environment, graph.Plan, store, graph.Sinks, start);
        foreach (var node in others)
        {
            _master.Join(node);
        }

        _node = new LocalNode(0, graph, store.State, _master);
        _master.Join(_node);
    }

    /// <summary>The coordinator.</summary>
    public IJobControl Master => _master;

    /// <summary>Fails when a subtask fails.</summary>
    public Task Failed => _master.Failed;

    /// <summary>Completes when every source, and all input of every subtask, has ended.</summary>
    public Task Ended => _master.Ended;

    /// <summary>Takes a checkpoint and commits its output.</summary>
    /// <param name="mode">The purpose of the checkpoint.</param>
    /// <exception cref="CheckpointFailedException">
    /// The checkpoint was not written, or not in time. Nothing is lost: the next one includes its output.
    /// </exception>
    public async Task<CompletedCheckpoint> TakeCheckpointAsync(CheckpointMode mode) => await await PublishCheckpointAsync(mode);

    /// <inheritdoc cref="CheckpointCoordinator.TakeAsync"/>
    public Task<Task<CompletedCheckpoint>> PublishCheckpointAsync(CheckpointMode mode) => _master.Checkpoints.TakeAsync(mode);

    /// <summary>
    /// Abandons a checkpoint in progress, unless it is being published, and a commit that waits for an external system. No other checkpoint
    /// is started.
    /// </summary>
    /// <returns>A task that completes when nothing of them is running, so that another attempt may use the storage.</returns>
    public async Task AbandonAsync()
    {
        var coordinator = _master.Checkpoints.AbandonAsync();
        await _node.CloseAsync();
        await coordinator;
    }
}
