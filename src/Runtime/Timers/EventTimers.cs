namespace Penstock;

/// <summary>
/// The event-time timers of the current key: <c>context.Timers.Set(order.PlacedAt + TimeSpan.FromMinutes(30))</c>. A timer fires when the
/// watermark has passed its time, so that rows up to this time have come: the method with <c>[OnTimer]</c> is called, in the order of time.
/// Timers are state: checkpoints save them.
/// </summary>
/// <remarks>
/// A key has at most one timer for each time: setting it again changes nothing. At the end of bounded input all timers fire, see
/// <see cref="Context.IsEndOfInput"/>. Do not keep the object after the method returns.
/// </remarks>
public abstract class EventTimers
{
    private protected EventTimers()
    {
    }

    /// <summary>
    /// Sets a timer. If the watermark has already passed the time, as for a late row, the timer fires when the watermark advances next.
    /// What it emits then has the earliest event time that is not late.
    /// </summary>
    /// <param name="timeMicros">The time, in microseconds since the Unix epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is not in the range of event times, see <see cref="EventTimes"/>.</exception>
    public void Set(long timeMicros)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeMicros, EventTimes.Earliest);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(timeMicros, EventTimes.LatestExclusive);
        Add(timeMicros);
    }

    /// <summary>Sets a timer, as the other overload does.</summary>
    /// <param name="time">The time. Fractions of a microsecond are dropped.</param>
    public void Set(DateTimeOffset time) => Set(EventTimes.From(time));

    /// <summary>Sets a timer, as the other overloads do.</summary>
    /// <param name="time">The time: UTC unless its kind is <see cref="DateTimeKind.Local"/>.</param>
    public void Set(DateTime time) => Set(EventTimes.From(time));

    /// <summary>Deletes a timer that has not fired; without one at this time it does nothing.</summary>
    /// <param name="timeMicros">The time that was given to <see cref="Set(long)"/>, in microseconds since the Unix epoch.</param>
    public abstract void Delete(long timeMicros);

    /// <summary>Deletes a timer, as the other overloads do.</summary>
    /// <param name="time">The time that was given to <see cref="Set(DateTimeOffset)"/>.</param>
    public void Delete(DateTimeOffset time) => Delete(EventTimes.From(time));

    /// <summary>Deletes a timer, as the other overloads do.</summary>
    /// <param name="time">The time that was given to <see cref="Set(DateTime)"/>.</param>
    public void Delete(DateTime time) => Delete(EventTimes.From(time));

    private protected abstract void Add(long timeMicros);
}
