using Penstock.Checkpoints;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The other node of a job, on a simulated machine of its own: it may die alone, before any step, while the first node goes on. Nothing of it has an effect afterwards. The next attempt
/// finds another one in its place.
/// </summary>
/// <param name="scheduler">Runs its steps.</param>
/// <param name="files">The files that both machines have.</param>
/// <param name="link">Links it to the first node.</param>
/// <param name="random">Decides what a power cut leaves of what it has not synced, if its death is one.</param>
internal sealed class SimulatedNode(StepScheduler scheduler, SimulatedFiles files, SimulatedLink link, Random random) : INodeConnector
{
    private TaskManager? _manager;
    private Machine? _machine;

    /// <summary>How often it has died.</summary>
    public int Deaths { get; private set; }

    public async Task<ILink> ConnectAsync(PipelineDefinition definition, ExecutionEnvironment environment, CancellationToken stop)
    {
        if (_machine is { IsDead: false } && _manager is { } before)
        {
            before.Close();
            await before.Closed.WaitAsync(stop);
        }

        var (first, second) = link.Create();
        _machine = new Machine(scheduler, files);
        _manager = new TaskManager(definition, _machine.In(environment), second);
        return first;
    }

    /// <summary>Kills it.</summary>
    public void Die()
    {
        Deaths++;
        _machine!.Die(random.Next(2) == 0 ? random : null);
    }

    private sealed class Machine : IBackground
    {
        private readonly StepScheduler _scheduler;
        private readonly SimulatedFiles _files;

        public Machine(StepScheduler scheduler, SimulatedFiles shared)
        {
            _scheduler = scheduler;
            _files = new SimulatedFiles(shared)
            {
                Before = (operation, path) => Operate(() => shared.Before?.Invoke(operation, path)),
                After = (operation, path) => shared.After?.Invoke(operation, path),
                BeforeOpen = path => Operate(() => shared.BeforeOpen?.Invoke(path)),
            };
        }

        public bool IsDead { get; private set; }

        public TaskCreationOptions Completion => _scheduler.Completion;

        public int Threads => _scheduler.Threads;

        public ExecutionEnvironment In(ExecutionEnvironment environment)
        {
            var here = environment with { Files = _files, Background = this, CreateMailbox = CreateMailbox };
            return here with { Spool = CheckpointStorage.OfNode(here) };
        }

        public Task<T> Run<T>(Func<T> work) => _scheduler.Run(() => IsDead ? throw new SimulatedCrashException() : work());

        public Task<T> RunLong<T>(Func<T> work) => Run(work);

        public void Die(Random? luck)
        {
            IsDead = true;
            _files.Die(luck);
        }

        private Mailbox CreateMailbox(string task, Action<Message> handle) => _scheduler.CreateMailbox(task, message =>
        {
            if (!IsDead)
            {
                handle(message);
            }
        });

        // It may have died while the operation was about to begin.
        private void Operate(Action happens)
        {
            happens();
            if (IsDead)
            {
                throw new SimulatedCrashException();
            }
        }
    }
}
