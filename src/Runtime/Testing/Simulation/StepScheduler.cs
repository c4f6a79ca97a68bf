using Penstock.Network;

namespace Penstock.Testing.Simulation;

/// <summary>
/// Runs all work of a pipeline one step at a time. A step is a message of a subtask, the continuation of an asynchronous method, a part of
/// work that otherwise runs on a separate thread, or a timer. The next step is chosen at random. Steps of a dead machine do nothing.
/// </summary>
/// <param name="random">The source of random decisions.</param>
/// <param name="time">The clock.</param>
/// <param name="beginning">Called before each step, with its description; may throw.</param>
internal sealed class StepScheduler(Random random, ManualTimeProvider time, Action<string> beginning) : IDisposable
{
    // One in this many steps takes time, so that timers fire between steps.
    private const int StepsPerDelay = 8;
    private const int LongestDelayMicros = 4000;

    private readonly Lock _gate = new();
    private readonly List<SimulatedMailbox> _mailboxes = [];
    private readonly List<Continuation> _continuations = [];
    private readonly List<Fiber> _fibers = [];
    private readonly FiberThreads _threads = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private Exception? _failure;

    /// <summary><c>true</c> if the process is dead, so that its remaining work has no effect.</summary>
    public bool IsDead { get; private set; }

    /// <summary>
    /// <c>true</c> if a subtask handles its messages in the order in which they were posted; if <c>false</c>, channels may overtake each
    /// other.
    /// </summary>
    public bool IsInOrder { get; init; }

    /// <summary>The machine whose step runs on this thread; null if the step does not belong to a machine.</summary>
    public static SimulatedMachine? Current => (SynchronizationContext.Current as StepContext)?.Machine;

    /// <summary>The number of mailboxes of attempts that are not closed.</summary>
    public int Mailboxes => _mailboxes.Count;

    public Mailbox CreateMailbox(SimulatedMachine machine, string task, int index, Action<Message> handle)
    {
        var mailbox = new SimulatedMailbox(machine, $"subtask {index} of {task}", IsInOrder, handle);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    /// <summary>Runs work of a machine that may block as a sequence of steps.</summary>
    public Task<T> Run<T>(SimulatedMachine machine, Func<T> work)
    {
        if (IsDead || machine.IsDead)
        {
            return Task.FromException<T>(new SimulatedCrashException());
        }

        var done = new TaskCompletionSource<T>();
        _fibers.Add(new Fiber(_threads, new StepContext(this, machine), () =>
        {
            try
            {
                done.SetResult(IsDead || machine.IsDead ? throw new SimulatedCrashException() : work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }));
        return done.Task;
    }

    /// <summary>Adds a step.</summary>
    /// <param name="machine">The machine that runs the step; null if it does not belong to a machine.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="state">The argument of the callback.</param>
    public void Post(SimulatedMachine? machine, SendOrPostCallback callback, object? state = null)
    {
        lock (_gate)
        {
            if (Fiber.Current == null && Environment.CurrentManagedThreadId != _thread && !IsDead)
            {
                // Otherwise the operating system decides when the step becomes ready, and a seed does not repeat its order.
                _failure ??= new InvalidOperationException(
                    $"A thread outside of the simulation continues an asynchronous method: {(state as Delegate)?.Target ?? callback.Method}.");
            }

            _continuations.Add(new Continuation(machine, callback, state));
        }
    }

    /// <summary>
    /// Sets the context of this thread for the next step. Code after an await continues in another step, even if the awaited task completes
    /// in this one.
    /// </summary>
    public void EnterStep(SimulatedMachine? machine = null) =>
        SynchronizationContext.SetSynchronizationContext(new StepContext(this, machine));

    /// <summary>Runs a call on a machine, within the current step.</summary>
    public void Enter(SimulatedMachine machine, Action call)
    {
        var before = SynchronizationContext.Current;
        EnterStep(machine);
        try
        {
            call();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Runs the next step.</summary>
    /// <param name="mayHang"><c>true</c> if an operation in the step may never end, which requires a thread that can be abandoned.</param>
    /// <returns><c>true</c> if there was a step.</returns>
    public bool TryStep(bool mayHang)
    {
        EnterStep();
        if (random.Next(StepsPerDelay) == 0)
        {
            time.Advance(TimeSpan.FromMicroseconds(random.Next(LongestDelayMicros)));
            EnterStep();
        }

        if (ChooseNext() is not { } step)
        {
            return TryWaitForTimer();
        }

        if (mayHang && step.Fiber == null)
        {
            step = OnFiber(step);
        }

        Take(step);
        _fibers.RemoveAll(static fiber =>
        {
            if (fiber.HasEnded)
            {
                fiber.Release();
            }

            return fiber.HasEnded;
        });
        return _failure == null ? true : throw new InvalidOperationException($"A step has failed: {_failure.Message}", _failure);
    }

    /// <summary>Kills the process.</summary>
    public void Kill() => IsDead = true;

    /// <summary>Ends all remaining work: each thread fails at its next operation.</summary>
    public void Dispose()
    {
        Kill();
        foreach (var fiber in _fibers)
        {
            while (!fiber.HasEnded)
            {
                fiber.Resume();
            }
        }

        _fibers.Clear();
        _threads.Dispose();
        _mailboxes.Clear();
    }

    // Each message that a subtask may handle next, each fiber and each continuation has the same chance. Returns null if nothing is ready.
    private Step? ChooseNext()
    {
        _mailboxes.RemoveAll(static mailbox => mailbox.IsClosed);
        lock (_gate)
        {
            var count = _continuations.Count;
            foreach (var mailbox in _mailboxes)
            {
                count += mailbox.Choices;
            }

            foreach (var fiber in _fibers)
            {
                count += fiber.Hangs ? 0 : 1;
            }

            return count == 0 ? null : StepAt(random.Next(count));
        }
    }

    private Step StepAt(int index)
    {
        foreach (var mailbox in _mailboxes)
        {
            var choices = mailbox.Choices;
            if (index < choices)
            {
                return new Step(mailbox.Machine, Mailbox: mailbox, Choice: index);
            }

            index -= choices;
        }

        foreach (var fiber in _fibers)
        {
            if (!fiber.Hangs && index-- == 0)
            {
                return new Step(null, Fiber: fiber);
            }
        }

        var continuation = _continuations[index];
        return new Step(continuation.Machine, Continuation: continuation);
    }

    private void Take(Step step)
    {
        if (step.Mailbox != null)
        {
            Handle(step.Mailbox, step.Choice);
        }
        else if (step.Fiber != null)
        {
            step.Fiber.Resume();
        }
        else
        {
            GoOn(step.Continuation!);
        }
    }

    private void Handle(SimulatedMailbox mailbox, int choice)
    {
        EnterStep(mailbox.Machine);
        mailbox.HandleOne(choice, beginning);
    }

    private void GoOn(Continuation continuation)
    {
        EnterStep(continuation.Machine);
        lock (_gate)
        {
            _continuations.Remove(continuation);
        }

        beginning("an asynchronous method goes on");
        if (continuation.Machine is not { IsDead: true })
        {
            continuation.Callback(continuation.State);
        }
    }

    // A subtask that hangs handles no further messages.
    private Step OnFiber(Step step)
    {
        var fiber = new Fiber(_threads, new StepContext(this, step.Machine), () =>
        {
            try
            {
                step.Mailbox?.IsBusy = true;
                Take(step);
                step.Mailbox?.IsBusy = false;
            }
            catch (SimulatedCrashException)
            {
                // The process or the machine is dead.
            }
            catch (Exception error)
            {
                _failure = error;
            }
        });
        _fibers.Add(fiber);
        return new Step(null, Fiber: fiber);
    }

    private bool TryWaitForTimer()
    {
        if (time.NextDue is not { } due)
        {
            return false;
        }

        beginning("time passes");
        time.Advance(due > time.GetUtcNow() ? due - time.GetUtcNow() : TimeSpan.Zero);
        return true;
    }

    /// <summary>A step that is ready to run: a message of a mailbox, a fiber or a continuation.</summary>
    /// <param name="Machine">The machine that runs it; null if it does not belong to a machine, or if the fiber determines it.</param>
    /// <param name="Mailbox">The mailbox from which it takes a message; null if it takes none.</param>
    /// <param name="Choice">The index of the channel among those of the mailbox that have messages.</param>
    /// <param name="Fiber">The fiber that continues in it; null if there is none.</param>
    /// <param name="Continuation">The callback; null if it is another step.</param>
    private readonly record struct Step(
        SimulatedMachine? Machine,
        SimulatedMailbox? Mailbox = null,
        int Choice = 0,
        Fiber? Fiber = null,
        Continuation? Continuation = null);

    /// <summary>A callback that runs in a later step.</summary>
    private sealed class Continuation(SimulatedMachine? machine, SendOrPostCallback callback, object? state)
    {
        public SimulatedMachine? Machine => machine;

        public SendOrPostCallback Callback => callback;

        public object? State => state;
    }

    /// <summary>The context of one step. Code after an await in it becomes a new step of the same machine.</summary>
    private sealed class StepContext(StepScheduler scheduler, SimulatedMachine? machine) : SynchronizationContext
    {
        public SimulatedMachine? Machine => machine;

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (machine is not { IsDead: true })
            {
                scheduler.Post(machine, d, state);
            }
        }

        public override void Send(SendOrPostCallback d, object? state) =>
            throw new NotSupportedException("Nothing in a simulation waits for another step.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
