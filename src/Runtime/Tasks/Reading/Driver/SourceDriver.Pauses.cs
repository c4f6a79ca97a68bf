using Penstock.Connectors;
using Penstock.Network;

namespace Penstock.Tasks;

/// <content>Scheduling of the next read: immediately, after a pause, or when woken.</content>
internal sealed partial class SourceDriver<T, TTime>
{
    // A source without rows is polled again soon at first, and then ten times per second: each poll wakes a thread, which costs 0.7 ms of
    // processor time.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(100);

    public bool IsPaused => _aligned?.IsPaused == true;

    private void PostPump() => _context.Group.Mailbox.Post(new Message(MessageKind.Pump));

    private void Pause(TimeSpan time)
    {
        _context.Group.FlushOutputs();
        Volatile.Write(ref _isAsleep, 1);
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    // Called by both the timer and the source. Only the first call posts, because two pumps would run concurrently.
    private void Wake()
    {
        if (Interlocked.Exchange(ref _isAsleep, 0) == 1)
        {
            PostPump();
        }
    }

    private void PumpHeld(TimeAlignment.Member aligned)
    {
        _rate?.Leave(_context.Subtask);
        PumpWithoutRows();

        if (!aligned.UpdateHeld())
        {
            // It was released before it went to sleep, when a call to wake it had no effect.
            Wake();
        }
    }

    // Only rows are withheld. Others may wait for anything that the source reports without rows: a split that is no longer idle, the files
    // of a new listing, or the time of rows that are stamped, which follows the clock. Returns the pause that follows.
    private TimeSpan PumpWithoutRows()
    {
        if (_streaming != null)
        {
            PumpStreaming(limit: 0);
            return UntilNextLook(LongPause);
        }

        if (TTime.IsStamped && (_current ?? _splits.FirstOrDefault()) is { } split)
        {
            _batch.Empty();
            AssignTimes(split);
            ReportTime();
            if (!_batch.IsEmpty)
            {
                SendBatch();
            }
        }

        var pause = UntilNextLook(LongPause);
        Pause(pause);
        return pause;
    }

    // A split that becomes idle after some time must be checked at that time.
    private TimeSpan UntilNextLook(TimeSpan longest)
    {
        if (TTime.IsStamped && _tracker.MicrosUntilNextStep() is var micros && micros < longest.TotalMicroseconds)
        {
            longest = TimeSpan.FromMicroseconds(micros);
        }

        if (_idle is not { } idle)
        {
            return longest > FirstPause ? longest : FirstPause;
        }

        foreach (var split in _splits)
        {
            if (split is { CaughtUpSince: > 0, IsIdle: false, HasEnded: false })
            {
                var left = idle - _context.Time.GetElapsedTime(split.CaughtUpSince);
                longest = left < longest ? left : longest;
            }
        }

        return longest > FirstPause ? longest : FirstPause;
    }

    private void Continue(ReadStatus status, int rows)
    {
        _emptyReads = status == ReadStatus.CaughtUp && rows == 0 ? _emptyReads + 1 : 0;
        if (rows > 0)
        {
            _pause = FirstPause;
        }

        if (_emptyReads > 0 && _emptyReads >= _splits.Count(split => !split.HasEnded))
        {
            // A whole round over the splits returned nothing.
            _emptyReads = 0;
            Pause(UntilNextLook(_pause));
            _pause = _pause * 2 < MaxPause ? _pause * 2 : MaxPause;
            return;
        }

        if (_context.Group.IsFlushDue() || status == ReadStatus.CaughtUp)
        {
            _context.Group.FlushOutputs();
        }

        PostPump();
    }
}
