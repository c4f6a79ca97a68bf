using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;

namespace Penstock.Network;

/// <summary>Delivers messages to one execution group, one at a time and in order.</summary>
/// <remarks>
/// To wake a thread takes longer than a group needs for a batch of a simple task. So a sender may leave a message without a call to the
/// group, and wakes it when it has left several, or has nothing more to send for now. A group that is at work finds such a message all the
/// same.
/// </remarks>
internal abstract class Mailbox
{
    /// <summary>Whether no message waits behind the one being handled.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Leaves a message, and wakes the group.</summary>
    public void Post(in Message message)
    {
        Leave(in message);
        Wake();
    }

    /// <summary>Leaves a message, which is handled at the latest when the group is woken. Who calls it sees to that.</summary>
    public abstract void Leave(in Message message);

    /// <summary>Has the group handle what was left, unless it is at work.</summary>
    public abstract void Wake();

    /// <summary>The group is closed: what was left is not handled any more.</summary>
    public virtual void Close()
    {
    }
}

/// <summary>
/// The mailbox of a running pipeline: a TPL Dataflow block with parallelism 1, which gets a message for each time that the group is woken.
/// </summary>
internal sealed class DataflowMailbox : Mailbox
{
    private readonly ConcurrentQueue<Message> _messages = new();
    private readonly Action<Message> _handle;
    private readonly ActionBlock<DataflowMailbox> _block;

    // 1 from the call that wakes the group until it has found no message.
    private int _isAwake;

    public DataflowMailbox(Action<Message> handle)
    {
        _handle = handle;
        _block = new ActionBlock<DataflowMailbox>(
            static mailbox => mailbox.HandleAll(),
            new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = 1 });
    }

    /// <inheritdoc/>
    public override bool IsEmpty => _messages.IsEmpty;

    /// <summary>Completes when the block was completed, and the group is no longer at work.</summary>
    public Task Completion => _block.Completion;

    /// <inheritdoc/>
    public override void Leave(in Message message) => _messages.Enqueue(message);

    /// <inheritdoc/>
    public override void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            _block.Post(this);
        }
    }

    /// <summary>Wakes the group no more.</summary>
    public void Complete() => _block.Complete();

    private void HandleAll()
    {
        do
        {
            while (_messages.TryDequeue(out var message))
            {
                _handle(message);
            }

            Interlocked.Exchange(ref _isAwake, 0);
        }
        while (!_messages.IsEmpty && Interlocked.Exchange(ref _isAwake, 1) == 0);
    }
}

/// <summary>
/// The mailbox of a test or a simulation, which decides itself when a message is handled. Any thread may post: sources wake a group from
/// threads of their own.
/// </summary>
internal sealed class ManualMailbox(Action<Message> handle) : Mailbox
{
    private readonly ConcurrentQueue<Message> _messages = new();

    public override bool IsEmpty => _messages.IsEmpty;

    /// <inheritdoc/>
    public override void Leave(in Message message) => _messages.Enqueue(message);

    /// <inheritdoc/>
    public override void Wake()
    {
    }

    /// <summary>Handles the next message.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryHandleNext()
    {
        if (!_messages.TryDequeue(out var message))
        {
            return false;
        }

        handle(message);
        return true;
    }
}
