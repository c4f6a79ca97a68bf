using Penstock.Sinks;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>
/// The coordinator of one attempt to run a job: knows its nodes, whether one has failed or all have ended, and takes checkpoints of all of
/// them.
/// </summary>
internal sealed class JobMaster : IJobControl
{
    private readonly List<INodeControl> _nodes = [];
    private readonly HashSet<int> _running = [];
    private readonly TaskCompletionSource _failed;
    private readonly TaskCompletionSource _ended;

    /// <summary>Creates the coordinator of a job without nodes.</summary>
    /// <param name="environment">What it touches.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="store">Where checkpoints go.</param>
    /// <param name="sinks">Commits their output.</param>
    /// <param name="start">What the attempt goes on from.</param>
    public JobMaster(ExecutionEnvironment environment, PipelinePlan plan, CheckpointStore store, SinkCommitters sinks, RestoredStart start)
    {
        _failed = new TaskCompletionSource(environment.Background.Completion);
        _ended = new TaskCompletionSource(environment.Background.Completion);
        Checkpoints = new CheckpointCoordinator(environment, plan, store, sinks, start, _nodes, error => _failed.TrySetException(error));
    }

    /// <summary>Takes the checkpoints.</summary>
    public CheckpointCoordinator Checkpoints { get; }

    /// <summary>Fails when a node does.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Completes when all nodes have ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Adds a node, before the first checkpoint.</summary>
    public void Join(INodeControl node)
    {
        _nodes.Add(node);
        _running.Add(node.Number);
    }

    public void Acknowledge(CheckpointPart part) => Checkpoints.Acknowledge(part);

    public void Decline(int node, long checkpoint, Exception cause) => Checkpoints.Decline(node, checkpoint, cause);

    public void Fail(int node, Exception cause) => _failed.TrySetException(cause);

    public void End(int node)
    {
        lock (_running)
        {
            if (_running.Remove(node) && _running.Count == 0)
            {
                _ended.TrySetResult();
            }
        }
    }
}
