using System.Buffers;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Time;

namespace Penstock.State;

/// <summary>
/// The time by which the state of an operator expires. Event time is that of the row, or the watermark before it where the row is late:
/// what a row sees depends on the rows before it alone.
/// </summary>
/// <remarks>
/// The watermark counts in steps of a grid, which sources report exactly, whatever the batches. What the sweep removes, no later row could
/// see: the watermark of all inputs is never ahead of that of a row's own split.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StateClock : IStatePart
{
    // So many at a time where no rows come.
    private const int SilentSweeps = 256;

    private readonly string _id;
    private readonly TimeProvider _time;
    private readonly bool _hasEventTime;
    private readonly long _grid;
    private readonly List<ISwept> _swept = [];
    private long _horizon = Watermarks.None;
    private long _overall = Watermarks.None;

    // Noted when the windows have fired that are due by it.
    private long _awaited = Watermarks.None;
    private long _written = Watermarks.None;
    private bool _isWaiting;

    internal StateClock(string id, TimeProvider time, long gridMicros)
    {
        _id = id;
        _time = time;
        _hasEventTime = gridMicros > 0;
        _grid = gridMicros;
        ProcessingNow = EventTimes.From(time.GetUtcNow());
    }

    /// <summary>The time of the row: its event time, or the processing time of its batch where the stream has none.</summary>
    public long Now { get; private set; }

    /// <summary>The processing time of the batch.</summary>
    public long ProcessingNow { get; private set; }

    string IStatePart.Id => _id + "/time";

    string IStatePart.Schema => "time{Past:int64}";

    /// <summary>What has a deadline up to then, no row will see again; <see cref="Watermarks.None"/> as long as nothing is known.</summary>
    internal long Past => _hasEventTime ? _overall : ProcessingNow;

    /// <summary>
    /// When state that was saved without a deadline counts as written; <see cref="Watermarks.None"/> as long as that is not known. It must
    /// not be the watermark of all inputs: when that becomes known depends on which of them is idle at the moment, and so on batches and on
    /// the clock.
    /// </summary>
    internal long Written => _hasEventTime ? _written : ProcessingNow;

    /// <summary>Goes over to a row with event time.</summary>
    /// <param name="time">Its event time.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(long time) => Now = Math.Max(time, _horizon);

    /// <summary>
    /// Begins the firing of windows: each has its own time, whatever rows came before. None of what it can see was swept, since the
    /// watermark is noted when all that is due has fired.
    /// </summary>
    internal void BeginFiring() => _horizon = Watermarks.None;

    /// <summary>Whether there is anything to sweep.</summary>
    internal bool HasSwept => _swept.Count > 0;

    internal void Register(ISwept swept) => _swept.Add(swept);

    /// <summary>Says how far the sources of the operator had come in the checkpoint that is restored.</summary>
    /// <param name="reached">The furthest watermark of their splits; <see cref="Watermarks.None"/> where no row with event time had been
    /// read.</param>
    internal void Open(long reached) => _written = reached;

    /// <summary>Begins some rows that no step of the watermark divides, and sweeps a little.</summary>
    /// <param name="split">The watermark of their split.</param>
    /// <param name="overall">The watermark of all inputs.</param>
    /// <param name="first">The event time of the first of them.</param>
    internal void Begin(long split, long overall, long first)
    {
        ProcessingNow = EventTimes.From(_time.GetUtcNow());
        Pass(overall);
        if (_hasEventTime)
        {
            _horizon = Math.Max(_overall, Floor(split));
        }
        else
        {
            Now = ProcessingNow;
        }

        if (_isWaiting)
        {
            // The saved job had no event time: its state counts as written at the first row that has one.
            _written = Math.Max(first, _horizon);
            _isWaiting = false;
            _swept.ForEach(static swept => swept.Start());
        }

        foreach (var swept in _swept)
        {
            swept.Sweep();
        }
    }

    /// <summary>Sweeps although no rows come.</summary>
    /// <param name="overall">The watermark of all inputs.</param>
    internal void SweepSilently(long overall)
    {
        ProcessingNow = EventTimes.From(_time.GetUtcNow());
        Pass(overall);
        for (var sweep = 0; sweep < SilentSweeps; sweep++)
        {
            foreach (var swept in _swept)
            {
                swept.Sweep();
            }
        }
    }

    /// <summary>
    /// Notes the watermark of all inputs, also when no row comes behind it: a checkpoint must know it, since a source that is restored does
    /// not say it again.
    /// </summary>
    /// <param name="overall">The watermark.</param>
    internal void Pass(long overall)
    {
        if (_hasEventTime)
        {
            _overall = Math.Max(_overall, Math.Max(Floor(overall), _awaited));
            _awaited = Watermarks.None;
        }
    }

    /// <summary>Has a checkpoint know the watermark of all inputs, which is noted when the windows have fired that are due by it.</summary>
    /// <param name="overall">The watermark.</param>
    internal void Await(long overall)
    {
        if (_hasEventTime)
        {
            _awaited = Math.Max(_awaited, Floor(overall));
        }
    }

    /// <summary>Called when state was restored: nothing lives on that has expired, and what has no deadline gets one.</summary>
    internal void Restored(ISwept swept)
    {
        swept.Start();
        swept.SweepAll();
        _isWaiting |= Written == Watermarks.None;
    }

    IFrozenPart IStatePart.Freeze(bool all)
    {
        var bytes = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, _overall);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), Math.Max(_overall, _awaited));
        return new FrozenBytes(bytes);
    }

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        // Several subtasks may have saved: what one of them could still see, must be seen here. Releases up to 0.1 saved the first number
        // alone.
        var bytes = saved[^1].ToArray();
        var overall = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var awaited = bytes.Length > sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizeof(long))) : overall;
        (_overall, _awaited) = _overall == Watermarks.None
            ? (overall, awaited)
            : (Math.Min(_overall, overall), Math.Min(_awaited, awaited));
    }

    void IStatePart.Forget() => (_overall, _awaited) = (Watermarks.None, Watermarks.None);

    void IStatePart.ForgetWatermark() => (_overall, _awaited) = (Watermarks.None, Watermarks.None);

    private long Floor(long watermark)
    {
        if (!Watermarks.IsInstant(watermark))
        {
            return Watermarks.None;
        }

        var behind = watermark % _grid;
        return watermark - (behind < 0 ? behind + _grid : behind);
    }
}

/// <summary>State that expires, and is swept.</summary>
internal interface ISwept
{
    /// <summary>Gives what was saved without a deadline one.</summary>
    void Start();

    /// <summary>Looks at some places, from where it stopped before, and removes what has expired.</summary>
    void Sweep();

    /// <summary>Removes all that has expired.</summary>
    void SweepAll();
}
