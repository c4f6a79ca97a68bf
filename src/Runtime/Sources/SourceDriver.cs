using System.Buffers;
using Penstock.State;
using Penstock.Streams;
using Penstock.Tasks;
using Penstock.Time;

namespace Penstock.Sources;

/// <summary>
/// Reads the splits of one source subtask, gives rows their event times, finds the watermark steps between them, and runs
/// each batch through the task.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
/// <typeparam name="TTime">Reads the event time of a row.</typeparam>
internal sealed class SourceDriver<T, TTime> : ISourceDriver, IStatePart
    where TTime : struct, IEventTime<T>
{
    private static readonly TimeSpan CaughtUpPause = TimeSpan.FromMilliseconds(2);

    private readonly Subtask<T> _task;
    private readonly TaskContext _context;
    private readonly ISource<T> _source;
    private readonly EventTimeSettings _time;
    private readonly IBadRowHandler _badRows;
    private readonly RateLimiter? _rate;
    private readonly ITimer _timer;
    private readonly Batch<T> _batch;
    private readonly RowAppender<T> _appender = new();
    private readonly List<SavedSplit> _saved = [];
    private List<SplitProgress<T>> _splits = [];
    private SplitProgress<T>? _current;
    private SplitProgress<T>? _reported;
    private int _next;
    private int _dryReads;
    private long _overall = Watermarks.None;
    private bool _ended;
    private bool _stopped;

    public SourceDriver(Subtask<T> task, TaskContext context, string id, ISource<T> source, EventTimeSettings time, IBadRowHandler badRows, double? rate)
    {
        _task = task;
        _context = context;
        _source = source;
        _time = time;
        _badRows = badRows;
        Id = id;
        _rate = rate is { } rowsPerSecond ? new RateLimiter(context.Time, rowsPerSecond) : null;
        _timer = context.Time.CreateTimer(_ => PostPump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _batch = new BatchPool<T>(context.Options.BatchSize).Rent();
    }

    public string Id { get; }

    public string Schema => SplitProgressCodec.Schema;

    public long Watermark { get; private set; } = Watermarks.None;

    public void Open(bool isFinished)
    {
        var discovered = _context.Discover(Id, () => _source.Discover());
        _splits = SplitAssignment.Assign<T>(Id, discovered, _saved, isFinished, _context.Subtask, _context.Parallelism);
        foreach (var split in _splits)
        {
            split.NextNoticed = split.HasBegun ? _time.NextNoticed(split.Watermark) : _time.Noticed.Count > 0 ? Watermarks.None : long.MaxValue;
        }
    }

    public void Pump()
    {
        if (_stopped || _ended)
        {
            return;
        }

        var limit = _rate?.Allowed(_batch.Capacity) ?? _batch.Capacity;
        if (limit == 0)
        {
            Pause(_rate!.UntilNext());
            return;
        }

        var split = Choose();
        if (split == null)
        {
            End();
            return;
        }

        Read(split, limit);
    }

    public void AdvanceWatermark(long watermark)
    {
        foreach (var split in _splits)
        {
            split.MaxTime = Math.Max(split.MaxTime, watermark + _time.MaxDelayMicros);
            split.Watermark = Math.Max(split.Watermark, watermark);
            split.NextNoticed = _time.NextNoticed(split.Watermark);
            split.HasBegun = true;
        }

        _reported = null;
        _overall = Overall();
        _batch.Empty();
        _batch.AddStep(watermark, _overall);
        _task.Receive(0, _batch);
        _task.FlushOutputs();
    }

    public void Stop() => _stopped = true;

    public string Describe(int index) => _current?.Reader?.Describe(index) ?? $"source '{Id}'";

    public void Save(StateBuffer buffer) => SplitProgressCodec.Write(buffer, [.. _splits.Select(ToSaved)]);

    public void Restore(in ReadOnlySequence<byte> saved) => _saved.AddRange(SplitProgressCodec.Read(saved));

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var split in _splits)
        {
            split.Reader?.Dispose();
        }
    }

    private static byte[] PositionOf(SplitProgress<T> split)
    {
        if (split.Reader == null)
        {
            return split.Position;
        }

        var writer = new ArrayBufferWriter<byte>(64);
        split.Reader.SavePosition(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static SavedSplit ToSaved(SplitProgress<T> split) => new(
        split.Split.Id, split.Split.Fingerprint, split.HasBegun, split.HasEnded, split.MaxTime, split.Watermark, split.HasEnded ? [] : PositionOf(split));

    private void PostPump() => _context.Mailbox.Post(new Message(MessageKind.Pump));

    private void Pause(TimeSpan time)
    {
        _task.FlushOutputs();
        _timer.Change(time, Timeout.InfiniteTimeSpan);
    }

    // Every split is begun before one is read on: a split that has not begun holds the watermark back, and would keep all
    // windows open until its turn comes.
    private SplitProgress<T>? Choose()
    {
        foreach (var split in _splits)
        {
            if (!split.HasBegun && !split.HasEnded)
            {
                return split;
            }
        }

        if (_current is { HasEnded: false, CaughtUpSince: 0 })
        {
            return _current;
        }

        for (var tried = 0; tried < _splits.Count; tried++)
        {
            var split = _splits[_next++ % _splits.Count];
            if (!split.HasEnded)
            {
                return split;
            }
        }

        return null;
    }

    private void Read(SplitProgress<T> split, int limit)
    {
        var touch = !split.HasBegun && _splits.Count > 1;
        _current = split;
        split.Reader ??= _source.Open(split.Split, split.Position, _badRows);
        _batch.Empty();
        _appender.Attach(_batch, touch ? 1 : limit);
        var status = split.Reader.Read(_appender);
        var rows = _batch.Count;
        _rate?.Count(rows);
        NoteStatus(split, status, rows);
        if (!ReferenceEquals(_reported, split))
        {
            _reported = split;
            _overall = Overall();
            _batch.AddStep(0, split.Watermark, _overall);
        }

        AssignTimes(split);
        split.HasEnded = status == ReadStatus.Ended;
        ReportOverall(split);
        if (!_batch.IsEmpty)
        {
            _task.Receive(0, _batch);
        }

        if (split.HasEnded || touch)
        {
            Close(split);
        }

        Continue(status, rows);
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

        split.IsIdle = _time.IdleMicros >= 0 && _context.Time.GetElapsedTime(split.CaughtUpSince).TotalMicroseconds >= _time.IdleMicros;
    }

    private void AssignTimes(SplitProgress<T> split)
    {
        if (typeof(TTime) == typeof(NoEventTime<T>))
        {
            // The times of the batch are 0 and stay so.
            return;
        }

        var rows = _batch.Rows;
        var times = _batch.Times;
        var count = _batch.Count;
        var max = split.MaxTime;
        var delay = _time.MaxDelayMicros;

        // Compared with the time itself, so that the loop subtracts nothing.
        var noticed = NoticedTime(split.NextNoticed, delay);
        for (var index = 0; index < count; index++)
        {
            var time = TTime.Of(in rows[index]);
            times[index] = time;
            if (time > max)
            {
                max = time;
                if (time >= noticed)
                {
                    split.Watermark = time - delay;
                    split.NextNoticed = _time.NextNoticed(split.Watermark);
                    noticed = NoticedTime(split.NextNoticed, delay);
                    _overall = Overall();
                    _batch.AddStep(index + 1, split.Watermark, _overall);
                }
            }
        }

        split.MaxTime = max;
        if (max != Watermarks.None)
        {
            Watermark = max - delay;
        }
    }

    private static long NoticedTime(long watermark, long delay) =>
        watermark is Watermarks.None ? Watermarks.None : watermark > long.MaxValue - delay ? long.MaxValue : watermark + delay;

    private long Overall()
    {
        var overall = Watermarks.End;
        foreach (var split in _splits)
        {
            overall = Math.Min(overall, split.Contribution);
        }

        return overall;
    }

    private void ReportOverall(SplitProgress<T> split)
    {
        var overall = Overall();
        if (overall != _overall)
        {
            _overall = overall;
            _batch.AddStep(split.Watermark, overall);
        }
    }

    private void Close(SplitProgress<T> split)
    {
        split.Position = PositionOf(split);
        split.Reader!.Dispose();
        split.Reader = null;
    }

    private void Continue(ReadStatus status, int rows)
    {
        _dryReads = status == ReadStatus.CaughtUp && rows == 0 ? _dryReads + 1 : 0;
        if (_dryReads > 0 && _dryReads >= _splits.Count(split => !split.HasEnded))
        {
            // A whole round over the splits brought nothing.
            _dryReads = 0;
            Pause(CaughtUpPause);
            return;
        }

        if (_task.IsFlushDue() || status == ReadStatus.CaughtUp)
        {
            _task.FlushOutputs();
        }

        PostPump();
    }

    private void End()
    {
        _ended = true;
        Watermark = Watermarks.End;
        _batch.Empty();
        _batch.AddStep(Watermarks.End, Watermarks.End);
        _task.Receive(0, _batch);
        _task.FlushOutputs();
        _context.SourceEnded();
    }
}
