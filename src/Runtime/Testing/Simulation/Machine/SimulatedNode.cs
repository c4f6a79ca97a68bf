using Penstock.Checkpoints;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The second node of a simulated job, on a separate machine that may die alone. When its link is cut, it lingers: it continues until it
/// notices, and then abandons its attempt and joins the next one, unless another machine has replaced it meanwhile.
/// </summary>
/// <param name="create">Creates a machine.</param>
/// <param name="link">Links it to the first node.</param>
/// <param name="random">Decides whether another machine replaces it, whether its death is a power cut, and which unsynced data then
/// survives.</param>
internal sealed class SimulatedNode(Func<SimulatedMachine> create, SimulatedLink link, Random random)
{
    private TaskManager? _manager;
    private SimulatedMachine? _machine;

    /// <summary>The number of times that the node died.</summary>
    public int Deaths { get; private set; }

    /// <summary>The number of times that another machine replaced the node while it lingered.</summary>
    public int Replacements { get; private set; }

    /// <summary>Returns the connector from the first node to this one.</summary>
    /// <param name="first">The machine of the first node.</param>
    public INodeConnector From(SimulatedMachine first) => new Connector(this, first);

    /// <summary>Kills the node.</summary>
    public void Die()
    {
        Deaths++;
        _machine!.Die(random.Next(2) == 0 ? random : null);
    }

    private async Task<ILink> ConnectAsync(
        SimulatedMachine first,
        PipelineDefinition definition,
        ExecutionEnvironment environment,
        CancellationToken stop)
    {
        if (_machine is { IsDead: false } lingering && _manager is { Closed.IsCompleted: false } before)
        {
            if (!link.IsUp && random.Next(2) == 0)
            {
                Replacements++;
                _machine = null;
            }
            else
            {
                await ClosedAsync(lingering, before, environment, stop);
            }
        }

        _machine = _machine is { IsDead: false } ? _machine : create();
        var (here, there) = link.Create(first, _machine);
        var second = _machine.In(environment);
        second = second with { Spool = CheckpointStorageResolver.OfNode(second) };
        _machine.Enter(() => _manager = new TaskManager(definition, second, there));
        return here;
    }

    // If an attempt does not end, its process is restarted.
    private static async Task ClosedAsync(
        SimulatedMachine machine,
        TaskManager manager,
        ExecutionEnvironment environment,
        CancellationToken stop)
    {
        // A delay that is canceled by the stop would continue on the thread pool.
        var stopped = new TaskCompletionSource(environment.Background.Completion);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        using var wake = new CancellationTokenSource();
        var timeout = Task.Delay(environment.Options.ShutdownTimeout + SimulatedLink.MaxLingering, environment.Time, wake.Token);
        await Task.WhenAny(manager.Closed, machine.Died, timeout, stopped.Task);
        wake.Cancel();
        stop.ThrowIfCancellationRequested();
        if (!manager.Closed.IsCompleted && !machine.IsDead)
        {
            machine.Die(null);
        }
    }

    private sealed class Connector(SimulatedNode node, SimulatedMachine first) : INodeConnector
    {
        public Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop) =>
            node.ConnectAsync(first, definition, environment, stop);
    }
}
