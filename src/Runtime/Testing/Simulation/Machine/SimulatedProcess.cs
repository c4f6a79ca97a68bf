namespace Penstock.Testing.Simulation;

/// <summary>
/// One process of a simulation, with its fate. Its events are its steps and its operations on files and other systems; it may crash before
/// any of them, and nothing of it has an effect afterwards. It stands for all machines of a job; where there are two, that of the first
/// node may die alone.
/// </summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly ProcessFate _fate;
    private (long Event, Action Call)? _planned;
    private bool _mustBegin;

    /// <summary>Creates the process.</summary>
    /// <param name="random">Decides which step is next.</param>
    /// <param name="time">The clock, which goes on over the processes of a simulation.</param>
    /// <param name="fate">What happens to it.</param>
    /// <param name="isInOrder">Whether subtasks handle their messages in the order in which they were posted.</param>
    public SimulatedProcess(Random random, ManualTimeProvider time, ProcessFate fate, bool isInOrder)
    {
        _fate = fate;
        Scheduler = new StepScheduler(random, time, Count) { IsInOrder = isInOrder };
    }

    /// <summary>What runs its steps.</summary>
    public StepScheduler Scheduler { get; }

    /// <summary>How many events there were.</summary>
    public long Events { get; private set; }

    /// <summary>How many steps there were.</summary>
    public long Steps { get; private set; }

    /// <summary>Called before each event, with what is about to happen.</summary>
    public Action<string>? Observe { get; init; }

    /// <summary>Kills the first node alone; null where it cannot die so, or is dead.</summary>
    public Action? KillFirst { get; set; }

    private bool HangsNext => Events + 1 >= _fate.HangsFrom;

    /// <summary>Has something done before an event.</summary>
    /// <param name="number">The number of the event, from 1; the call comes earlier where there is no such event because all work
    /// hangs.</param>
    /// <param name="call">What is done.</param>
    public void At(long number, Action call) => _planned = (number, call);

    /// <summary>An event other than a step: an operation on files, or on another system. The process may crash before it.</summary>
    /// <param name="what">What is about to happen.</param>
    /// <exception cref="SimulatedCrashException">The process has crashed.</exception>
    public void Happens(string what)
    {
        Fiber.Current?.Pause(HangsNext);
        Count(what);
    }

    /// <summary>Has the work begin once more, in the place of that which does not go on since its machine is dead.</summary>
    public void BeginAgain() => _mustBegin = true;

    /// <summary>Runs asynchronous work until it ends, or the process crashes.</summary>
    /// <param name="begin">Begins the work.</param>
    /// <param name="mostSteps">How many steps it may take.</param>
    /// <returns>The work; null after a crash.</returns>
    /// <exception cref="InvalidOperationException">It takes more steps, or waits for something that does not come.</exception>
    public Task? RunToEnd(Func<Task> begin, long mostSteps)
    {
        var before = SynchronizationContext.Current;
        try
        {
            var running = begin();
            while (!running.IsCompleted && !Scheduler.IsDead)
            {
                if (++Steps > mostSteps)
                {
                    throw new InvalidOperationException($"The pipeline has not come to its end after {mostSteps} steps.");
                }

                Step();
                if (_mustBegin)
                {
                    _mustBegin = false;
                    running = begin();
                }
            }

            return Scheduler.IsDead ? null : running;
        }
        catch (SimulatedCrashException)
        {
            return null;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose() => Scheduler.Dispose();

    private void Step()
    {
        try
        {
            if (Scheduler.TryStep(HangsNext) || _mustBegin)
            {
                return;
            }
        }
        catch (SimulatedCrashException) when (!Scheduler.IsDead)
        {
            // The machine is dead that took the step. Others are not.
            return;
        }

        if (_planned == null)
        {
            throw new InvalidOperationException(
                "The pipeline waits for something that does not come: no message, no work and no timer is left.");
        }

        // There will be no further event.
        CallPlanned();
    }

    private void CallPlanned()
    {
        // As a step of its own: the event may be one of another thread, which writes a state file.
        var call = _planned!.Value.Call;
        _planned = null;
        Scheduler.Post(null, _ => call());
    }

    private void Count(string what)
    {
        if (Scheduler.IsDead || StepScheduler.Current is { IsDead: true })
        {
            throw new SimulatedCrashException();
        }

        Events++;
        Observe?.Invoke(what);
        if (_planned is { } planned && Events >= planned.Event)
        {
            CallPlanned();
        }

        if (_fate.CrashBefore?.Invoke(Events, what) == true)
        {
            Scheduler.Kill();
            throw new SimulatedCrashException();
        }

        // Behind the crash of all, which may be planned for the same event.
        if (Events >= _fate.FirstDiesAt && KillFirst is { } kill)
        {
            kill();
            if (StepScheduler.Current is { IsDead: true })
            {
                throw new SimulatedCrashException();
            }
        }
    }
}
