using System.Runtime.CompilerServices;
using Penstock.Connectors;
using Penstock.Sources;

namespace Penstock.Tasks;

/// <content>Sources whose splits are read concurrently; the source itself determines the next one.</content>
internal sealed partial class SourceDriver<T, TTime>
{
    // The driver is woken by whatever it waits for: the source, or sources that it is ahead of. This pause is for splits that have
    // something to report without rows.
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan BackpressurePause = TimeSpan.FromMilliseconds(5);

    private readonly IStreamingSource<T>? _streaming;
    private readonly bool _isUnbounded;
    private readonly Dictionary<ISplitReader<T>, SplitProgress<T>> _byReader = [];
    private readonly ConditionalWeakTable<ISplitReader<T>, SplitProgress<T>> _endedReaders = [];
    private IReadOnlyList<SplitPosition> _positions = [];
    private bool _isStreaming;

    // The positions of the last freeze are those of this checkpoint, and they are visible here: a node is notified of a completed
    // checkpoint after the acknowledgements of all its subtasks, and before the next one is triggered.
    public void CheckpointCompleted()
    {
        if (_streaming != null)
        {
            Invoke("note a complete checkpoint", () => _streaming.CheckpointCompleted(_positions));
        }
    }

    private bool IsMine(SourceSplit split, int index) => SubtaskOf(split, index) == _context.Subtask;

    private int SubtaskOf(SourceSplit split, int index) =>
        (_streaming == null ? index : Invoke(
            $"say which subtask reads split '{split.Id}'",
            () => _streaming.SlotOf(split))) % _context.Parallelism;

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
            var reader = OpenReader(split);
            if (!_byReader.TryAdd(reader, split))
            {
                throw SourceErrors.Wrong(
                    _context.PipelineName,
                    Id,
                    $"Open has returned the same reader for split '{split.Split.Id}' as for another one. Each split needs a reader of its "
                        + $"own.");
            }

            split.Reader = ToRows(reader, split);
            split.UpdateHeldWatermark();
        }
    }

    private void RecordPositions(List<SavedSplit> saved)
    {
        if (_streaming != null)
        {
            _positions = [.. _splits.Zip(saved, static (split, position) => new SplitPosition(split.Split, position.Position))];
        }
    }

    // With a limit of 0 it reads no rows, but does everything else.
    private void PumpStreaming(int limit)
    {
        // Its split may have ended with the batch that suspended the task. The source must not name this reader for ever.
        CloseRemainingReader();
        if (!_isStreaming)
        {
            BeginStreaming();
        }

        AddNewSplits();
        if (NextReader() is { } reader && limit > 0)
        {
            if (SplitOf(reader) is not { } next)
            {
                // The split has ended since the source has queued it.
                PostPump();
                return;
            }

            var isDrained = Read(next, limit) < limit;
            var isDue = _context.Group.IsFlushDue();
            if (isDue && !_task.IsSuspended)
            {
                PollAllSplits();
            }

            // Rows that arrive together are sent together: while there are more, batches are full.
            if (isDrained || isDue)
            {
                _context.Group.FlushOutputs();
            }

            PostPump();
            return;
        }

        PollAllSplits();
        if (!_isUnbounded && _splits.TrueForAll(static split => split.HasEnded))
        {
            End();
            return;
        }

        Pause(UntilNextLook(LongPause));

        if (_context.Group.IsBackpressured)
        {
            // Reported output waits for credits. The source must not be polled before, because it would take that as a sign that everything
            // has been sent.
            _timer.Change(BackpressurePause, Timeout.InfiniteTimeSpan);
        }
        else if (NextReader() != null && limit > 0)
        {
            // Rows may have come just before the driver went to sleep, when a call to wake it had no effect.
            Wake();
        }
    }

    // Returns null if the split has ended.
    private SplitProgress<T>? SplitOf(ISplitReader<T> reader)
    {
        if (_byReader.TryGetValue(reader, out var split))
        {
            if (!split.HasEnded)
            {
                return split;
            }

            _byReader.Remove(reader);
            _endedReaders.Add(reader, split);
        }

        return _endedReaders.TryGetValue(reader, out _) ? null : throw new PipelineException(
            ErrorCodes.SourceBreaksContract,
            $"Pipeline '{_context.PipelineName}': source '{Id}' names a reader as the next one that it has not opened for subtask "
                + $"{_context.Subtask}. Next must return a reader that Open or OpenNewSplit of the same object has returned.");
    }

    private void BeginStreaming()
    {
        _isStreaming = true;
        Invoke("begin to read", () => _streaming!.Start(Wake));
        if (_isUnbounded && _splits.TrueForAll(static split => split.HasEnded))
        {
            // A subtask without splits to read must not hold the watermark back.
            _batch.Empty();
            _tracker.ReportNothing(_batch);
            SendBatch();
            _context.Group.FlushOutputs();
        }
    }

    private void AddNewSplits()
    {
        var found = TakeNewSplits();
        if (found.Count == 0)
        {
            return;
        }

        foreach (var split in found.Where(split => IsMine(split, 0)
            && !_splits.Exists(known => known.Split.Id == split.Id)
            && !SplitAssignment.HasReturned(Id, split, _gone)))
        {
            var progress = new SplitProgress<T>(split) { IsNew = true };
            OpenStreaming(progress);
            _splits.Add(progress);
        }

        _tracker.Open(_splits);
        ReportTime();
    }

    // Splits without rows also have something to report: that they are at their end, for now or permanently. Not while the task keeps a
    // batch, whose row positions are known only from the last reader.
    private void PollAllSplits()
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
