using System.Buffers;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.Generator.Schemas;
using Penstock.Time;

namespace Penstock.State;

/// <summary>
/// The clock by which the state of an operator expires. Event time is that of the row, or the watermark before it if the row is late. So
/// the state that a row sees depends only on the rows before it.
/// </summary>
/// <remarks>
/// The watermark is rounded down to steps of a grid, which sources report exactly, regardless of batches. The sweep removes only state that
/// no later row can see: the watermark of all inputs is never ahead of that of a row's own split.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StateClock : IStatePart
{
    // The number of sweeps at a time while no rows come.
    private const int SilentSweeps = 256;

    // In a checkpoint: two numbers, and then the clocks of deadlines.
    private const int ClocksAt = 2 * sizeof(long);

    private readonly string _id;
    private readonly TimeProvider _time;
    private readonly bool _hasEventTime;
    private readonly long _grid;
    private readonly List<ISwept> _swept = [];
    private readonly DeadlineClocks _clocks;
    private long _horizon = Watermarks.None;
    private long _overall = Watermarks.None;

    // The watermark that is recorded when all windows due by it have fired.
    private long _awaited = Watermarks.None;
    private long _written = Watermarks.None;
    private bool _isWaiting;
    private bool _isRestored;

    internal StateClock(string id, TimeProvider time, long gridMicros)
    {
        _id = id;
        _time = time;
        _hasEventTime = gridMicros > 0;
        _grid = gridMicros;
        _clocks = new DeadlineClocks(id, _hasEventTime);
        ProcessingNow = EventTimes.From(time.GetUtcNow());
    }

    /// <summary>The time of the row: its event time, or the processing time of its batch in a stream without event time.</summary>
    public long Now { get; private set; }

    /// <summary>The processing time of the batch.</summary>
    public long ProcessingNow { get; private set; }

    string IStatePart.Id => _id + StateSuffix.Time;

    string IStatePart.Schema => "time{Past:int64}";

    /// <summary>The time up to which deadlines have passed for every later row; <see cref="Watermarks.None"/> until it is known.</summary>
    internal long Past => _hasEventTime ? _overall : ProcessingNow;

    /// <summary>
    /// The time at which state that was saved without a deadline counts as written; <see cref="Watermarks.None"/> until it is known. It
    /// must not be the watermark of all inputs: the moment at which that is known depends on which inputs are idle, and thus on batches and
    /// on the clock.
    /// </summary>
    internal long Written => _hasEventTime ? _written : ProcessingNow;

    /// <summary>Switches to a row with event time.</summary>
    /// <param name="time">The event time of the row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(long time) => Now = Math.Max(time, _horizon);

    /// <summary>
    /// Starts the firing of windows. Each window has its own time, regardless of previous rows. State that it can see was not swept, since
    /// the watermark is recorded after all due windows have fired.
    /// </summary>
    internal void BeginFiring() => _horizon = Watermarks.None;

    /// <summary>Indicates whether there is state to sweep.</summary>
    internal bool HasSwept => _swept.Count > 0;

    /// <summary>Registers state that expires.</summary>
    /// <param name="swept">The state.</param>
    /// <param name="deadlines">The deadlines that are saved with it.</param>
    internal void Register(ISwept swept, IEnumerable<Deadline> deadlines)
    {
        _swept.Add(swept);
        _clocks.Add(deadlines);
    }

    /// <summary>Sets how far the sources of the operator had advanced in the restored checkpoint.</summary>
    /// <param name="reached">
    /// The furthest watermark of their splits, or <see cref="Watermarks.None"/> if no row with event time had been read.
    /// </param>
    internal void Open(long reached) => _written = reached;

    /// <summary>Starts processing rows without a watermark update between them, and sweeps some state.</summary>
    /// <param name="split">The watermark of their split.</param>
    /// <param name="overall">The watermark of all inputs.</param>
    /// <param name="first">The event time of the first row.</param>
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
            // The saved job had no event time: its state counts as written at the first row with event time.
            _written = Math.Max(first, _horizon);
            _isWaiting = false;
            _swept.ForEach(static swept => swept.Start());
        }

        foreach (var swept in _swept)
        {
            swept.Sweep();
        }
    }

    /// <summary>Sweeps state while no rows come.</summary>
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
    /// Records the watermark of all inputs, even if no row follows it. Checkpoints must contain it, since a restored source does not report
    /// it again.
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

    /// <summary>Adds the watermark of all inputs to checkpoints; it is recorded when all windows due by it have fired.</summary>
    /// <param name="overall">The watermark.</param>
    internal void Await(long overall)
    {
        if (_hasEventTime)
        {
            _awaited = Math.Max(_awaited, Floor(overall));
        }
    }

    /// <summary>Called when state was restored: removes expired state, and sets deadlines that are missing.</summary>
    internal void Restored(ISwept swept)
    {
        swept.Start();
        swept.SweepAll();
        _isWaiting |= Written == Watermarks.None;
    }

    IFrozenPart IStatePart.Freeze(bool all)
    {
        var clocks = _clocks.Bytes;
        var bytes = new byte[ClocksAt + clocks.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, _overall);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), Math.Max(_overall, _awaited));
        clocks.CopyTo(bytes.AsSpan(ClocksAt));
        return new FrozenBytes(bytes);
    }

    void IStatePart.Restore(string schema, KeyRange writer, IReadOnlyList<ReadOnlySequence<byte>> saved)
    {
        // State of several subtasks may be restored: anything that one of them could still see must be visible here. Release 0.1 saved
        // only the first number, and no clocks.
        var bytes = saved[^1].ToArray();
        _clocks.Check(bytes.Length > ClocksAt ? bytes[ClocksAt..] : []);
        var overall = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var awaited = bytes.Length > sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizeof(long))) : overall;
        (_overall, _awaited) = _isRestored
            ? (Math.Min(_overall, overall), Math.Min(_awaited, awaited))
            : (overall, awaited);
        _isRestored = true;
    }

    void IStatePart.Forget() => (_overall, _awaited, _isRestored) = (Watermarks.None, Watermarks.None, false);

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

/// <summary>State that expires and is swept.</summary>
internal interface ISwept
{
    /// <summary>Sets the deadlines of state that was saved without one.</summary>
    void Start();

    /// <summary>Checks some entries, starting where the last call stopped, and removes expired ones.</summary>
    void Sweep();

    /// <summary>Removes all expired entries.</summary>
    void SweepAll();
}
