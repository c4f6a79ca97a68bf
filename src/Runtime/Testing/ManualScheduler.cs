using Penstock.Network;

namespace Penstock.Testing;

/// <summary>Runs the subtasks of a test one message at a time, in turn, on the thread of the caller.</summary>
internal sealed class ManualScheduler
{
    private readonly List<ManualMailbox> _mailboxes = [];

    public Mailbox CreateMailbox(string task, int index, Action<Message> handle)
    {
        var mailbox = new ManualMailbox(handle);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    public void Clear() => _mailboxes.Clear();

    /// <summary>Handles messages until none are waiting. Sources that have read all input wait for the test and post no messages.</summary>
    public void RunUntilIdle()
    {
        bool any;
        do
        {
            any = false;
            foreach (var mailbox in _mailboxes)
            {
                any |= mailbox.TryHandleNext();
            }
        }
        while (any);
    }
}
