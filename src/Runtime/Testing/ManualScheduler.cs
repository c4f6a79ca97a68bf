using Penstock.Network;

namespace Penstock.Testing;

/// <summary>Runs the subtasks of a test one message at a time, in turn, on the thread of the caller.</summary>
internal sealed class ManualScheduler : IDisposable
{
    private readonly AutoResetEvent _posted = new(false);
    private readonly List<ManualMailbox> _mailboxes = [];

    public Mailbox CreateMailbox(string task, int index, Action<Message> handle)
    {
        var mailbox = new ManualMailbox(handle, Posted);
        _mailboxes.Add(mailbox);
        return mailbox;
    }

    public void Clear() => _mailboxes.Clear();

    /// <summary>Waits until a message is posted, if none was since the last call.</summary>
    /// <returns><c>false</c> if none has come in time.</returns>
    public bool WaitForMessage(TimeSpan longest) => _posted.WaitOne(longest);

    public void Dispose() => _posted.Dispose();

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

    // A call of an earlier attempt may complete after the end of the test.
    private void Posted()
    {
        try
        {
            _posted.Set();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }
}
