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
    private const int MaxRounds = 1_000;

    private readonly string _id;
    private readonly KeyRange _range;
    private readonly OrderedEntries<TimerEntry<TKey>> _entries;
    private TKey _key;
    private long _watermark = Watermarks.None;

    // The furthest watermark without the end of input, which closes nothing that a later run of the job may continue.
    private long _reached = Watermarks.None;

    // The time up to which timers have fired: later ones are set after it.
    private long _firedTo = Watermarks.None;

    // At the end of input: the time of the last timer that was set when the round began, and the number of rounds. Timers that set others
    // may need several.
    private long _lastOfRound = Watermarks.None;
    private int _rounds;

    internal TimerTable(string id, KeyRange range, StateMemory memory)
    {
        _id = id;
        _range = range;
        _entries = new OrderedEntries<TimerEntry<TKey>>(memory);
    }

    bool IDueState.IsDue => _entries.TryPeek(out var first) && first.Time < _watermark;

    bool IDueState.CanBeSaved => true;

    /// <summary>Switches to the key of a row.</summary>
    /// <param name="key">The key.</param>
    public void Enter(TKey key) => _key = key;

    /// <inheritdoc/>
    public override void Delete(long timeMicros) => _entries.Remove(new TimerEntry<TKey>(timeMicros, _key));

    /// <summary>Takes the next timer whose time the watermark has passed, and switches to its key.</summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="key">The key of the timer.</param>
    /// <param name="time">The time of the timer, in microseconds since the Unix epoch.</param>
    /// <returns><c>false</c> if no timer is due.</returns>
    public bool TryTakeDue(long watermark, out TKey key, out long time)
    {
        Reach(watermark);
        if (!_entries.TryPeek(out var first) || first.Time >= _watermark)
        {
            (key, time) = (default, 0);
            _firedTo = _reached == Watermarks.None ? _firedTo : Math.Max(_firedTo, _reached - 1);
            return false;
        }

        if (_watermark == Watermarks.End && first.Time > _lastOfRound)
        {
            BeginRound();
        }

        _entries.Take();
        _key = key = first.Key;
        _firedTo = time = first.Time;
        return true;
    }

    private protected override void Add(long timeMicros) =>
        _entries.TryAdd(new TimerEntry<TKey>(_firedTo == Watermarks.None ? timeMicros : Math.Max(timeMicros, _firedTo + 1), _key));

    private void Reach(long watermark)
    {
        _watermark = Math.Max(_watermark, watermark);
        if (Watermarks.IsInstant(watermark))
        {
            _reached = Math.Max(_reached, watermark);
        }
    }

    private void BeginRound()
    {
        _lastOfRound = _entries.Last.Time;
        if (++_rounds > MaxRounds)
        {
            throw new PipelineException(
                ErrorCodes.EndlessTimers,
                $"The timers of operator '{_id}' set others without end: after the end of input they have done so {MaxRounds} times in a "
                    + "row. Set no timer in [OnTimer] if Context.IsEndOfInput is true.");
        }
    }
}
