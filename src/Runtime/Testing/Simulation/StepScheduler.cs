using Penstock.Network;

namespace Penstock.Testing.Simulation;

/// <summary>
/// Runs all that a pipeline does one step at a time. A step is a message of a subtask, the continuation of an asynchronous method, a part
/// of the work that threads do elsewhere, or a timer; chance decides which one is next. Steps of a machine that is dead do nothing.
/// </summary>
/// <param name="random">Chance.</param>
/// <param name="time">The clock.</param>
/// <param name="beginning">Called before each step, with what is about to happen; may throw.</param>
internal sealed class StepScheduler(Random random, ManualTimeProvider time, Action<string> beginning) : IDisposable
{
    // A step takes no time, or some: so timers come in between.
    private const int StepsPerDelay = 8;
    private const int LongestDelayMicros = 4000;

    private readonly Lock _gate = new();
    private readonly List<SimulatedMailbox> _mailboxes = [];
    private readonly List<Continuation> _continuations = [];
    private readonly List<Fiber> _fibers = [];
    private readonly List<Step> _ready = [];
    private Exception? _failure;

    /// <summary>Whether the process is dead: nothing of what is still done in it has an effect.</summary>
    public bool IsDead { get; private set; }

    /// <summary>
    /// Whether a subtask handles its messages in the order in which they were posted; if not, channels may overtake each other.
    /// </summary>
    public bool IsInOrder { get; init; }

    /// <summary>The machine whose step this thread takes; null where the step is none of a machine.</summary>
    public static SimulatedMachine? Current => (SynchronizationContext.Current as StepContext)?.Machine;

    /// <summary>How many mailboxes there are of attempts that are not closed.</summary>
    public int Mailboxes => _mailboxes.Count;

    public Mailbox CreateMailbox(SimulatedMachine machine, string task, int index, Action<Message> handle)
    {
        var mailbox = new SimulatedMailbox(machine, $"subtask {index} of {task}", IsInOrder, handle);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    /// <summary>Runs work of a machine that may block, as steps.</summary>
    public Task<T> Run<T>(SimulatedMachine machine, Func<T> work)
    {
        if (IsDead || machine.IsDead)
        {
            return Task.FromException<T>(new SimulatedCrashException());
        }

        var done = new TaskCompletionSource<T>();
        _fibers.Add(new Fiber(new StepContext(this, machine), () =>
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
    /// <param name="machine">The machine that takes it; null where it is none of a machine.</param>
    /// <param name="callback">What is done.</param>
    /// <param name="state">What it is called with.</param>
    public void Post(SimulatedMachine? machine, SendOrPostCallback callback, object? state = null)
    {
        lock (_gate)
        {
            _continuations.Add(new Continuation(machine, callback, state));
        }
    }

    /// <summary>
    /// Makes the context of this thread that of the next step: what is awaited in a step goes on in another one, also where it completes in
    /// this one.
    /// </summary>
    public void EnterStep(SimulatedMachine? machine = null) =>
        SynchronizationContext.SetSynchronizationContext(new StepContext(this, machine));

    /// <summary>Calls something as a part of this step that a machine does.</summary>
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

    /// <summary>Takes the next step.</summary>
    /// <param name="mayHang">Whether an operation in it may not come to an end, so that it needs a thread that can be left behind.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryStep(bool mayHang)
    {
        EnterStep();
        if (random.Next(StepsPerDelay) == 0)
        {
            time.Advance(TimeSpan.FromMicroseconds(random.Next(LongestDelayMicros)));
            EnterStep();
        }

        CollectReady();
        if (_ready.Count == 0)
        {
            return TryWaitForTimer();
        }

        var step = _ready[random.Next(_ready.Count)];
        if (mayHang && step.Fiber == null)
        {
            step = OnFiber(step);
        }

        step.Take();
        _fibers.RemoveAll(static fiber =>
        {
            if (fiber.HasEnded)
            {
                fiber.Dispose();
            }

            return fiber.HasEnded;
        });
        return _failure == null ? true : throw new InvalidOperationException($"A step has failed: {_failure.Message}", _failure);
    }

    /// <summary>Kills the process.</summary>
    public void Kill() => IsDead = true;

    /// <summary>Ends the work that is still under way: each thread fails at its next operation.</summary>
    public void Dispose()
    {
        Kill();
        foreach (var fiber in _fibers)
        {
            while (!fiber.HasEnded)
            {
                fiber.Resume();
            }

            fiber.Dispose();
        }

        _fibers.Clear();
        _mailboxes.Clear();
    }

    private void CollectReady()
    {
        _ready.Clear();
        _mailboxes.RemoveAll(static mailbox => mailbox.IsClosed);
        foreach (var mailbox in _mailboxes.Where(static mailbox => !mailbox.IsBusy))
        {
            var choices = mailbox.Choices;
            for (var choice = 0; choice < choices; choice++)
            {
                var chosen = choice;
                _ready.Add(new Step(() => Handle(mailbox, chosen), mailbox.Machine, Mailbox: mailbox));
            }
        }

        foreach (var fiber in _fibers.Where(static fiber => !fiber.Hangs))
        {
            _ready.Add(new Step(fiber.Resume, null, Fiber: fiber));
        }

        lock (_gate)
        {
            foreach (var continuation in _continuations)
            {
                _ready.Add(new Step(() => GoOn(continuation), continuation.Machine));
            }
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

    // A subtask that hangs handles no further message.
    private Step OnFiber(Step step)
    {
        var fiber = new Fiber(new StepContext(this, step.Machine), () =>
        {
            try
            {
                step.Mailbox?.IsBusy = true;
                step.Take();
                step.Mailbox?.IsBusy = false;
            }
            catch (SimulatedCrashException)
            {
                // The process is dead, or the machine.
            }
            catch (Exception error)
            {
                _failure = error;
            }
        });
        _fibers.Add(fiber);
        return new Step(fiber.Resume, null, Fiber: fiber);
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

    /// <summary>A step that may be the next one.</summary>
    /// <param name="Take">Takes it.</param>
    /// <param name="Machine">The machine that takes it; null where it is none of a machine, or the fiber knows.</param>
    /// <param name="Mailbox">The mailbox that it takes a message from; null where it takes none.</param>
    /// <param name="Fiber">The fiber that goes on with it; null where it has none.</param>
    private readonly record struct Step(Action Take, SimulatedMachine? Machine, SimulatedMailbox? Mailbox = null, Fiber? Fiber = null);

    /// <summary>What goes on later.</summary>
    private sealed class Continuation(SimulatedMachine? machine, SendOrPostCallback callback, object? state)
    {
        public SimulatedMachine? Machine => machine;

        public SendOrPostCallback Callback => callback;

        public object? State => state;
    }

    /// <summary>The context of one step: what is awaited in it becomes a step of its own, of the same machine.</summary>
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
