using Penstock.Checkpoints;
using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>
/// Subtasks that call each other directly, and so run on one thread at a time, with one mailbox. The first one reads a source, or what other groups send; all inputs of the
/// others come from inside the group. A group handles one message at a time and never waits: what it cannot send for lack of credits stays in its outbox, and
/// meanwhile it takes no further input.
/// </summary>
internal sealed class ExecutionGroup
{
    private readonly ExecutionEnvironment _environment;
    private readonly List<Subtask> _subtasks = [];
    private readonly Outbox _outbox = new();
    private readonly InputGate _gate = new();
    private readonly Queue<Message> _requests = new();
    private long _lastFlush;

    /// <param name="environment">What the pipeline touches.</param>
    /// <param name="task">The id of its first task.</param>
    /// <param name="index">The index of its subtasks.</param>
    /// <param name="handle">Handles a message; it calls <see cref="Handle"/>.</param>
    public ExecutionGroup(ExecutionEnvironment environment, string task, int index, Action<ExecutionGroup, Message> handle)
    {
        _environment = environment;
        Task = task;
        Index = index;
        Mailbox = environment.CreateMailbox(task, message => handle(this, message));
    }

    /// <summary>The id of its first task.</summary>
    public string Task { get; }

    /// <summary>The index of its subtasks.</summary>
    public int Index { get; }

    public Mailbox Mailbox { get; }

    /// <summary>Whether something that was sent waits for credits.</summary>
    public bool IsHeldUp => _outbox.IsBlocked;

    private Subtask First => _subtasks[0];

    /// <summary>Adds a subtask before those that it sends to.</summary>
    public void Add(Subtask subtask) => _subtasks.Insert(0, subtask);

    /// <summary>Sends a message to another group.</summary>
    /// <returns>Whether the channel has begun to wait for credits.</returns>
    public bool Send(Channel channel, in Message message) => _outbox.Send(channel, in message);

    /// <summary>Handles a message; the entry point of the mailbox.</summary>
    public void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Resume:
                _outbox.Resume();
                break;
            case MessageKind.Batch or MessageKind.Barrier:
                // Bounded by the credits of the channels.
                _gate.Add(in message);
                break;
            case MessageKind.Pump or MessageKind.Trigger:
                _requests.Enqueue(message);
                break;
            default:
                throw new InvalidOperationException($"A group does not handle such a message: {message.Kind}.");
        }

        while (!_outbox.IsBlocked && (_requests.TryDequeue(out var next) || _gate.TryTake(out next)))
        {
            Dispatch(in next);
        }

        if (!_outbox.IsBlocked && First.Source == null && (Mailbox.IsEmpty || IsFlushDue()))
        {
            FlushOutputs();
        }
    }

    /// <summary>Whether rows may have been buffered for longer than the flush interval.</summary>
    public bool IsFlushDue() => _environment.Time.GetElapsedTime(_lastFlush) >= _environment.Options.FlushInterval;

    /// <summary>Sends everything that is buffered, from the first subtask to the last.</summary>
    public void FlushOutputs()
    {
        _lastFlush = _environment.Time.GetTimestamp();
        foreach (var subtask in _subtasks)
        {
            subtask.FlushOutputs();
        }
    }

    private void Dispatch(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Pump:
                First.Source!.Pump();
                break;
            case MessageKind.Trigger:
                if (message.Barrier.Mode == CheckpointMode.Drain)
                {
                    First.Source!.Drain();
                }
                else if (message.Barrier.Mode.IsLast())
                {
                    First.Source!.Stop();
                }

                First.TakeCheckpoint(message.Barrier);
                break;
            case MessageKind.Batch:
                First.Receive(message.To!, message.Batch!);
                message.Batch!.Release();
                message.To!.Channel!.ReturnCredit();
                break;
            case MessageKind.Barrier:
                message.To!.Channel!.ReturnCredit();
                message.To.Hold();
                if (First.IsAlignedBy(message.Barrier))
                {
                    _gate.Release(First.Inputs);
                }

                break;
            case MessageKind.Resume:
            default:
                throw new InvalidOperationException($"A group does not dispatch such a message: {message.Kind}.");
        }
    }
}
