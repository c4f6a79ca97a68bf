using Penstock.Network;

namespace Penstock.Testing.Simulation;

/// <summary>
/// The mailbox of an execution group in a simulation. Messages of one channel stay in order. Messages of different channels may overtake
/// each other, as they may between processes, unless all must be handled in the order in which they were posted. Any thread may post.
/// </summary>
/// <param name="machine">The machine of the subtask.</param>
/// <param name="name">The name of the subtask.</param>
/// <param name="isInOrder"><c>true</c> if messages are handled in the order in which they were posted.</param>
/// <param name="handle">Handles a message.</param>
internal sealed class SimulatedMailbox(SimulatedMachine machine, string name, bool isInOrder, Action<Message> handle) : Mailbox
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Queue<Message>> _byChannel = [];
    private int _count;

    // As in production, a busy subtask finds messages that were left without a wake-up, but an idle one does not.
    private bool _isAwake;

    private volatile bool _isClosed;

    public override bool IsEmpty => Volatile.Read(ref _count) == 0;

    public SimulatedMachine Machine => machine;

    /// <summary><c>true</c> if no more messages are handled, because the group is closed or its machine is dead.</summary>
    public bool IsClosed => _isClosed || machine.IsDead;

    /// <summary><c>true</c> while the subtask handles a message; it handles one at a time.</summary>
    public bool IsBusy { get; set; }

    /// <summary>
    /// The number of channels with messages; 0 until the subtask is woken for them, and while it handles a message.
    /// </summary>
    public int Choices
    {
        get
        {
            lock (_gate)
            {
                return _isAwake && !IsBusy ? _byChannel.Count : 0;
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
    public override void Enqueue(in Message message)
    {
        // Messages that do not come from an input channel have a separate order.
        var channel = isInOrder ? 0 : message.Kind switch
        {
            MessageKind.Batch or MessageKind.Barrier => message.To!.Index,
            MessageKind.Pump or MessageKind.Trigger => -1,
            MessageKind.Start or MessageKind.Resume => -2,
            MessageKind.Sweep => -3,
            MessageKind.Calls or MessageKind.BarrierAhead => -4,
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

    /// <summary>Handles the next message of a channel that has messages.</summary>
    /// <param name="choice">The index of the channel among those with messages, less than <see cref="Choices"/>.</param>
    /// <param name="beginning">Called before the message is handled, with a description.</param>
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
