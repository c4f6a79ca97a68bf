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

    // Timers that were set for a time that had passed. Those in _overdue fire in the current advance, before all others; those that are
    // set meanwhile wait in _nextOverdue for the next one.
    private OrderedEntries<TimerEntry<TKey>> _nextOverdue;
    private OrderedEntries<TimerEntry<TKey>> _overdue;
    private TKey _key;
    private long _watermark = Watermarks.None;

    // The furthest watermark without the end of input, which closes nothing that a later run of the job may continue.
    private long _reached = Watermarks.None;

    // The time up to which timers have fired by a watermark, without the end of input.
    private long _firedTo = Watermarks.None;

    // The time of the timer that fires, and the watermark for which timers fire.
    private long _firing = Watermarks.None;
    private long _firingFor = Watermarks.None;

    // At the end of input: the number of timers that may still fire in the round, no less than were set when it began, and the number of
    // rounds. Timers that set others may need several.
    private long _leftInRound;
    private int _rounds;

    internal TimerTable(string id, KeyRange range, TableSecret secret, StateMemory memory)
    {
        _id = id;
        _range = range;
        _timers = new TimerHeap<TKey>(secret, memory);
        _nextOverdue = new OrderedEntries<TimerEntry<TKey>>(memory);
        _overdue = new OrderedEntries<TimerEntry<TKey>>(memory);
    }

    bool IDueState.IsDue => _overdue.Count > 0 || _timers.TryPeek(_watermark, out _);

    bool IDueState.CanBeSaved => true;

    // All timers up to this time have fired, or are in _nextOverdue.
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

        // After a restart in the middle of an advance, an overdue timer may have a time after the one that counts as passed.
        _timers.Delete(timeMicros, _key);
        DeleteFrom(_nextOverdue, timeMicros);
        DeleteFrom(_overdue, timeMicros);
    }

    /// <summary>Takes the next timer whose time the watermark has passed, and switches to its key.</summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="key">The key of the timer.</param>
    /// <param name="timer">The time for which the timer was set, in microseconds since the Unix epoch.</param>
    /// <param name="time">
    /// The event time of the rows that it emits, in microseconds since the Unix epoch: later than <paramref name="timer"/>, and the
    /// earliest that is not late, if that had passed when the timer was set.
    /// </param>
    /// <returns><c>false</c> if no timer is due.</returns>
    public bool TryTakeDue(long watermark, out TKey key, out long timer, out long time)
    {
        Reach(watermark);
        if (_overdue.Count > 0)
        {
            var overdue = _overdue.Take();
            (_key, timer, time) = (overdue.Key, overdue.Time, Passed + 1);
            key = overdue.Key;
            return true;
        }

        if (!_timers.TryPeek(_watermark, out var next))
        {
            if (_watermark == Watermarks.End && _nextOverdue.Count > 0)
            {
                BeginRound();
                return TryTakeDue(watermark, out key, out timer, out time);
            }

            (key, timer, time) = (default, 0, 0);
            _firedTo = _reached == Watermarks.None ? _firedTo : Math.Max(_firedTo, _reached - 1);
            _firing = Watermarks.None;
            return false;
        }

        if (_watermark == Watermarks.End && --_leftInRound < 0)
        {
            BeginRound();
            _leftInRound--;
        }

        _timers.Take();
        _key = key = next.Key;
        _firing = time = timer = next.Time;
        return true;
    }

    private protected override void Add(long timeMicros)
    {
        var timer = new TimerEntry<TKey>(timeMicros, _key);

        // After a restart in the middle of an advance, an overdue timer may have a time after the one that counts as passed.
        if (Contains(_overdue, in timer) || Contains(_nextOverdue, in timer))
        {
            return;
        }

        if (timeMicros <= Passed)
        {
            _nextOverdue.Add(in timer);
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
            _firingFor = watermark;
            BeginOverdue();
        }

        _watermark = Math.Max(_watermark, watermark);
        if (Watermarks.IsInstant(watermark))
        {
            _reached = Math.Max(_reached, watermark);
        }
    }

    private void BeginOverdue()
    {
        if (_overdue.Count == 0)
        {
            (_nextOverdue, _overdue) = (_overdue, _nextOverdue);
        }

        while (_nextOverdue.Count > 0)
        {
            _overdue.TryAdd(_nextOverdue.Take());
        }
    }

    // A round ends when as many timers have fired as there were, and not at a time: one timer in the far future would make it endless.
    private void BeginRound()
    {
        BeginOverdue();
        _leftInRound = _timers.MaxCount;
        if (++_rounds > MaxRounds)
        {
            throw new PipelineException(
                ErrorCodes.EndlessTimers,
                $"The timers of operator '{_id}' set others without end: after the end of input they have done so {MaxRounds} times in a "
                    + "row. Set no timer in [OnTimer] if Context.IsEndOfInput is true.");
        }
    }

    private static bool Contains(OrderedEntries<TimerEntry<TKey>> overdue, in TimerEntry<TKey> timer) =>
        overdue.Count > 0 && overdue.Contains(in timer);

    private void DeleteFrom(OrderedEntries<TimerEntry<TKey>> overdue, long timeMicros)
    {
        if (overdue.Count > 0)
        {
            overdue.Remove(new TimerEntry<TKey>(timeMicros, _key));
        }
    }
}
