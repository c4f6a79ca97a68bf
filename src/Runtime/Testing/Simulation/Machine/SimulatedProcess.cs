namespace Penstock.Testing.Simulation;

/// <summary>
/// One process of a simulation, with its planned faults. Its events are its steps and its operations on files and other systems. It may
/// crash before any event, and has no effect afterwards. It represents all machines of a job; if there are two, that of the first node may
/// die alone.
/// </summary>
internal sealed class SimulatedProcess : IDisposable
{
    private readonly PlannedFaults _faults;
    private (long Event, Action Call)? _planned;
    private bool _mustBegin;

    /// <summary>Creates the process.</summary>
    /// <param name="random">Selects the next step.</param>
    /// <param name="time">The clock, which continues across the processes of a simulation.</param>
    /// <param name="faults">The planned faults.</param>
    /// <param name="isInOrder"><c>true</c> if subtasks handle their messages in the order in which they were posted.</param>
    public SimulatedProcess(Random random, ManualTimeProvider time, PlannedFaults faults, bool isInOrder)
    {
        _faults = faults;
        Scheduler = new StepScheduler(random, time, Count) { IsInOrder = isInOrder };
    }

    /// <summary>The scheduler that runs its steps.</summary>
    public StepScheduler Scheduler { get; }

    /// <summary>The number of events so far.</summary>
    public long Events { get; private set; }

    /// <summary>The number of steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Called before each event, with its description.</summary>
    public Action<string>? Observe { get; init; }

    /// <summary>Kills only the first node; null if it cannot die alone, or is dead.</summary>
    public Action? KillFirst { get; set; }

    private bool HangsNext => Events + 1 >= _faults.HangsFrom;

    /// <summary>Schedules a call before an event.</summary>
    /// <param name="number">The number of the event, from 1. The call is made earlier if that event never occurs because all work
    /// hangs.</param>
    /// <param name="call">The call.</param>
    public void At(long number, Action call) => _planned = (number, call);

    /// <summary>Records an event other than a step: an operation on files or another system. The process may crash before it.</summary>
    /// <param name="what">The description of the event.</param>
    /// <exception cref="SimulatedCrashException">The process has crashed.</exception>
    public void Happens(string what)
    {
        Fiber.Current?.Pause(HangsNext);
        Count(what);
    }

    /// <summary>Requests that the work is started again, because the machine that ran it is dead.</summary>
    public void RequestRestart() => _mustBegin = true;

    /// <summary>Runs asynchronous work until it ends, or the process crashes.</summary>
    /// <param name="begin">Starts the work.</param>
    /// <param name="maxSteps">The maximum number of steps.</param>
    /// <returns>The completed work; null after a crash.</returns>
    /// <exception cref="InvalidOperationException">The work takes more steps, or waits for something that never happens.</exception>
    public Task? RunToEnd(Func<Task> begin, long maxSteps)
    {
        var before = SynchronizationContext.Current;
        try
        {
            var running = begin();
            while (!running.IsCompleted && !Scheduler.IsDead)
            {
                if (++Steps > maxSteps)
                {
                    throw new InvalidOperationException($"The pipeline has not come to its end after {maxSteps} steps.");
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
            // Only the machine that ran the step is dead.
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
        // Runs as a separate step, because the event may occur on another thread, which writes a state file.
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

        if (_faults.CrashBefore?.Invoke(Events, what) == true)
        {
            Scheduler.Kill();
            throw new SimulatedCrashException();
        }

        // After the crash of the whole process, which may be planned for the same event.
        if (Events >= _faults.FirstDiesAt && KillFirst is { } kill)
        {
            kill();
            if (StepScheduler.Current is { IsDead: true })
            {
                throw new SimulatedCrashException();
            }
        }
    }
}
