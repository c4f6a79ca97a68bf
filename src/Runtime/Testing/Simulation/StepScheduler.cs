using Penstock.Network;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// Runs all that a pipeline does one step at a time. A step is a message of a subtask, the continuation of an asynchronous method, a part of the work that
/// threads do elsewhere, or a timer; chance decides which one is next.
/// </summary>
/// <param name="random">Chance.</param>
/// <param name="time">The clock.</param>
/// <param name="beginning">Called before each step, with what is about to happen; may throw.</param>
internal sealed class StepScheduler(Random random, ManualTimeProvider time, Action<string> beginning) : IBackground, IDisposable
{
    // A step takes no time, or some: so timers come in between.
    private const int StepsPerDelay = 8;
    private const int LongestDelayMicros = 4000;

    private readonly Lock _gate = new();
    private readonly List<SimulatedMailbox> _mailboxes = [];
    private readonly List<(SendOrPostCallback Callback, object? State)> _continuations = [];
    private readonly List<Fiber> _fibers = [];
    private readonly List<Step> _ready = [];
    private Exception? _failure;

    /// <summary>Whether the process is dead: nothing of what is still done in it has an effect.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Whether a subtask handles its messages in the order in which they were posted; if not, channels may overtake each other.</summary>
    public bool IsInOrder { get; init; }

    public TaskCreationOptions Completion => TaskCreationOptions.None;

    public Mailbox CreateMailbox(string task, Action<Message> handle)
    {
        var mailbox = new SimulatedMailbox($"subtask {_mailboxes.Count} of {task}", IsInOrder, handle);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    public Task<T> Run<T>(Func<T> work)
    {
        if (IsDead)
        {
            return Task.FromException<T>(new SimulatedCrashException());
        }

        var done = new TaskCompletionSource<T>();
        _fibers.Add(new Fiber(new StepContext(this), () =>
        {
            try
            {
                done.SetResult(IsDead ? throw new SimulatedCrashException() : work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }));
        return done.Task;
    }

    public Task<T> RunLong<T>(Func<T> work) => Run(work);

    /// <summary>The same on each machine.</summary>
    public int Threads => 2;

    /// <summary>Adds a step.</summary>
    public void Post(SendOrPostCallback callback, object? state = null)
    {
        lock (_gate)
        {
            _continuations.Add((callback, state));
        }
    }

    /// <summary>Makes the context of this thread that of the next step: what is awaited in a step goes on in another one, also where it completes in this one.</summary>
    public void EnterStep() => SynchronizationContext.SetSynchronizationContext(new StepContext(this));

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
        foreach (var mailbox in _mailboxes.Where(static mailbox => !mailbox.IsBusy))
        {
            var choices = mailbox.Choices;
            for (var choice = 0; choice < choices; choice++)
            {
                var chosen = choice;
                _ready.Add(new Step(() => mailbox.HandleOne(chosen, beginning), Mailbox: mailbox));
            }
        }

        foreach (var fiber in _fibers.Where(static fiber => !fiber.Hangs))
        {
            _ready.Add(new Step(fiber.Resume, Fiber: fiber));
        }

        lock (_gate)
        {
            foreach (var continuation in _continuations)
            {
                _ready.Add(new Step(() => GoOn(continuation)));
            }
        }
    }

    private void GoOn((SendOrPostCallback Callback, object? State) continuation)
    {
        lock (_gate)
        {
            _continuations.Remove(continuation);
        }

        beginning("an asynchronous method goes on");
        continuation.Callback(continuation.State);
    }

    // A subtask that hangs handles no further message.
    private Step OnFiber(Step step)
    {
        var fiber = new Fiber(new StepContext(this), () =>
        {
            try
            {
                step.Mailbox?.IsBusy = true;
                step.Take();
                step.Mailbox?.IsBusy = false;
            }
            catch (SimulatedCrashException)
            {
                // The process is dead.
            }
            catch (Exception error)
            {
                _failure = error;
            }
        });
        _fibers.Add(fiber);
        return new Step(fiber.Resume, Fiber: fiber);
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
    /// <param name="Mailbox">The mailbox that it takes a message from; null where it takes none.</param>
    /// <param name="Fiber">The fiber that goes on with it; null where it has none.</param>
    private readonly record struct Step(Action Take, SimulatedMailbox? Mailbox = null, Fiber? Fiber = null);

    /// <summary>The context of one step: what is awaited in it becomes a step of its own.</summary>
    private sealed class StepContext(StepScheduler scheduler) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => scheduler.Post(d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in a simulation waits for another step.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
