using Penstock.Network;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The mailbox of an execution group in a simulation. Messages of one channel stay in their order; those of different channels may overtake
/// each other, as they may where channels lead to other processes, unless all are to be handled as they were posted. Any thread may post.
/// </summary>
/// <param name="machine">The machine of the subtask.</param>
/// <param name="name">The name of the subtask.</param>
/// <param name="isInOrder">Whether messages are handled in the order in which they were posted.</param>
/// <param name="handle">Handles a message.</param>
internal sealed class SimulatedMailbox(SimulatedMachine machine, string name, bool isInOrder, Action<Message> handle) : Mailbox
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Queue<Message>> _byChannel = [];
    private int _count;

    // As in a running pipeline: what was only left is found by a subtask that is at work, and not by one that has nothing to do.
    private bool _isAwake;

    private volatile bool _isClosed;

    public override bool IsEmpty => Volatile.Read(ref _count) == 0;

    public SimulatedMachine Machine => machine;

    /// <summary>Whether nothing is handled any more: the group is closed, or its machine is dead.</summary>
    public bool IsClosed => _isClosed || machine.IsDead;

    /// <summary>Whether the subtask is still at a message: it takes one at a time.</summary>
    public bool IsBusy { get; set; }

    /// <summary>How many channels have messages; none as long as the subtask was not woken for them.</summary>
    public int Choices
    {
        get
        {
            lock (_gate)
            {
                return _isAwake ? _byChannel.Count : 0;
            }
        }
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        lock (_gate)
        {
            _isAwake = true;
        }
    }

    /// <inheritdoc/>
    public override void Close() => _isClosed = true;

    /// <inheritdoc/>
    public override void Leave(in Message message)
    {
        // What comes from no input channel has an order of its own.
        var channel = isInOrder ? 0 : message.Kind switch
        {
            MessageKind.Batch or MessageKind.Barrier => message.To!.Index,
            MessageKind.Pump or MessageKind.Trigger => -1,
            MessageKind.Start or MessageKind.Resume => -2,
            MessageKind.Sweep => -3,
            _ => throw new InvalidOperationException($"No order is known for messages of kind {message.Kind}."),
        };
        lock (_gate)
        {
            if (!_byChannel.TryGetValue(channel, out var queue))
            {
                _byChannel[channel] = queue = new Queue<Message>();
            }

            queue.Enqueue(message);
            _count++;
        }
    }

    /// <summary>Handles the next message of one of the channels that have some.</summary>
    /// <param name="choice">Which one, below <see cref="Choices"/>.</param>
    /// <param name="beginning">Is told what is about to happen.</param>
    public void HandleOne(int choice, Action<string> beginning)
    {
        Message message;
        lock (_gate)
        {
            var (channel, queue) = _byChannel.ElementAt(choice);
            message = queue.Dequeue();
            _count--;
            if (queue.Count == 0)
            {
                _byChannel.Remove(channel);
            }
        }

        beginning($"{name}: {message.Kind}");
        if (!machine.IsDead)
        {
            handle(message);
        }

        lock (_gate)
        {
            _isAwake = _count > 0;
        }
    }
}
