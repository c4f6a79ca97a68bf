namespace Penstock.Tasks;

/// <summary>
/// Limits the rows that a source reads, or the calls that an operator starts, per second, over all subtasks on this node: a token bucket.
/// It holds the tokens of one second at most, so no time without rows is made up for. Waiting subtasks get tokens in the order in which
/// they started to wait. Tokens are taken for many rows at a time, so the lock is not taken for each row.
/// </summary>
internal sealed class RateLimiter(TimeProvider time, double perSecond)
{
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly double _capacity = Math.Max(1, perSecond);
    private readonly List<int> _waiting = [];
    private long _filledAt = time.GetTimestamp();
    private double _tokens;

    /// <summary>Takes the tokens of some rows. Unused tokens must be returned.</summary>
    /// <param name="subtask">The index of the subtask that reads or calls them.</param>
    /// <param name="wanted">The maximum number of rows.</param>
    /// <returns>The number of rows that may be read or called now; if 0, the subtask is waiting from now on.</returns>
    public int Take(int subtask, int wanted)
    {
        lock (_gate)
        {
            Fill();
            var taken = (int)Math.Min(wanted, _tokens - Before(subtask));
            if (taken < 1)
            {
                if (!_waiting.Contains(subtask))
                {
                    _waiting.Add(subtask);
                }

                return 0;
            }

            _waiting.Remove(subtask);
            _tokens -= taken;
            return taken;
        }
    }

    /// <summary>Returns unused tokens.</summary>
    public void Return(int unused)
    {
        if (unused > 0)
        {
            lock (_gate)
            {
                _tokens = Math.Min(_capacity, _tokens + unused);
            }
        }
    }

    /// <summary>
    /// Removes a subtask from the waiting ones that reads or calls nothing for now, so that it takes no tokens from those behind it.
    /// </summary>
    public void Leave(int subtask)
    {
        lock (_gate)
        {
            _waiting.Remove(subtask);
        }
    }

    /// <summary>Returns the time until a subtask may read or call its next row.</summary>
    public TimeSpan UntilNext(int subtask)
    {
        lock (_gate)
        {
            Fill();
            var seconds = (1 + Before(subtask) - _tokens) / perSecond;
            return seconds < MinWait.TotalSeconds
                ? MinWait
                : seconds > MaxWait.TotalSeconds ? MaxWait : TimeSpan.FromSeconds(seconds);
        }
    }

    // Returns the number of tokens reserved for subtasks that have waited longer.
    private int Before(int subtask) => _waiting.IndexOf(subtask) is >= 0 and var index ? index : _waiting.Count;

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_capacity, _tokens + time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond);
        _filledAt = now;
    }
}
