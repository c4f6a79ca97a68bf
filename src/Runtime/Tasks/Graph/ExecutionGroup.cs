using Penstock.Checkpoints;
using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>
/// Subtasks that call each other directly and therefore run on one thread at a time, with one mailbox. The first one reads a source or
/// input from other groups; all inputs of the others come from inside the group. A group handles one message at a time and never blocks:
/// output without credits stays in its outbox, and meanwhile the group accepts no input. A subtask in the middle of sending a lot of output
/// is suspended, and is resumed before anything else when there are credits again.
/// </summary>
internal sealed class ExecutionGroup : IDisposable
{
    private static readonly TimeSpan TimeBetweenSweeps = TimeSpan.FromSeconds(1);

    // The maximum time for which a busy group may delay the notification of groups to which it has sent output.
    private static readonly TimeSpan TimeBetweenWakes = TimeSpan.FromMicroseconds(100);

    private readonly ExecutionEnvironment _environment;
    private readonly List<Subtask> _subtasks = [];
    private readonly InputGate _gate = new();
    private readonly Queue<Message> _triggers = new();
    private int _pumps;
    private int _suspended;
    private ITimer? _sweeps;
    private bool _hasResumed;
    private bool _isOver;
    private long _lastFlush;
    private long _lastWake;

    /// <param name="environment">The environment of the pipeline.</param>
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

    /// <summary>The output to other groups.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>Indicates whether sent output waits for credits.</summary>
    public bool IsBackpressured => Outbox.IsBlocked;

    /// <summary>Indicates whether one of its subtasks is suspended until there are credits again.</summary>
    public bool IsSuspended => _suspended > 0;

    /// <summary>Indicates whether it has something to do that it was restored with, before any message arrives.</summary>
    public bool HasRestoredWork => IsSuspended || First.Calls is { IsBusy: true };

    private Subtask First => _subtasks[0];

    /// <summary>Adds a subtask before those that it sends to.</summary>
    public void Add(Subtask subtask) => _subtasks.Insert(0, subtask);

    /// <summary>Starts to sweep expired state periodically, even if no rows come.</summary>
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

    /// <summary>Updates the number of suspended subtasks by one.</summary>
    public void RecordSuspended(bool isSuspended) => _suspended += isSuspended ? 1 : -1;

    /// <summary>Handles a message. Called by the mailbox.</summary>
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
            case MessageKind.Calls:
                if (!_isOver)
                {
                    First.Calls!.TakeCompleted();
                }

                break;
            case MessageKind.BarrierAhead:
                if (!_isOver)
                {
                    First.Calls!.Expect(message.Barrier.Checkpoint);
                }

                break;
            default:
                throw new InvalidOperationException($"Unknown kind of message: {message.Kind}.");
        }

        while (!IsBackpressured && !MayHavePreferred && TryStep())
        {
        }

        // A source flushes its own output, but it may have ended or paused while the output was blocked.
        if (!IsBackpressured && (First.Source == null || _hasResumed) && (Mailbox.IsEmpty || IsFlushDue()))
        {
            FlushOutputs();
        }

        if (IsBackpressured || Mailbox.IsEmpty || _environment.Time.GetElapsedTime(_lastWake) >= TimeBetweenWakes)
        {
            WakeReceivers();
        }
    }

    private void WakeReceivers()
    {
        _lastWake = _environment.Time.GetTimestamp();
        Outbox.WakeReceivers();
    }

    // Preferred messages may be in the mailbox behind others, whose number is bounded by credits.
    private bool MayHavePreferred => First.HasPreferredInput && !Mailbox.IsEmpty;

    /// <summary>Indicates whether rows may have been buffered for longer than the flush interval.</summary>
    public bool IsFlushDue() => _environment.Time.GetElapsedTime(_lastFlush) >= _environment.Options.FlushInterval;

    /// <summary>Sends all buffered output, from the first subtask to the last, and wakes the receivers.</summary>
    public void FlushOutputs()
    {
        _hasResumed = false;
        _lastFlush = _environment.Time.GetTimestamp();
        foreach (var subtask in _subtasks)
        {
            subtask.FlushOutputs();
        }

        WakeReceivers();
    }

    // Everything that came before a barrier is processed or saved before it. A suspended operation precedes all input that has not been
    // taken yet.
    private bool TryStep()
    {
        if (TryPassBarrier())
        {
            return true;
        }

        if (IsSuspended)
        {
            return Resume();
        }

        if (_pumps > 0)
        {
            _pumps--;
            First.Source!.Pump();
            return true;
        }

        // Nothing is sent or called after the last barrier: rows in flight are saved.
        if (First.Calls is { } calls && !_isOver && calls.TryAdvance())
        {
            return true;
        }

        // The barrier of an end waits until all calls have returned.
        if (!_gate.TryPeek(out var message) || message.Kind == MessageKind.Barrier)
        {
            return false;
        }

        _gate.TryTake(out _);
        if (First.Calls != null)
        {
            // Bounded by the credits of the channels, which it returns.
            First.Calls.Receive(message.To!, message.Batch!);
            return true;
        }

        if (First.Receive(message.To!, message.Batch!))
        {
            message.Batch!.Release();
            message.To!.Sender!.ReturnCredit();
        }

        return true;
    }

    // From the last subtask to the first: pending input of a subtask precedes anything that another one sends to it.
    private bool Resume()
    {
        if (_isOver)
        {
            // Nothing more is sent after the last barrier: what has not fired is saved.
            return false;
        }

        _hasResumed = true;
        for (var index = _subtasks.Count - 1; index >= 0 && !IsBackpressured; index--)
        {
            _subtasks[index].Resume();
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
        next.To!.Block();
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

    // Buffered output of a subtask also precedes the barrier. Sending it may suspend another subtask, and then the barrier has to wait.
    private bool TryMakeReadyFor(CheckpointMode mode)
    {
        if (!CanSave(mode))
        {
            return false;
        }

        FlushOutputs();
        return CanSave(mode);
    }

    // A firing need not be completed, because keys that have not fired are in the state. Batches that wait behind it are not. Rows in
    // flight are in the state, too.
    private bool CanSave(CheckpointMode mode) => mode.IsEnd()
        ? !IsSuspended && First.Calls is not { IsBusy: true }
        : !IsSuspended || _subtasks.TrueForAll(static subtask => subtask.CanBeSaved);
}
