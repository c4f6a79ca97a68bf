using Penstock.Connectors;
using Penstock.Sources;
using Penstock.State;
using Penstock.Streams;
using Penstock.Time;

namespace Penstock.Tasks;

/// <summary>
/// Reads the splits of one source subtask, and runs each batch through the task with the event times and watermark updates of its rows.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TTime">Reads the event time of a row.</typeparam>
internal sealed partial class SourceDriver<T, TTime> : ISourceDriver, IStatePart
    where TTime : struct, IEventTime<T>
{
    private const int NoSubtask = -1;

    private readonly Subtask<T> _task;
    private readonly TaskContext _context;
    private readonly ISource<T> _source;
    private readonly WatermarkTracker<T, TTime> _tracker;
    private readonly IBadRowHandler _badRows;
    private readonly RateLimiter? _rate;
    private readonly SourceColumns<T>? _columns;
    private readonly TimeAlignment.Member? _aligned;
    private readonly TimeSpan? _idle;
    private readonly ITimer _timer;
    private readonly BatchPool<T> _batches;
    private readonly RowAppender<T> _appender = new();
    private readonly List<SavedSplit> _saved = [];
    private List<SplitProgress<T>> _splits = [];

    // Splits of the checkpoint that have ended and that the source no longer has.
    private List<SavedSplit> _gone = [];
    private Batch<T> _batch;
    private SplitProgress<T>? _current;

    // The split that was read last, if its reader is not needed for further reads.
    private SplitProgress<T>? _toClose;
    private int _nextToBegin;
    private int _next;
    private int _emptyReads;

    // The number of rows that the rate limit allows this pump to read and that it has not read.
    private int _unused;
    private TimeSpan _pause = FirstPause;
    private bool _ended;
    private bool _stopped;
    private bool _isRestored;
    private int _isAsleep;

    public SourceDriver(
        Subtask<T> task,
        TaskContext context,
        string id,
        ISource<T> source,
        EventTimeSettings time,
        IBadRowHandler badRows,
        UntimedRows<T>? untimed,
        OutOfOrderRows outOfOrder,
        RateLimiter? rate,
        SourceColumns<T>? columns)
    {
        _task = task;
        _context = context;
        _source = source;
        _streaming = source as IStreamingSource<T>;
        Id = id;
        // The clock advances the time of splits without rows.
        var idle = TTime.IsStamped
            ? time with { IdleMicros = -1 }
            : _streaming != null && time.IdleMicros < 0 && Invoke("say whether it is idle at its end", () => _streaming.IsIdleAtEnd)
            ? time with { IdleMicros = 0 }
            : time;
        _idle = idle.IdleMicros < 0 ? null : TimeSpan.FromMicroseconds(idle.IdleMicros);
        _isUnbounded = _streaming != null && Invoke("say whether it is unbounded", () => _streaming.IsUnbounded);
        _tracker = new WatermarkTracker<T, TTime>(idle, context.Time, badRows, untimed, outOfOrder, _isUnbounded);
        _badRows = new CountingBadRowHandler<T>(badRows, _appender, context.Group);
        _rate = rate;
        _columns = columns;
        _aligned = HasEventTime && _tracker.IsTimeObserved && !context.IsTemplate ? context.Alignment?.Join(id, Wake) : null;
        _timer = context.Time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _batches = new BatchPool<T>(context.Options.BatchSize);
        _batch = _batches.Rent();
    }

    public string Id { get; }

    public int Subtask => _context.Subtask;

    public bool HasEventTime => typeof(TTime) != typeof(NoEventTime<T>);

    public bool WaitsForQuietSplits => _tracker.WaitsForQuietSplits;

    public bool IsStreaming => _streaming != null;

    public bool IsUnbounded => _isUnbounded;

    public IReadOnlyList<SplitTime> SplitTimes() => _tracker.SplitTimes();

    public long Reached => _tracker.WatermarkAt(_saved.Select(static split => split.MaxTime).DefaultIfEmpty(Watermarks.None).Max());

    public IReadOnlyList<SourceSplit> Discover() =>
        _context.Discover(
            Id,
            () => SourceErrors.Checked(_context.PipelineName, Id, nameof(_source.Discover), Invoke("list its splits", _source.Discover)));

    public IReadOnlySet<int> ReadingSubtasks()
    {
        var ended = _saved.Where(static split => split.HasEnded).Select(static split => split.Id).ToHashSet(StringComparer.Ordinal);
        return Discover()
            .Select((split, index) => ended.Contains(split.Id) ? NoSubtask : SubtaskOf(split, index))
            .Where(static subtask => subtask != NoSubtask)
            .ToHashSet();
    }

    public void Open(bool isFinished)
    {
        var discovered = Discover();
        _splits = SplitAssignment.Assign<T>(
            Id,
            discovered,
            _isRestored ? _saved : null,
            isFinished,
            IsMine,
            _source as IDividingSource,
            _source is IConfiguredSource configured ? saved => configured.FindResumeProblem(Id, saved) : null);

        // The splits of an unbounded source may end and disappear for ever, so the checkpoint would grow with them.
        _gone = _isUnbounded ? [] : SplitAssignment.Gone(discovered, _saved);
        LogAddedSplits(discovered, isFinished);
        if (!isFinished)
        {
            OpenStreaming();
        }

        _tracker.Open(_splits);
        ReportTime();
    }

    public void Pump()
    {
        if (_stopped || _ended)
        {
            return;
        }

        if (_aligned?.UpdateHeld() == true)
        {
            PumpHeld(_aligned);
            return;
        }

        if (_rate == null)
        {
            Pump(_batch.Capacity);
            return;
        }

        _unused = _rate.Take(_context.Subtask, _batch.Capacity);
        if (_unused == 0)
        {
            var longest = PumpWithoutRows();
            if (!_ended && _rate.UntilNext(_context.Subtask) is var wait && wait < longest)
            {
                Pause(wait);
            }

            return;
        }

        Pump(_unused);
        _rate.Return(_unused);
    }

    private void Pump(int limit)
    {
        if (_streaming != null)
        {
            PumpStreaming(limit);
        }
        else if (Choose() is { } split)
        {
            Read(split, limit);
        }
        else
        {
            End();
        }
    }

    public void AdvanceWatermark(long watermark)
    {
        _batch.Empty();
        _tracker.Advance(watermark, _batch);
        ReportTime();
        SendBatch();
        _context.Group.FlushOutputs();
    }

    public void Stop()
    {
        _stopped = true;
        _rate?.Leave(_context.Subtask);
    }

    public void Drain()
    {
        if (!_stopped && !_ended)
        {
            EndTime();
        }

        Stop();
    }

    public string? Describe(int index)
    {
        try
        {
            return _current?.Reader?.Describe(_tracker.IndexAsRead(index));
        }
        catch (Exception)
        {
            // This is called because of another error, which takes precedence.
            return null;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var split in _splits)
        {
            if (split.Reader is { } reader)
            {
                CloseReader(reader, split);
            }
        }
    }

    private void ReportTime() => _aligned?.Report(_tracker.Reached);

    // Every split is started before any is continued: a split that has not started holds the watermark back, and would keep all windows
    // open until its turn.
    private SplitProgress<T>? Choose()
    {
        for (; _nextToBegin < _splits.Count; _nextToBegin++)
        {
            if (!_splits[_nextToBegin].HasBegun)
            {
                return _splits[_nextToBegin];
            }
        }

        if (_current is { HasEnded: false, CaughtUpSince: 0 })
        {
            return _current;
        }

        for (var tried = 0; tried < _splits.Count; tried++)
        {
            var split = _splits[_next];
            _next = (_next + 1) % _splits.Count;
            if (!split.HasEnded)
            {
                return split;
            }
        }

        return null;
    }

    private int Read(SplitProgress<T> split, int limit)
    {
        var isFirstRead = _streaming == null && !split.HasBegun && _splits.Count > 1;
        CloseRemainingReader();
        _current = split;
        split.Reader ??= ToRows(OpenReader(split), split);
        _batch.Empty();
        _appender.Attach(_batch, isFirstRead ? 1 : limit, _batch.Capacity);
        split.UpdateHeldWatermark();
        var status = ReadRows(split.Reader, split);
        var rows = _batch.Count;
        _unused -= rows;
        RecordStatus(split, status, rows);
        AssignTimes(split);

        // If all rows were removed because they have no event time, the split has not begun: it would hold the watermark back until its
        // turn.
        split.HasBegun |= _batch.Count > 0 || status != ReadStatus.More;
        split.HasEnded = status == ReadStatus.Ended;
        _tracker.Report(split, _batch);
        ReportTime();
        if (!_batch.IsEmpty)
        {
            SendBatch();
        }

        // A split that has not started may contain only bad rows so far, so it is continued.
        _toClose = split.HasEnded || (isFirstRead && split.HasBegun) ? split : null;
        if (!_task.IsSuspended)
        {
            CloseRemainingReader();
        }

        if (_streaming == null)
        {
            Continue(status, rows);
        }

        return rows;
    }

    private void RecordStatus(SplitProgress<T> split, ReadStatus status, int rows)
    {
        if (status == ReadStatus.CaughtUp && rows == 0)
        {
            UpdateIdleness(split);
        }
        else
        {
            split.CaughtUpSince = 0;
            split.IsIdle = false;
        }
    }

    private void UpdateIdleness(SplitProgress<T> split)
    {
        if (split.CaughtUpSince == 0)
        {
            split.CaughtUpSince = Math.Max(1, _context.Time.GetTimestamp());
        }

        _tracker.RecordCaughtUp(split, _context.Time.GetElapsedTime(split.CaughtUpSince).TotalMicroseconds);
    }

    // While the task keeps a batch, the reader may be needed to describe the position of a failed row.
    private void CloseRemainingReader()
    {
        if (_toClose is { Reader: { } reader } split)
        {
            split.Position = PositionOf(split);
            split.Reader = null;
            Invoke($"close split '{split.Split.Id}'", reader.Dispose);
        }

        _toClose = null;
    }

    private void End()
    {
        CloseRemainingReader();
        _ended = true;
        EndTime();
        _context.Ended();
    }

    private void EndTime()
    {
        _batch.Empty();
        _tracker.End(_batch);
        ReportTime();
        SendBatch();
        _context.Group.FlushOutputs();
    }

    private void SendBatch()
    {
        if (!_task.Receive(_batch))
        {
            // The task is suspended and keeps the batch.
            _batch = _batches.Rent();
        }
    }
}
