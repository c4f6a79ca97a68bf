using Penstock.Checkpoints;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The other node of a simulated job, on a machine of its own, which may die alone. When its link is cut, it lingers: it goes on with what
/// it has until it notices, and then gives up its attempt and joins the next one; or another machine has taken its place meanwhile.
/// </summary>
/// <param name="create">Creates a machine.</param>
/// <param name="link">Links it to the first node.</param>
/// <param name="random">Decides what a power cut leaves of what it has not synced, if its death is one, and whether another machine takes
/// its place.</param>
internal sealed class SimulatedNode(Func<SimulatedMachine> create, SimulatedLink link, Random random)
{
    private TaskManager? _manager;
    private SimulatedMachine? _machine;

    /// <summary>How often it has died.</summary>
    public int Deaths { get; private set; }

    /// <summary>How often another machine has taken its place while it lingered.</summary>
    public int Replacements { get; private set; }

    /// <summary>Connects the first node with it.</summary>
    /// <param name="first">The machine of the first node.</param>
    public INodeConnector From(SimulatedMachine first) => new Connector(this, first);

    /// <summary>Kills it.</summary>
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

    // A process in which an attempt does not come to its end is started anew.
    private static async Task ClosedAsync(
        SimulatedMachine machine,
        TaskManager manager,
        ExecutionEnvironment environment,
        CancellationToken stop)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var patience = Task.Delay(environment.Options.ShutdownTimeout + SimulatedLink.LongestLingering, environment.Time, wake.Token);
        await Task.WhenAny(manager.Closed, machine.Died, patience);
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
