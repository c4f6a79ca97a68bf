using Penstock.Sinks;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>
/// The coordinator of one attempt to run a job. It knows the nodes of the job, whether one has failed or all have ended, and takes
/// checkpoints of all of them.
/// </summary>
internal sealed class JobMaster : IJobControl
{
    private readonly List<INodeControl> _nodes = [];
    private readonly HashSet<int> _running = [];
    private readonly TaskCompletionSource _failed;
    private readonly TaskCompletionSource _ended;

    /// <summary>Creates the coordinator of a job, initially without nodes.</summary>
    /// <param name="environment">The environment of the attempt.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="store">The store of the checkpoints.</param>
    /// <param name="sinks">The committers of the output.</param>
    /// <param name="start">The restored start of the attempt.</param>
    public JobMaster(ExecutionEnvironment environment, PipelinePlan plan, CheckpointStore store, SinkCommitters sinks, RestoredStart start)
    {
        _failed = new TaskCompletionSource(environment.Background.Completion);
        _ended = new TaskCompletionSource(environment.Background.Completion);
        Checkpoints = new CheckpointCoordinator(environment, plan, store, sinks, start, _nodes, error => _failed.TrySetException(error));
    }

    /// <summary>The coordinator of checkpoints.</summary>
    public CheckpointCoordinator Checkpoints { get; }

    /// <summary>Fails when a node fails.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Completes when all nodes have ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Adds a node. Called before the first checkpoint.</summary>
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
