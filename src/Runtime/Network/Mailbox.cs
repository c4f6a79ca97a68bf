using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;

namespace Penstock.Network;

/// <summary>Delivers messages to one execution group, one at a time and in order.</summary>
internal abstract class Mailbox
{
    /// <summary>Whether no message waits behind the one being handled.</summary>
    public abstract bool IsEmpty { get; }

    public abstract void Post(in Message message);
}

/// <summary>The mailbox of a running pipeline: a TPL Dataflow block with parallelism 1.</summary>
internal sealed class DataflowMailbox(Action<Message> handle) : Mailbox
{
    private readonly ActionBlock<Message> _block = new(handle, new ExecutionDataflowBlockOptions { MaxDegreeOfParallelism = 1 });

    public override bool IsEmpty => _block.InputCount == 0;

    /// <summary>Completes when the block was completed and has handled its last message.</summary>
    public Task Completion => _block.Completion;

    public override void Post(in Message message) => _block.Post(message);

    public void Complete() => _block.Complete();
}

/// <summary>The mailbox of a test or a simulation, which decides itself when a message is handled. Any thread may post: sources wake a group from threads of their own.</summary>
internal sealed class ManualMailbox(Action<Message> handle) : Mailbox
{
    private readonly ConcurrentQueue<Message> _messages = new();

    public override bool IsEmpty => _messages.IsEmpty;

    public override void Post(in Message message) => _messages.Enqueue(message);

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
