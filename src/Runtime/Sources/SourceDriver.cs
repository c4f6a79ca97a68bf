using System.Buffers;
using Penstock.Network;
using Penstock.State;
using Penstock.Streams;
using Penstock.Tasks;
using Penstock.Telemetry;
using Penstock.Time;

namespace Penstock.Sources;

/// <summary>
/// Reads the splits of one source subtask and runs each batch, with the times and watermark steps of its rows, through the
/// task.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TTime">Reads the event time of a row.</typeparam>
internal sealed partial class SourceDriver<T, TTime> : ISourceDriver, IStatePart
    where TTime : struct, IEventTime<T>
{
    // A source that has nothing is asked again soon at first, and then ten times a second: each look wakes a thread, which takes 0.7 ms of a processor.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

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
    private Batch<T> _batch;
    private SplitProgress<T>? _current;

    // The split that was read last, where its reader is not needed to read on.
    private SplitProgress<T>? _left;
    private int _begun;
    private int _next;
    private int _dryReads;

    // Of the rows that the rate allows this pump to read, those that it has not read.
    private int _unused;
    private TimeSpan _pause = FirstPause;
    private bool _ended;
    private bool _stopped;
    private bool _isRestored;
    private int _isAsleep;

    public SourceDriver(Subtask<T> task, TaskContext context, string id, ISource<T> source, EventTimeSettings time, IBadRowHandler badRows, RateLimiter? rate, SourceColumns<T>? columns)
    {
        _task = task;
        _context = context;
        _source = source;
        _streaming = source as IStreamingSource<T>;
        Id = id;
        var idle = _streaming != null && time.IdleMicros < 0 && Ask("say whether it is idle at its end", () => _streaming.IsIdleAtEnd) ? time with { IdleMicros = 0 } : time;
        _idle = idle.IdleMicros < 0 ? null : TimeSpan.FromMicroseconds(idle.IdleMicros);
        _isOpenEnded = _streaming != null && Ask("say whether it is open-ended", () => _streaming.IsOpenEnded);
        _tracker = new WatermarkTracker<T, TTime>(idle, badRows, _isOpenEnded);
        _badRows = new PassedBadRows<T>(badRows, _appender, context.Group);
        _rate = rate;
        _columns = columns;
        _aligned = HasEventTime && _tracker.IsNoticed && !context.IsTemplate ? context.Alignment?.Join(id, Wake) : null;
        _timer = context.Time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _batches = new BatchPool<T>(context.Options.BatchSize);
        _batch = _batches.Rent();
    }

    public string Id { get; }

    public string Schema => SplitProgressCodec.Schema;

    public bool HasEventTime => typeof(TTime) != typeof(NoEventTime<T>);

    public bool WaitsForQuietSplits => _tracker.WaitsForQuietSplits;

    public bool IsHeld => _aligned?.IsHeld == true;

    public bool IsStreaming => _streaming != null;

    public IReadOnlyList<SplitTime> SplitTimes() => _tracker.SplitTimes();

    public long Reached => _tracker.WatermarkAt(_saved.Select(static split => split.MaxTime).DefaultIfEmpty(Watermarks.None).Max());

    public IReadOnlyList<SourceSplit> Discover() =>
        _context.Discover(Id, () => SourceErrors.Checked(_context.PipelineName, Id, nameof(_source.Discover), Ask("list its splits", _source.Discover)));

    public void Open(bool isFinished)
    {
        var discovered = Discover();
        NoteNew(discovered, isFinished);
        _splits = SplitAssignment.Assign<T>(
            Id,
            discovered,
            _isRestored ? _saved : null,
            isFinished,
            IsMine,
            _source as IDividingSource,
            _source is IConfiguredSource configured ? saved => configured.WhyGone(Id, saved) : null);
        if (!isFinished)
        {
            OpenStreaming();
        }

        _tracker.Open(_splits);
        ReportTime();
    }

    public void Pump()
    {
        if (_stopped || _ended || IsHeldBack())
        {
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
            Pause(_rate.UntilNext(_context.Subtask));
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
        HandOver();
        _context.Group.FlushOutputs();
    }

    public void Stop() => _stopped = true;

    public void Drain()
    {
        if (!_stopped && !_ended)
        {
            EndTime();
        }

        _stopped = true;
    }

    public string? Describe(int index)
    {
        try
        {
            return _current?.Reader?.Describe(_tracker.IndexAsRead(index));
        }
        catch (Exception)
        {
            // It is asked because of another error, which counts more.
            return null;
        }
    }

    public IFrozenPart Freeze(bool all)
    {
        List<SavedSplit> saved = [.. _splits.Select(ToSaved)];
        NotePositions(saved);
        return new FrozenBytes(SplitProgressCodec.Write(saved));
    }

    public void Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        _isRestored = true;
        _saved.AddRange(SplitProgressCodec.Read(saved[^1]));
    }

    public void Forget()
    {
        _isRestored = false;
        _saved.Clear();
    }

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var split in _splits)
        {
            if (split.Reader is { } reader)
            {
                _context.Close($"the reader of split '{split.Split.Id}' of source '{Id}'", "closed", reader.Dispose);
            }
        }
    }

    // New splits are unexpected in a source that ends, and usual in one that goes on.
    private void NoteNew(IReadOnlyList<SourceSplit> discovered, bool isFinished)
    {
        if (!_isRestored || isFinished || _streaming != null || _context.Subtask != 0)
        {
            return;
        }

        var known = _saved.Select(static split => split.Id).ToHashSet(StringComparer.Ordinal);
        var added = discovered.Where(split => !known.Contains(split.Id)).ToList();
        if (added.Count > 0)
        {
            _context.Log.SplitsAdded(Id, added.Count, string.Join(", ", added.Take(3).Select(static split => $"'{split.Id}'")) + (added.Count > 3 ? ", …" : ""));
        }
    }

    private byte[] PositionOf(SplitProgress<T> split)
    {
        if (split.Reader == null)
        {
            return split.Position;
        }

        var writer = new ArrayBufferWriter<byte>(64);
        Tell($"save its position in split '{split.Split.Id}'", () => split.Reader.SavePosition(writer));
        return writer.WrittenSpan.ToArray();
    }

    private SavedSplit ToSaved(SplitProgress<T> split) => new(
        split.Split.Id, split.Split.Fingerprint, split.HasBegun, split.HasEnded, split.MaxTime, split.Watermark, split.HasEnded ? [] : PositionOf(split));

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

    private void ReportTime() => _aligned?.Report(_tracker.Reached);

    private bool IsHeldBack()
    {
        if (_aligned?.Hold() != true)
        {
            return false;
        }

        Pause(LongPause);
        if (!_aligned.Hold())
        {
            // It was let go just before it went to sleep, when a call to wake it had no effect.
            Wake();
        }

        return true;
    }

    // Every split is begun before one is read on: a split that has not begun holds the watermark back, and would keep all
    // windows open until its turn comes.
    private SplitProgress<T>? Choose()
    {
        for (; _begun < _splits.Count; _begun++)
        {
            if (!_splits[_begun].HasBegun)
            {
                return _splits[_begun];
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
        var touch = _streaming == null && !split.HasBegun && _splits.Count > 1;
        CloseLeft();
        _current = split;
        split.Reader ??= ToRows(OpenReader(split));
        _batch.Empty();
        _appender.Attach(_batch, touch ? 1 : limit, _batch.Capacity);
        split.NoteHold();
        var status = ReadRows(split.Reader, split);
        var rows = _batch.Count;
        _unused -= rows;
        NoteStatus(split, status, rows);
        AssignTimes(split);
        split.HasEnded = status == ReadStatus.Ended;
        _tracker.Report(split, _batch);
        ReportTime();
        if (!_batch.IsEmpty)
        {
            HandOver();
        }

        // One that has not begun may have nothing but bad rows so far: it is read on.
        _left = split.HasEnded || (touch && split.HasBegun) ? split : null;
        if (!_task.IsSuspended)
        {
            CloseLeft();
        }

        if (_streaming == null)
        {
            Continue(status, rows);
        }

        return rows;
    }

    private void NoteStatus(SplitProgress<T> split, ReadStatus status, int rows)
    {
        if (rows > 0 || status != ReadStatus.More)
        {
            split.HasBegun = true;
        }

        if (status == ReadStatus.CaughtUp && rows == 0)
        {
            NoteIdleness(split);
        }
        else
        {
            split.CaughtUpSince = 0;
            split.IsIdle = false;
        }
    }

    private void NoteIdleness(SplitProgress<T> split)
    {
        if (split.CaughtUpSince == 0)
        {
            split.CaughtUpSince = Math.Max(1, _context.Time.GetTimestamp());
        }

        _tracker.NoteCaughtUp(split, _context.Time.GetElapsedTime(split.CaughtUpSince).TotalMicroseconds);
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

    // While the task keeps a batch, an error in one of its rows may have to say where that stands.
    private void CloseLeft()
    {
        if (_left is { Reader: { } reader } split)
        {
            split.Position = PositionOf(split);
            split.Reader = null;
            Tell($"close split '{split.Split.Id}'", reader.Dispose);
        }

        _left = null;
    }

    private void Continue(ReadStatus status, int rows)
    {
        _dryReads = status == ReadStatus.CaughtUp && rows == 0 ? _dryReads + 1 : 0;
        if (rows > 0)
        {
            _pause = FirstPause;
        }

        if (_dryReads > 0 && _dryReads >= _splits.Count(split => !split.HasEnded))
        {
            // A whole round over the splits brought nothing.
            _dryReads = 0;
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

    private void End()
    {
        CloseLeft();
        _ended = true;
        EndTime();
        _context.Ended();
    }

    private void EndTime()
    {
        _batch.Empty();
        _tracker.End(_batch);
        ReportTime();
        HandOver();
        _context.Group.FlushOutputs();
    }

    private void HandOver()
    {
        if (!_task.Receive(_batch))
        {
            // The task is held up, and keeps it.
            _batch = _batches.Rent();
        }
    }
}
