namespace Penstock.Tasks;

/// <summary>
/// Holds a source back to a number of rows per second, over all of its subtasks: a token bucket. It holds the tokens of one second at most,
/// so that a source that was quiet does not make up for it. Subtasks that wait get their next token in the order in which they began to
/// wait. A pump takes the tokens of a batch at once: the lock is not taken for each row.
/// </summary>
internal sealed class RateLimiter(TimeProvider time, double rowsPerSecond)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly double _most = Math.Max(1, rowsPerSecond);
    private readonly List<int> _waiting = [];
    private long _filledAt = time.GetTimestamp();
    private double _tokens;

    /// <summary>Takes the tokens of some rows. Those that are not used are to be given back.</summary>
    /// <param name="subtask">The index of the subtask that reads them.</param>
    /// <param name="wanted">Of how many rows at most.</param>
    /// <returns>How many rows may be read now; if none, the subtask waits from now on.</returns>
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

    /// <summary>Gives tokens back.</summary>
    public void Return(int unused)
    {
        if (unused > 0)
        {
            lock (_gate)
            {
                _tokens = Math.Min(_most, _tokens + unused);
            }
        }
    }

    /// <summary>A subtask reads nothing for the time being: it takes no token from those that wait behind it.</summary>
    public void Leave(int subtask)
    {
        lock (_gate)
        {
            _waiting.Remove(subtask);
        }
    }

    /// <summary>In what time a subtask may read its next row.</summary>
    public TimeSpan UntilNext(int subtask)
    {
        lock (_gate)
        {
            Fill();
            var seconds = (1 + Before(subtask) - _tokens) / rowsPerSecond;
            return seconds < ShortestWait.TotalSeconds
                ? ShortestWait
                : seconds > LongestWait.TotalSeconds ? LongestWait : TimeSpan.FromSeconds(seconds);
        }
    }

    // How many tokens are those of subtasks that have waited for longer.
    private int Before(int subtask) => _waiting.IndexOf(subtask) is >= 0 and var index ? index : _waiting.Count;

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_most, _tokens + time.GetElapsedTime(_filledAt, now).TotalSeconds * rowsPerSecond);
        _filledAt = now;
    }
}
