using System.ComponentModel;
using Penstock.State;
using Penstock.Time;

namespace Penstock.Timers;

/// <summary>The event-time timers of an operator.</summary>
/// <typeparam name="TKey">The key type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class TimerTable<TKey> : EventTimers, IStatePart, IDueState
    where TKey : struct, IKey<TKey>
{
    private const int MaxRounds = 10_000;

    private readonly string _id;
    private readonly KeyRange _range;
    private readonly TimerHeap<TKey> _timers;

    // Timers that were set for a time that had passed. They fire when the watermark advances, before the others.
    private readonly OrderedEntries<TimerEntry<TKey>> _past;
    private TKey _key;
    private long _watermark = Watermarks.None;

    // The furthest watermark without the end of input, which closes nothing that a later run of the job may continue.
    private long _reached = Watermarks.None;

    // The time up to which timers have fired by a watermark, without the end of input.
    private long _firedTo = Watermarks.None;

    // The time of the timer that fires, and the timers of the past that this watermark fires: those that they set wait for the next one.
    private long _firing = Watermarks.None;
    private long _firingFor = Watermarks.None;
    private int _pastLeft;

    // At the end of input: the time of the last timer that was set when the round began, and the number of rounds. Timers that set others
    // may need several.
    private long _lastOfRound = Watermarks.None;
    private int _rounds;

    internal TimerTable(string id, KeyRange range, TableSecret secret, StateMemory memory)
    {
        _id = id;
        _range = range;
        _timers = new TimerHeap<TKey>(secret, memory);
        _past = new OrderedEntries<TimerEntry<TKey>>(memory);
    }

    bool IDueState.IsDue => _timers.TryPeek(_watermark, out _);

    bool IDueState.CanBeSaved => true;

    // All timers up to this time have fired, or are in _past.
    private long Passed => Math.Max(_firedTo, _firing);

    /// <summary>Switches to the key of a row.</summary>
    /// <param name="key">The key.</param>
    public void Enter(TKey key) => _key = key;

    /// <inheritdoc/>
    public override void Delete(long timeMicros)
    {
        if (!EventTimes.IsInRange(timeMicros))
        {
            return;
        }

        // After a restart a timer may lie in either, because other subtasks had advanced further.
        _timers.Delete(timeMicros, _key);
        if (_past.Count > 0)
        {
            _past.Remove(new TimerEntry<TKey>(timeMicros, _key));
        }
    }

    /// <summary>Takes the next timer whose time the watermark has passed, and switches to its key.</summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="key">The key of the timer.</param>
    /// <param name="timer">The time for which the timer was set, in microseconds since the Unix epoch.</param>
    /// <param name="time">
    /// The event time of what it emits, in microseconds since the Unix epoch: its own time, or the earliest that is not late if that had
    /// passed when it was set.
    /// </param>
    /// <returns><c>false</c> if no timer is due.</returns>
    public bool TryTakeDue(long watermark, out TKey key, out long timer, out long time)
    {
        Reach(watermark);
        if (_pastLeft > 0 && _past.Count > 0)
        {
            _pastLeft--;
            var past = _past.Take();
            (_key, timer, time) = (past.Key, past.Time, Passed + 1);
            key = past.Key;
            return true;
        }

        if (!_timers.TryPeek(_watermark, out var next))
        {
            if (_watermark == Watermarks.End && _past.Count > 0)
            {
                BeginRound(_past.Count);
                return TryTakeDue(watermark, out key, out timer, out time);
            }

            (key, timer, time) = (default, 0, 0);
            _firedTo = _reached == Watermarks.None ? _firedTo : Math.Max(_firedTo, _reached - 1);
            _firing = Watermarks.None;
            return false;
        }

        if (_watermark == Watermarks.End && next.Time > _lastOfRound)
        {
            BeginRound(past: 0);
        }

        _timers.Take();
        _key = key = next.Key;
        _firing = time = timer = next.Time;
        return true;
    }

    private protected override void Add(long timeMicros)
    {
        if (timeMicros <= Passed)
        {
            _past.TryAdd(new TimerEntry<TKey>(timeMicros, _key));
        }
        else
        {
            _timers.Set(timeMicros, _key);
        }
    }

    private void Reach(long watermark)
    {
        if (watermark > _firingFor)
        {
            (_firingFor, _pastLeft) = (watermark, _past.Count);
        }

        _watermark = Math.Max(_watermark, watermark);
        if (Watermarks.IsInstant(watermark))
        {
            _reached = Math.Max(_reached, watermark);
        }
    }

    private void BeginRound(int past)
    {
        _pastLeft = past;
        _lastOfRound = _timers.Latest;
        if (++_rounds > MaxRounds)
        {
            throw new PipelineException(
                ErrorCodes.EndlessTimers,
                $"The timers of operator '{_id}' set others without end: after the end of input they have done so {MaxRounds} times in a "
                    + "row. Set no timer in [OnTimer] if Context.IsEndOfInput is true.");
        }
    }
}
