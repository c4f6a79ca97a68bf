namespace Penstock.Testing.Simulation;

/// <summary>
/// The permission to run, which one of two threads has. A thread without it sleeps: it does not spin, which would take processor time from
/// the other one.
/// </summary>
internal sealed class Turn
{
    private readonly object _gate = new();
    private bool _isGiven;

    /// <summary>Gives the turn to the thread that waits for it.</summary>
    public void Give()
    {
        lock (_gate)
        {
            _isGiven = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for the turn, and takes it.</summary>
    public void Take() => TryTake(Timeout.InfiniteTimeSpan);

    /// <summary>Waits for the turn, and takes it.</summary>
    /// <param name="timeout">The longest time to wait.</param>
    /// <returns><c>true</c> if the turn was given in time.</returns>
    public bool TryTake(TimeSpan timeout)
    {
        lock (_gate)
        {
            while (!_isGiven)
            {
                if (!Monitor.Wait(_gate, timeout))
                {
                    return false;
                }
            }

            _isGiven = false;
            return true;
        }
    }
}
