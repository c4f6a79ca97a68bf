using Penstock.Checkpoints;
using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>
/// Subtasks that call each other directly, and so run on one thread at a time, with one mailbox. The first one reads a source, or what
/// other groups send; all inputs of the others come from inside the group. A group handles one message at a time and never waits: what it
/// cannot send for lack of credits stays in its outbox, and meanwhile it takes no further input. What is in the middle of sending much
/// stops, too, and goes on before anything else when there are credits again.
/// </summary>
internal sealed class ExecutionGroup : IDisposable
{
    private static readonly TimeSpan TimeBetweenSweeps = TimeSpan.FromSeconds(1);

    // For so long a group that is at work may keep from others that it has sent something to them.
    private static readonly TimeSpan TimeBetweenWakes = TimeSpan.FromMicroseconds(100);

    private readonly ExecutionEnvironment _environment;
    private readonly List<Subtask> _subtasks = [];
    private readonly InputGate _gate = new();
    private readonly Queue<Message> _triggers = new();
    private int _pumps;
    private int _suspended;
    private ITimer? _sweeps;
    private bool _hasGoneOn;
    private bool _isOver;
    private long _lastFlush;
    private long _lastWake;

    /// <param name="environment">What the pipeline touches.</param>
    /// <param name="task">The id of its first task.</param>
    /// <param name="index">The index of its subtasks.</param>
    /// <param name="handle">Handles a message; it calls <see cref="Handle"/>.</param>
    public ExecutionGroup(ExecutionEnvironment environment, string task, int index, Action<ExecutionGroup, Message> handle)
    {
        _environment = environment;
        Task = task;
        Index = index;
        Mailbox = environment.CreateMailbox(task, index, message => handle(this, message));
    }

    /// <summary>The id of its first task.</summary>
    public string Task { get; }

    /// <summary>The index of its subtasks.</summary>
    public int Index { get; }

    public Mailbox Mailbox { get; }

    /// <summary>What it has to send to other groups.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>Whether something that was sent waits for credits.</summary>
    public bool IsHeldUp => Outbox.IsBlocked;

    /// <summary>Whether one of its subtasks is in the middle of something that goes on when there are credits again.</summary>
    public bool IsSuspended => _suspended > 0;

    private Subtask First => _subtasks[0];

    /// <summary>Adds a subtask before those that it sends to.</summary>
    public void Add(Subtask subtask) => _subtasks.Insert(0, subtask);

    /// <summary>Sweeps state that expires from time to time, also where no rows come.</summary>
    public void StartSweeping()
    {
        if (_sweeps == null && _subtasks.Exists(static subtask => subtask.HasSwept))
        {
            _sweeps = _environment.Time.CreateTimer(
                _ => Mailbox.Post(new Message(MessageKind.Sweep)),
                null,
                TimeBetweenSweeps,
                Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweeps?.Dispose();
        Mailbox.Close();
    }

    /// <summary>Notes that one more of the subtasks is suspended, or one less.</summary>
    public void NoteSuspended(bool isSuspended) => _suspended += isSuspended ? 1 : -1;

    /// <summary>Handles a message; the entry point of the mailbox.</summary>
    public void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Start:
                break;
            case MessageKind.Sweep:
                _subtasks.ForEach(static subtask => subtask.Sweep());
                _sweeps!.Change(TimeBetweenSweeps, Timeout.InfiniteTimeSpan);
                break;
            case MessageKind.Resume:
                Outbox.Resume();
                break;
            case MessageKind.Batch or MessageKind.Barrier:
                // Bounded by the credits of the channels.
                _gate.Add(in message);
                break;
            case MessageKind.Pump:
                _pumps++;
                break;
            case MessageKind.Trigger:
                _triggers.Enqueue(message);
                break;
            default:
                throw new InvalidOperationException($"A group does not handle such a message: {message.Kind}.");
        }

        while (!IsHeldUp && !MayHavePreferred && TryStep())
        {
        }

        // A source sees to it that what it has read goes out, but may have ended, or be at rest, while what it has read was held up.
        if (!IsHeldUp && (First.Source == null || _hasGoneOn) && (Mailbox.IsEmpty || IsFlushDue()))
        {
            FlushOutputs();
        }

        if (IsHeldUp || Mailbox.IsEmpty || _environment.Time.GetElapsedTime(_lastWake) >= TimeBetweenWakes)
        {
            WakeReceivers();
        }
    }

    private void WakeReceivers()
    {
        _lastWake = _environment.Time.GetTimestamp();
        Outbox.WakeReceivers();
    }

    // What goes first may stand in the mailbox behind the rest, of which credits bound how much there is.
    private bool MayHavePreferred => First.HasPreferredInput && !Mailbox.IsEmpty;

    /// <summary>Whether rows may have been buffered for longer than the flush interval.</summary>
    public bool IsFlushDue() => _environment.Time.GetElapsedTime(_lastFlush) >= _environment.Options.FlushInterval;

    /// <summary>Sends everything that is buffered, from the first subtask to the last, and wakes who gets it.</summary>
    public void FlushOutputs()
    {
        _hasGoneOn = false;
        _lastFlush = _environment.Time.GetTimestamp();
        foreach (var subtask in _subtasks)
        {
            subtask.FlushOutputs();
        }

        WakeReceivers();
    }

    // Everything that came before a barrier is done before it, or saved. What is suspended came before all that was not taken yet.
    private bool TryStep()
    {
        if (TryPassBarrier())
        {
            return true;
        }

        if (IsSuspended)
        {
            return GoOn();
        }

        if (_pumps > 0)
        {
            _pumps--;
            First.Source!.Pump();
            return true;
        }

        if (!_gate.TryTake(out var message))
        {
            return false;
        }

        if (First.Receive(message.To!, message.Batch!))
        {
            message.Batch!.Release();
            message.To!.Sender!.ReturnCredit();
        }

        return true;
    }

    // From the last subtask to the first: what one of them has yet to take comes before what another one sends to it.
    private bool GoOn()
    {
        if (_isOver)
        {
            // Behind the last barrier nothing more is sent: what has yet to fire is saved.
            return false;
        }

        _hasGoneOn = true;
        for (var index = _subtasks.Count - 1; index >= 0 && !IsHeldUp; index--)
        {
            _subtasks[index].GoOn();
        }

        return true;
    }

    private bool TryPassBarrier()
    {
        if (_triggers.TryPeek(out var trigger))
        {
            EndSource(trigger.Barrier.Mode);
            if (!TryMakeReadyFor(trigger.Barrier.Mode))
            {
                return false;
            }

            _triggers.Dequeue();
            First.TakeCheckpoint(trigger.Barrier);
            _isOver = trigger.Barrier.Mode.IsLast();
            return true;
        }

        if (!_gate.TryPeek(out var next) || next.Kind != MessageKind.Barrier || !TryMakeReadyFor(next.Barrier.Mode))
        {
            return false;
        }

        _gate.TryTake(out _);
        next.To!.Hold();
        if (First.Align(next.Barrier))
        {
            _gate.Release(First.Inputs);
            _isOver = next.Barrier.Mode.IsLast();
        }

        return true;
    }

    private void EndSource(CheckpointMode mode)
    {
        if (mode == CheckpointMode.Drain)
        {
            First.Source!.Drain();
        }
        else if (mode.IsLast())
        {
            First.Source!.Stop();
        }
    }

    // What a subtask has buffered came before the barrier, too. To send it may suspend another one: then the barrier waits after all.
    private bool TryMakeReadyFor(CheckpointMode mode)
    {
        if (!CanSave(mode))
        {
            return false;
        }

        FlushOutputs();
        return CanSave(mode);
    }

    // A firing need not come to its end: what has not fired is in the state. What waits behind it is not.
    private bool CanSave(CheckpointMode mode) =>
        !IsSuspended || (!mode.IsEnd() && _subtasks.TrueForAll(static subtask => subtask.CanBeSaved));
}
