using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>
/// An attempt to run a job: its coordinator, and the first node, which lies in this process, so that job control is a call. Other nodes are
/// known by their messages.
/// </summary>
internal sealed class LocalJob
{
    private readonly JobMaster _master;
    private readonly LocalNode _node;

    /// <summary>Connects the coordinator with the nodes.</summary>
    /// <param name="graph">The subtasks of the first node; not started yet.</param>
    /// <param name="store">Where checkpoints go.</param>
    /// <param name="start">What the attempt goes on from.</param>
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

    /// <summary>Fails when a subtask does.</summary>
    public Task Failed => _master.Failed;

    /// <summary>Completes when every source has ended, and its end has come to every subtask.</summary>
    public Task Ended => _master.Ended;

    /// <summary>Takes a checkpoint and commits the output before it.</summary>
    /// <param name="mode">What it is for.</param>
    /// <exception cref="CheckpointFailedException">It was not written or not in time. Nothing is lost: the next one includes its
    /// output.</exception>
    public async Task<CompletedCheckpoint> TakeCheckpointAsync(CheckpointMode mode) => await await PublishCheckpointAsync(mode);

    /// <inheritdoc cref="CheckpointCoordinator.PublishAsync"/>
    public Task<Task<CompletedCheckpoint>> PublishCheckpointAsync(CheckpointMode mode) => _master.Checkpoints.PublishAsync(mode);

    /// <summary>
    /// Gives up a checkpoint that is under way, unless it is being published, and a commit that waits for something outside. No other
    /// checkpoint begins.
    /// </summary>
    /// <returns>Completes when nothing of them is under way: then another attempt may use the place.</returns>
    public async Task AbandonAsync()
    {
        var coordinator = _master.Checkpoints.AbandonAsync();
        await _node.CloseAsync();
        await coordinator;
    }
}
