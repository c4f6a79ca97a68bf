using Penstock.Connectors;
using Penstock.Sources;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// Sets the event times of the rows of a source subtask, and adds a watermark update to the batch wherever an operator can notice that
/// event time advances.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TTime">Reads the event time of a row.</typeparam>
/// <param name="time">The event-time settings of the rows.</param>
/// <param name="clock">The clock for rows that are stamped.</param>
/// <param name="badRows">Handles rows whose event time is out of range.</param>
/// <param name="untimed">Handles rows whose event time is null.</param>
/// <param name="outOfOrder">Reports rows that are out of order although none should be.</param>
/// <param name="isOpenEnded"><c>true</c> if splits may appear after all have ended.</param>
internal sealed partial class WatermarkTracker<T, TTime>(
    EventTimeSettings time,
    TimeProvider clock,
    IBadRowHandler badRows,
    UntimedRows<T>? untimed,
    OutOfOrderRows outOfOrder,
    bool isOpenEnded)
    where TTime : struct, IEventTime<T>
{
    // An array, because iterating over an interface would allocate at every step.
    private SplitProgress<T>[] _splits = [];
    private readonly RemovedRows _removed = new();
    private SplitProgress<T>? _reported;
    private long _combined = Watermarks.None;

    // The last time that rows were stamped with.
    private long _stamped = Watermarks.None;
    private volatile bool _hasEnded;

    /// <summary>Indicates whether a split at its end can become idle.</summary>
    public bool KnowsIdleness => time.IdleMicros >= 0;

    /// <summary>Indicates whether an operator depends on event time, and splits without rows hold it back indefinitely.</summary>
    public bool WaitsForQuietSplits => IsTimeObserved && !KnowsIdleness && !TTime.IsStamped;

    /// <summary>Indicates whether an operator depends on event time.</summary>
    public bool IsTimeObserved => time.WatermarkGrids.Count > 0;

    /// <summary>The watermark of all splits together, reported or not.</summary>
    public long Reached
    {
        get
        {
            var reached = isOpenEnded && !_hasEnded ? Watermarks.Idle : Watermarks.End;
            foreach (var split in _splits)
            {
                reached = Math.Min(
                    reached,
                    _hasEnded || split.HasEnded ? Watermarks.End : split.IsIdle ? Watermarks.Idle : ReachedIn(split));
            }

            return reached;
        }
    }

    public void Open(IReadOnlyList<SplitProgress<T>> splits)
    {
        _splits = [.. splits];
        foreach (var split in splits)
        {
            // The checkpoint contains no watermark because no operator used one; it is derived from MaxTime.
            if (split.Watermark == Watermarks.None && time.WatermarkGrids.Count > 0 && !split.HoldsWatermark)
            {
                split.Watermark = WatermarkAt(split.MaxTime);
            }

            split.NextStep = time.NextStep(split.Watermark);
            _stamped = Math.Max(_stamped, split.MaxTime);
        }
    }

    /// <summary>
    /// Returns the time in microseconds until the clock lets the watermark advance without a row; <see cref="long.MaxValue"/> if it does
    /// not.
    /// </summary>
    public long MicrosUntilNextStep()
    {
        var next = long.MaxValue;
        if (TTime.IsStamped)
        {
            foreach (var split in _splits)
            {
                next = Math.Min(next, split.HasEnded ? long.MaxValue : split.NextStep);
            }
        }

        var now = EventTimes.From(clock.GetUtcNow());
        return next == long.MaxValue ? next : next <= now ? 0 : next - now;
    }

    /// <summary>Returns the watermark of a split from its largest event time.</summary>
    /// <param name="maxTime">The largest event time, or <see cref="Watermarks.None"/> if there is none.</param>
    public long WatermarkAt(long maxTime) => maxTime == Watermarks.None ? Watermarks.None : maxTime - time.MaxDelayMicros;

    /// <summary>Sets the event times of a batch that was read from one split.</summary>
    public void Assign(SplitProgress<T> split, Batch<T> batch)
    {
        if (TTime.IsStamped)
        {
            Stamp(batch);
        }

        var isReleased = Release(split);
        var combined = Combined();
        if (isReleased || !ReferenceEquals(_reported, split) || combined != _combined)
        {
            // Also if only idleness has changed or a split was added: after the rows would be too late, since they may be sent in a batch
            // of their own.
            _reported = split;
            Step(batch, 0, split.Watermark, combined);
        }

        _removed.Clear();

        // Without event time the times of the batch are always 0.
        if (typeof(TTime) != typeof(NoEventTime<T>) && !TTime.IsStamped)
        {
            if (TTime.IsNullable)
            {
                RemoveUntimed(split, batch);
            }

            AssignTimes(split, batch);
        }
    }

    /// <summary>Returns the index that a row of the batch had when it was read.</summary>
    /// <param name="index">The current index.</param>
    public int IndexAsRead(int index) =>
        untimed is { IsEmitting: true } ? _removed.Indices[index] : _removed.IndexAsRead(index);

    /// <summary>
    /// Adds a watermark update after the rows of a batch if a split that has ended or is idle lets the watermark advance.
    /// </summary>
    public void Report(SplitProgress<T> split, Batch<T> batch)
    {
        var combined = Combined();
        if (combined != _combined)
        {
            Step(batch, batch.Count, split.Watermark, combined);
        }
    }

    /// <summary>Reports that a source without splits to read does not hold the watermark back.</summary>
    public void ReportNothing(Batch<T> batch) => Step(batch, batch.Count, Watermarks.Idle, Watermarks.Idle);

    /// <summary>Ends the source.</summary>
    public void End(Batch<T> batch)
    {
        _hasEnded = true;
        Step(batch, batch.Count, Watermarks.End, Watermarks.End);
    }

    /// <summary>Returns the event time of each split, reported or not. May be called on any thread.</summary>
    public IReadOnlyList<SplitTime> SplitTimes() =>
        [.. _splits.Select(split => new SplitTime(
            split.Split.Id,
            ReachedIn(split),
            split.IsIdle,
            split.HasEnded || _hasEnded,
            split.CaughtUpSince > 0))];

    /// <summary>Advances the watermark of every split without a row.</summary>
    public void Advance(long watermark, Batch<T> batch)
    {
        foreach (var split in _splits)
        {
            split.MaxTime = Math.Max(split.MaxTime, watermark + time.MaxDelayMicros);
            split.Watermark = Math.Max(split.Watermark, watermark);
            split.NextStep = time.NextStep(split.Watermark);
            split.HasBegun = true;
        }

        _reported = null;
        _combined = Combined();
        batch.AddWatermark(watermark, _combined);
    }

    /// <summary>Records that a split is at its known end.</summary>
    /// <param name="split">The split.</param>
    /// <param name="sinceMicros">The time since it has been there, in microseconds.</param>
    public void RecordCaughtUp(SplitProgress<T> split, double sinceMicros) =>
        split.IsIdle = time.IdleMicros >= 0 && sinceMicros >= time.IdleMicros;

    // A held watermark is reported when the split has finished the pieces that were found together.
    private bool Release(SplitProgress<T> split)
    {
        if (split.HoldsWatermark || !split.HasHeldWatermark)
        {
            return false;
        }

        split.HasHeldWatermark = false;
        var reached = WatermarkAt(split.MaxTime);
        if (reached == Watermarks.None || reached < split.NextStep)
        {
            return false;
        }

        split.Watermark = reached;
        split.NextStep = time.NextStep(reached);
        return true;
    }

    private long ReachedIn(SplitProgress<T> split) => split.HoldsWatermark ? split.Watermark : WatermarkAt(split.MaxTime);

    private static long NoticedTime(long watermark, long delay) =>
        watermark == Watermarks.None ? Watermarks.None : watermark > long.MaxValue - delay ? long.MaxValue : watermark + delay;

    // Before idleness or the end is reported, the watermark advances to the furthest of the splits, including those that had ended before a
    // restart: other inputs may be idle.
    private void Step(Batch<T> batch, int index, long split, long combined)
    {
        if (combined >= Watermarks.Idle && _combined < Watermarks.Idle)
        {
            var furthest = Watermarks.None;
            foreach (var other in _splits)
            {
                furthest = Math.Max(furthest, other.Watermark);
            }

            if (furthest != Watermarks.None)
            {
                batch.AddWatermark(index, split, furthest);
            }
        }

        _combined = combined;
        batch.AddWatermark(index, split, combined);
    }

    private long Combined()
    {
        var combined = isOpenEnded ? Watermarks.Idle : Watermarks.End;
        foreach (var split in _splits)
        {
            combined = Math.Min(combined, split.Contribution);
        }

        return combined;
    }
}
