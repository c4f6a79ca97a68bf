using Penstock.State;

namespace Penstock.Timers;

/// <content>Frozen versions: all changes in memory, or those since the last one.</content>
internal sealed partial class TimerHeap<TKey>
{
    private const int MinLog = 65_536;

    private readonly TimerFreeze<TKey> _freeze;
    private ImageLog<TimerChange<TKey>>? _log;
    private int _logged;
    private int _number;

    // The log does not have all changes since the last freeze. Nothing was frozen in the beginning.
    private bool _isLogLost = true;

    /// <summary>Freezes the timers for a background thread to read. The previous freeze must have ended.</summary>
    /// <param name="all"><c>true</c> to read all timers, not only the changes since the last freeze.</param>
    /// <returns>The frozen version, which its reader must end.</returns>
    public TimerFreeze<TKey> Freeze(bool all)
    {
        if (_chunks.IsFrozen())
        {
            throw new InvalidOperationException("The timers are frozen already.");
        }

        var isWhole = all || _isLogLost;
        _freeze.Begin(++_number, isWhole, FirstPlace());
        if (isWhole)
        {
            _log?.Clear();
            AddAll();
        }
        else
        {
            _log = _freeze.TakeLog(_log);
        }

        (_logged, _isLogLost) = (0, _compaction == null);
        _chunks.KeepFor(_freeze);
        return _freeze;
    }

    /// <summary>Adds a restored change.</summary>
    public void Restore(in TimerChange<TKey> change)
    {
        LoseLog();
        Apply(in change);
    }

    private void AddAll()
    {
        _freeze.AddRun(_run.Timers);
        foreach (var level in _levels)
        {
            foreach (ref readonly var bucket in level.AsSpan())
            {
                for (var chunk = bucket.First; chunk != null; chunk = chunk.Next)
                {
                    chunk.FrozenIn = _number;
                    _freeze.Add(chunk);
                }
            }
        }
    }

    // A lower bound of all timers that is above every timer of the last version, or of the log, that has fired. Spread and StartAgain break
    // this, so they lose the log.
    private FirstTimer<TKey> FirstPlace()
    {
        if (!_run.IsEmpty)
        {
            return new FirstTimer<TKey>(_run.First.Time, _run.First.Key);
        }

        return new FirstTimer<TKey>(TryFindBucket(out _, out var start) ? TimeOf(start) : long.MaxValue);
    }

    private void Log(in TimerChange<TKey> change)
    {
        if (_isLogLost)
        {
            return;
        }

        (_log ??= new ImageLog<TimerChange<TKey>>(_memory)).Append(in change);
        if (++_logged > MinLog && _logged > _count)
        {
            // To save all timers is less than to save the changes.
            LoseLog();
        }
    }

    private void LoseLog()
    {
        _log?.Clear();
        (_logged, _isLogLost) = (0, true);
    }
}
