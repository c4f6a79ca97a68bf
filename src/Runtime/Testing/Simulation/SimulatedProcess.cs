using Penstock.Network;
using Penstock.Tasks;

namespace Penstock.Testing.Simulation;

/// <summary>
/// One process of a simulation: all that a pipeline does happens one step at a time, and a seed decides which step is next. A step is a message of a subtask,
/// the continuation of an asynchronous method, a part of the work that threads do elsewhere, or a timer. The process may crash before any step, and before
/// any operation on files: nothing of it has an effect afterwards.
/// </summary>
internal sealed class SimulatedProcess : IBackground, IDisposable
{
    // A step takes no time, or some: so timers come in between.
    private const int StepsPerDelay = 8;
    private const int LongestDelayMicros = 4000;

    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly List<SimulatedMailbox> _mailboxes = [];
    private readonly List<(SendOrPostCallback Callback, object? State)> _continuations = [];
    private readonly List<Fiber> _fibers = [];
    private readonly List<Action> _ready = [];
    private readonly Func<long, string, bool>? _crashBefore;
    private (long Event, Action Call)? _call;

    /// <summary>Creates the process.</summary>
    /// <param name="random">Decides which step is next.</param>
    /// <param name="time">The clock, which goes on over the processes of a simulation.</param>
    /// <param name="crashBefore">Whether the process crashes before an event, by the number of the event, from 1, and what is about to happen; null where it does not crash.</param>
    public SimulatedProcess(Random random, ManualTimeProvider time, Func<long, string, bool>? crashBefore)
    {
        _random = random;
        Time = time;
        _crashBefore = crashBefore;
    }

    /// <summary>The clock.</summary>
    public ManualTimeProvider Time { get; }

    /// <summary>How many events there were: steps and operations on files.</summary>
    public long Events { get; private set; }

    /// <summary>How many steps there were.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether it has crashed.</summary>
    public bool HasCrashed { get; private set; }

    /// <summary>The number of the event from which on operations on files do not come to an end, except those of subtasks; as when a disk or server does not answer.</summary>
    public long HangsFrom { get; init; } = long.MaxValue;

    /// <summary>Called before each event, with what is about to happen.</summary>
    public Action<string>? Observe { get; set; }

    public TaskCreationOptions Completion => TaskCreationOptions.None;

    public Mailbox CreateMailbox(Action<Message> handle)
    {
        var mailbox = new SimulatedMailbox(handle);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    public Task<T> Run<T>(Func<T> work) => Start(work);

    public Task<T> RunLong<T>(Func<T> work) => Start(work);

    /// <summary>Has something done before an event.</summary>
    /// <param name="number">The number of the event, from 1; the call comes earlier where there is no such event because all work hangs.</param>
    /// <param name="call">What is done.</param>
    public void At(long number, Action call) => _call = (number, call);

    /// <summary>An event other than a step: an operation on files, or on another system. The process may crash before it.</summary>
    /// <param name="what">What is about to happen.</param>
    /// <exception cref="SimulatedCrashException">The process has crashed.</exception>
    public void Happens(string what)
    {
        Fiber.Current?.Pause(hangs: Events + 1 >= HangsFrom);
        Count(what);
    }

    /// <summary>Runs asynchronous work until it ends, or the process crashes.</summary>
    /// <param name="begin">Begins the work.</param>
    /// <param name="mostSteps">How many steps it may take.</param>
    /// <returns>The work; null after a crash.</returns>
    /// <exception cref="InvalidOperationException">It takes more steps, or waits for something that does not come.</exception>
    public Task? RunToEnd(Func<Task> begin, long mostSteps)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new StepContext(this));
        try
        {
            var running = begin();
            while (!running.IsCompleted && !HasCrashed)
            {
                if (++Steps > mostSteps)
                {
                    throw new InvalidOperationException($"The pipeline has not come to its end after {mostSteps} steps.");
                }

                Step();
            }

            return HasCrashed ? null : running;
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

    /// <summary>Ends the work that is still under way: each thread fails at its next operation.</summary>
    public void Dispose()
    {
        HasCrashed = true;
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

    private Task<T> Start<T>(Func<T> work)
    {
        if (HasCrashed)
        {
            return Task.FromException<T>(new SimulatedCrashException());
        }

        var done = new TaskCompletionSource<T>();
        _fibers.Add(new Fiber(new StepContext(this), () =>
        {
            try
            {
                done.SetResult(HasCrashed ? throw new SimulatedCrashException() : work());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }));
        return done.Task;
    }

    private void Step()
    {
        // What is awaited in this step goes on in another one, also where it completes in this one.
        SynchronizationContext.SetSynchronizationContext(new StepContext(this));
        if (_random.Next(StepsPerDelay) == 0)
        {
            Time.Advance(TimeSpan.FromMicroseconds(_random.Next(LongestDelayMicros)));
            SynchronizationContext.SetSynchronizationContext(new StepContext(this));
        }

        CollectReady();
        if (_ready.Count == 0)
        {
            WaitForTimer();
            return;
        }

        _ready[_random.Next(_ready.Count)]();
        _fibers.RemoveAll(static fiber =>
        {
            if (fiber.HasEnded)
            {
                fiber.Dispose();
            }

            return fiber.HasEnded;
        });
    }

    private void CollectReady()
    {
        _ready.Clear();
        for (var index = 0; index < _mailboxes.Count; index++)
        {
            var mailbox = _mailboxes[index];
            var choices = mailbox.Choices;
            for (var choice = 0; choice < choices; choice++)
            {
                var (number, chosen) = (index, choice);
                _ready.Add(() =>
                {
                    var (handle, kind) = mailbox.Take(chosen);
                    Count($"subtask {number}: {kind}");
                    handle();
                });
            }
        }

        foreach (var fiber in _fibers.Where(static fiber => !fiber.Hangs))
        {
            _ready.Add(fiber.Resume);
        }

        lock (_gate)
        {
            foreach (var continuation in _continuations)
            {
                _ready.Add(() =>
                {
                    lock (_gate)
                    {
                        _continuations.Remove(continuation);
                    }

                    Count("an asynchronous method goes on");
                    continuation.Callback(continuation.State);
                });
            }
        }
    }

    private void CallPlanned()
    {
        // As a step of its own: the event may be one of another thread, which writes a state file.
        var planned = _call!.Value.Call;
        _call = null;
        Post(_ => planned(), null);
    }

    private void WaitForTimer()
    {
        if (_call != null && Time.NextDue == null)
        {
            // There will be no further event.
            CallPlanned();
            return;
        }

        var due = Time.NextDue ?? throw new InvalidOperationException("The pipeline waits for something that does not come: no message, no work and no timer is left.");
        Count("time passes");
        Time.Advance(due > Time.GetUtcNow() ? due - Time.GetUtcNow() : TimeSpan.Zero);
    }

    private void Count(string what)
    {
        if (HasCrashed)
        {
            throw new SimulatedCrashException();
        }

        Events++;
        Observe?.Invoke(what);
        if (_call is { } planned && Events >= planned.Event)
        {
            CallPlanned();
        }

        if (_crashBefore?.Invoke(Events, what) == true)
        {
            HasCrashed = true;
            throw new SimulatedCrashException();
        }
    }

    private void Post(SendOrPostCallback callback, object? state)
    {
        lock (_gate)
        {
            _continuations.Add((callback, state));
        }
    }

    /// <summary>The context of one step: what is awaited in it becomes a step of its own.</summary>
    private sealed class StepContext(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => process.Post(d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in a simulation waits for another step.");

        public override SynchronizationContext CreateCopy() => this;
    }
}
