namespace Penstock.Sources;

/// <content>Sources whose splits are read side by side: which one is next, the source itself says.</content>
internal sealed partial class SourceDriver<T, TTime>
{
    // A split that is at its end is looked at so often until it counts as idle; one that is not tells of itself.
    private static readonly TimeSpan IdlePause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(500);

    private readonly IStreamingSource<T>? _streaming;
    private readonly Dictionary<ISplitReader<T>, SplitProgress<T>> _byReader = [];
    private IReadOnlyList<SplitPosition> _positions = [];
    private bool _hasBegun;

    public void CheckpointCompleted() => _streaming?.CheckpointCompleted(_positions);

    private bool IsMine(SourceSplit split, int index) => (_streaming?.SlotOf(split) ?? index) % _context.Parallelism == _context.Subtask;

    private void OpenStreaming()
    {
        foreach (var split in _streaming == null ? [] : _splits)
        {
            OpenStreaming(split);
        }
    }

    private void OpenStreaming(SplitProgress<T> split)
    {
        if (!split.HasEnded)
        {
            split.Reader = split.IsNew ? _streaming!.OpenNew(split.Split, _badRows) : _source.Open(split.Split, split.Position, _badRows);
            _byReader.Add(split.Reader, split);
        }
    }

    private void NotePositions(List<SavedSplit> saved)
    {
        if (_streaming != null)
        {
            _positions = [.. _splits.Zip(saved, static (split, position) => new SplitPosition(split.Split, position.Position))];
        }
    }

    private void PumpStreaming(int limit)
    {
        if (!_hasBegun)
        {
            BeginStreaming();
        }

        AddNewSplits();
        if (_streaming!.Next() is { } reader)
        {
            var isDrained = Read(_byReader[reader], limit) < limit;
            var isDue = _task.IsFlushDue();
            if (isDue)
            {
                LookAtAll();
            }

            // What came in as a whole goes out as a whole: while there is more, batches are full.
            if (isDrained || isDue)
            {
                _task.FlushOutputs();
            }

            PostPump();
            return;
        }

        LookAtAll();
        if (!_streaming.IsOpenEnded && _splits.TrueForAll(static split => split.HasEnded))
        {
            End();
            return;
        }

        Pause(_splits.Exists(static split => split is { CaughtUpSince: > 0, IsIdle: false, HasEnded: false }) && _tracker.KnowsIdleness ? IdlePause : LongPause);

        if (_task.IsHeldUp)
        {
            // What was said waits for credits. To ask the source for more would tell it that all has been passed on; it is asked when that is so.
            _timer.Change(IdlePause, Timeout.InfiniteTimeSpan);
        }
        else if (_streaming.Next() != null)
        {
            // Rows may have come just before the driver went to sleep, when nobody was to be woken.
            Wake();
        }
    }

    private void BeginStreaming()
    {
        _hasBegun = true;
        _streaming!.Begin(Wake);
        if (_splits.Count == 0 && _streaming.IsOpenEnded)
        {
            // Whoever has no splits holds nobody back.
            _batch.Empty();
            _tracker.ReportNothing(_batch);
            _task.Receive(0, _batch);
            _task.FlushOutputs();
        }
    }

    private void AddNewSplits()
    {
        var found = _streaming!.TakeNew();
        if (found.Count == 0)
        {
            return;
        }

        foreach (var split in found.Where(split => IsMine(split, 0) && !_splits.Exists(known => known.Split.Id == split.Id)))
        {
            var progress = new SplitProgress<T>(split) { IsNew = true };
            OpenStreaming(progress);
            _splits.Add(progress);
        }

        _tracker.Open(_splits);
    }

    // Splits without rows have something to say, too: that they are at their end, for now or for good.
    private void LookAtAll()
    {
        foreach (var split in _splits)
        {
            if (!split.HasEnded)
            {
                Read(split, 0);
            }
        }
    }
}
