using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;

namespace Penstock.Network;

/// <summary>Delivers messages to one execution group, one at a time and in order.</summary>
/// <remarks>
/// Waking a thread takes longer than a group needs for a batch of a simple task. A sender may therefore leave messages without waking the
/// group, and wake it after several of them, or when it has nothing more to send for now. A running group finds such messages by itself.
/// </remarks>
internal abstract class Mailbox
{
    /// <summary>Indicates whether no message waits behind the one being handled.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Adds a message and wakes the group.</summary>
    public void Post(in Message message)
    {
        Enqueue(in message);
        Wake();
    }

    /// <summary>Adds a message, which is handled at the latest when the group is woken. The caller must ensure that.</summary>
    public abstract void Enqueue(in Message message);

    /// <summary>Wakes the group to handle waiting messages, unless it is already running.</summary>
    public abstract void Wake();

    /// <summary>Closes the mailbox: waiting messages are no longer handled.</summary>
    public virtual void Close()
    {
    }
}

/// <summary>
/// The mailbox of a running pipeline: a TPL Dataflow block with parallelism 1, to which one message is posted for each wake-up of the
/// group.
/// </summary>
internal sealed class DataflowMailbox : Mailbox
{
    private readonly ConcurrentQueue<Message> _messages = new();
    private readonly Action<Message> _handle;
    private readonly ActionBlock<DataflowMailbox> _block;

    // 1 from the call that wakes the group until the group has found no message.
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

    /// <summary>Completes when the block is completed and the group is no longer running.</summary>
    public Task Completion => _block.Completion;

    /// <inheritdoc/>
    public override void Enqueue(in Message message) => _messages.Enqueue(message);

    /// <inheritdoc/>
    public override void Wake()
    {
        if (Interlocked.Exchange(ref _isAwake, 1) == 0)
        {
            _block.Post(this);
        }
    }

    /// <summary>Stops waking the group.</summary>
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
/// The mailbox of a test or a simulation, which controls when a message is handled. Any thread may post, because sources wake a group from
/// their own threads.
/// </summary>
/// <param name="handle">Handles a message.</param>
/// <param name="posted">Called on any thread when a message was added, or null.</param>
internal sealed class ManualMailbox(Action<Message> handle, Action? posted = null) : Mailbox
{
    private readonly ConcurrentQueue<Message> _messages = new();

    public override bool IsEmpty => _messages.IsEmpty;

    /// <inheritdoc/>
    public override void Enqueue(in Message message)
    {
        _messages.Enqueue(message);
        posted?.Invoke();
    }

    /// <inheritdoc/>
    public override void Wake()
    {
    }

    /// <summary>Handles the next message.</summary>
    /// <returns><c>false</c> if there is none.</returns>
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
