using System.Runtime.CompilerServices;
using Penstock.Connectors;
using Penstock.Time;

namespace Penstock.Tasks;

/// <content>The event times of rows: read from them, or stamped. Rows without a valid one are removed.</content>
internal sealed partial class WatermarkTracker<T, TTime>
{
    // All rows that any split has after these get a later time, or the same. So no split, with or without rows, holds back time, and the
    // watermark can advance to the clock before the rows of the batch.
    private void Stamp(Batch<T> batch)
    {
        _stamped = Math.Max(_stamped, EventTimes.From(clock.GetUtcNow()));
        batch.Times.AsSpan(0, batch.Count).Fill(_stamped);
        foreach (var split in _splits)
        {
            split.MaxTime = _stamped;
            if (_stamped >= split.NextStep)
            {
                split.Watermark = _stamped;
                split.NextStep = time.NextStep(_stamped);
            }
        }
    }

    private void AssignTimes(SplitProgress<T> split, Batch<T> batch)
    {
        var rows = batch.Rows;
        var times = batch.Times;
        var count = batch.Count;
        var max = split.MaxTime;
        var delay = time.MaxDelayMicros;
        var older = 0;

        // Compared with the event time itself, so that the loop needs no subtraction.
        var noticed = split.HoldsWatermark ? long.MaxValue : NoticedTime(split.NextStep, delay);
        for (var index = 0; index < count; index++)
        {
            var rowTime = TTime.Of(in rows[index]);
            if (!EventTimes.IsInRange(rowTime))
            {
                Remove(split, batch, index, rowTime);
                (count, index) = (batch.Count, index - 1);
                continue;
            }

            times[index] = rowTime;

            // Rows that decide the watermark set the time that is reached; the delay is then zero.
            var reached = TTime.HasWatermarks ? OwnWatermark(in rows[index], rowTime) : rowTime;
            if (reached > max)
            {
                max = reached;
                if (reached >= noticed)
                {
                    split.Watermark = reached - delay;
                    split.NextStep = time.NextStep(split.Watermark);
                    noticed = NoticedTime(split.NextStep, delay);
                    _combined = Combined();
                    batch.AddWatermark(index + 1, split.Watermark, _combined);
                }
            }
            else if (!TTime.HasWatermarks && rowTime < max)
            {
                older++;
            }
        }

        // Pieces that were found together have no order among them.
        if (older > 0 && delay == 0 && !split.HoldsWatermark)
        {
            ReportOlder(split, batch, older);
        }

        split.MaxTime = max;
    }

    /// <summary>Returns the watermark that a row sets.</summary>
    /// <exception cref="InvalidOperationException">The watermark is out of range.</exception>
    public static long OwnWatermark(in T row, long rowTime)
    {
        var watermark = TTime.WatermarkOf(in row, rowTime);
        return watermark == Watermarks.None || EventTimes.IsInRange(watermark) ? watermark : throw new InvalidOperationException(
            $"The method with [Watermark] has returned {EventTimes.ToDateTimeOffset(watermark):O}, which is outside of the years 2 to 9998.");
    }

    private void ReportOlder(SplitProgress<T> split, Batch<T> batch, int count)
    {
        outOfOrder.Count(count);
        if (split.HasLoggedDisorder || !IsTimeObserved)
        {
            return;
        }

        split.HasLoggedDisorder = true;
        var newest = split.MaxTime;
        var index = 0;
        for (; batch.Times[index] >= newest; index++)
        {
            newest = batch.Times[index];
        }

        outOfOrder.Warn(split.Split.Id, split.Reader!.Describe(IndexAsRead(index)), batch.Times[index], newest);
    }

    // In a pass of its own, so that the loop over timed rows is the same for all sources, and all of them are moved once.
    private void RemoveUntimed(SplitProgress<T> split, Batch<T> batch)
    {
        try
        {
            for (var index = 0; index < batch.Count; index++)
            {
                if (TTime.Of(in batch.Rows[index]) == EventTimes.Null)
                {
                    _removed.Add(index);
                }
            }
        }
        catch
        {
            // The rows are still where they were read.
            _removed.Clear();
            throw;
        }

        if (_removed.Indices.Length > 0)
        {
            untimed!.Handle(batch, _removed.Indices, split.Reader!, TTime.Column);
            batch.Remove(_removed.Indices);
        }
    }

    // Text readers detect such rows earlier; this handles sources that provide whole rows.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Remove(SplitProgress<T> split, Batch<T> batch, int index, long rowTime)
    {
        var asRead = IndexAsRead(index);
        badRows.Handle(new BadRow(
            split.Reader!.Describe(asRead),
            BadRow.NoPosition,
            TTime.Column,
            EventTimes.OutOfRange(rowTime),
            $"{batch.Rows[index]}"));
        _removed.Add(asRead);
        batch.Remove(index);
    }
}
