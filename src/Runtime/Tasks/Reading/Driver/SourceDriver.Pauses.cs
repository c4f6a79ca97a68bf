using Penstock.Connectors;
using Penstock.Network;

namespace Penstock.Tasks;

/// <content>When it reads on: at once, after a pause, or when it is woken.</content>
internal sealed partial class SourceDriver<T, TTime>
{
    // A source that has nothing is asked again soon at first, and then ten times a second: each look wakes a thread, which takes 0.7 ms of
    // a processor.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    public bool IsHeld => _aligned?.IsHeld == true;

    private void PostPump() => _context.Group.Mailbox.Post(new Message(MessageKind.Pump));

    private void Pause(TimeSpan time)
    {
        _context.Group.FlushOutputs();
        Volatile.Write(ref _isAsleep, 1);
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    // The timer and the source both call this. Only the first call posts: two pumps would go on side by side.
    private void Wake()
    {
        if (Interlocked.Exchange(ref _isAsleep, 0) == 1)
        {
            PostPump();
        }
    }

    // Only rows are withheld. What the source says without rows others may wait for: a split that is idle no more, or the files that a
    // listing has brought.
    private void PumpHeld(TimeAlignment.Member aligned)
    {
        _rate?.Leave(_context.Subtask);
        if (_streaming != null)
        {
            PumpStreaming(limit: 0);
        }
        else
        {
            Pause(LongPause);
        }

        if (!aligned.Hold())
        {
            // It was let go before it went to sleep, when a call to wake it had no effect.
            Wake();
        }
    }

    // A split that counts as idle after some time is looked at when that has passed.
    private TimeSpan UntilNextLook(TimeSpan longest)
    {
        if (_idle is not { } idle)
        {
            return longest;
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
            // A whole round over the splits brought nothing.
            _emptyReads = 0;
            Pause(UntilNextLook(_pause));
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            return;
        }

        if (_context.Group.IsFlushDue() || status == ReadStatus.CaughtUp)
        {
            _context.Group.FlushOutputs();
        }

        PostPump();
    }
}
