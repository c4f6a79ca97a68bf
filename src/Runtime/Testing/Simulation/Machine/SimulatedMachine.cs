using Penstock.Tasks;
using Penstock.Threads;

namespace Penstock.Testing.Simulation;

/// <summary>
/// A machine on which a node of a simulated job runs. It may die alone, before any step and any file operation, while other machines
/// continue. Work that was started on it has no effect afterwards.
/// </summary>
internal sealed class SimulatedMachine : IBackground
{
    private readonly StepScheduler _scheduler;
    private readonly SimulatedFiles _files;
    private readonly MachineTime _time;
    private readonly TaskCompletionSource _died = new();

    /// <param name="scheduler">Runs its steps.</param>
    /// <param name="shared">The files that all machines share.</param>
    /// <param name="time">The clock.</param>
    public SimulatedMachine(StepScheduler scheduler, SimulatedFiles shared, ManualTimeProvider time)
    {
        _scheduler = scheduler;
        _time = new MachineTime(this, time);
        _files = new SimulatedFiles(shared)
        {
            Before = (operation, path) => Operate(() => shared.Before?.Invoke(operation, path)),
            After = (operation, path) => shared.After?.Invoke(operation, path),
            BeforeOpen = path => Operate(() => shared.BeforeOpen?.Invoke(path)),
        };
    }

    public bool IsDead { get; private set; }

    /// <summary>Completes when the machine dies.</summary>
    public Task Died => _died.Task;

    /// <summary>The clock, whose timers end with the machine.</summary>
    public TimeProvider Time => _time;

    public TaskCreationOptions Completion => TaskCreationOptions.None;

    /// <summary>The number of threads, which is the same on each machine.</summary>
    public int Threads => 2;

    /// <summary>Returns the execution environment of a pipeline on this machine.</summary>
    public ExecutionEnvironment In(ExecutionEnvironment environment) =>
        environment with
        {
            Files = _files,
            Background = this,
            Time = _time,
            CreateMailbox = (task, index, handle) => _scheduler.CreateMailbox(this, task, index, handle)
        };

    public Task<T> Run<T>(Func<T> work) => _scheduler.Run(this, work);

    public Task<T> RunLong<T>(Func<T> work) => Run(work);

    /// <summary>Runs a call on this machine, within the current step.</summary>
    public void Enter(Action call) => _scheduler.Enter(this, call);

    /// <summary>Kills the machine.</summary>
    /// <param name="luck">For a power cut, decides which of its unsynced bytes survive; null if only the process is killed.</param>
    public void Die(Random? luck)
    {
        IsDead = true;
        _files.Die(luck);
        _time.End();
        _died.TrySetResult();
    }

    // The machine may have died just before the operation.
    private void Operate(Action happens)
    {
        happens();
        if (IsDead)
        {
            throw new SimulatedCrashException();
        }
    }

    /// <summary>The clock of all machines, whose timers run their callbacks on this machine.</summary>
    private sealed class MachineTime(SimulatedMachine machine, ManualTimeProvider time) : TimeProvider
    {
        private readonly HashSet<ITimer> _timers = [];
        private readonly Lock _gate = new();

        private bool IsOver => machine.IsDead;

        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = time.CreateTimer(
                given =>
                {
                    if (!machine.IsDead)
                    {
                        machine._scheduler.Enter(machine, () => callback(given));
                    }
                },
                state,
                dueTime,
                period);
            lock (_gate)
            {
                if (machine.IsDead)
                {
                    timer.Dispose();
                }
                else
                {
                    _timers.Add(timer);
                }
            }

            return new Timer(this, timer);
        }

        public void End()
        {
            lock (_gate)
            {
                foreach (var timer in _timers)
                {
                    timer.Dispose();
                }

                _timers.Clear();
            }
        }

        private void Remove(ITimer timer)
        {
            timer.Dispose();
            lock (_gate)
            {
                _timers.Remove(timer);
            }
        }

        private sealed class Timer(MachineTime time, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => !time.IsOver && timer.Change(dueTime, period);

            public void Dispose() => time.Remove(timer);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }

    }
}
