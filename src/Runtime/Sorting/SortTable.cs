using System.ComponentModel;
using System.Runtime.CompilerServices;
using Penstock.State;
using Penstock.Streams;
using Penstock.Time;
using Penstock.Timers;

namespace Penstock.Sorting;

/// <summary>
/// The rows of an operator that sorts them by event time, until the watermark has passed them. Rows with equal times are in the order in
/// which they were added, which is that of their positions. Times and positions are in the heap of the timers.
/// </summary>
/// <typeparam name="TKey">The key by which rows were partitioned.</typeparam>
/// <typeparam name="TRow">The row type.</typeparam>
/// <typeparam name="TRowCodec">The codec of rows in memory.</typeparam>
/// <typeparam name="TStateCodec">The codec of rows in checkpoints.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class SortTable<TKey, TRow, TRowCodec, TStateCodec> : IStatePart, IDueState
    where TKey : struct, IRowKey<TKey, TRow>
    where TRowCodec : struct, IRowCodec<TRow>
    where TStateCodec : struct, IStateCodec<KeptRow<TRow>>
{
    private readonly string _id;
    private readonly KeyRange _range;
    private readonly SubtaskCounters _counters;
    private readonly RowStore<TRow, TRowCodec> _rows;
    private readonly TimerHeap<RowPosition> _order;
    private long _watermark = Watermarks.None;

    // The watermark that a checkpoint saves. It excludes the end of input: more rows may come when the job resumes with more input.
    private long _reached = Watermarks.None;

    // All rows up to this place were passed on.
    private SortPlace _passed = SortPlace.None;

    internal SortTable(string id, KeyRange range, SubtaskCounters counters, StateMemory rows, StateMemory order)
    {
        _id = id;
        _range = range;
        _counters = counters;
        _rows = new RowStore<TRow, TRowCodec>(rows);
        _order = new TimerHeap<RowPosition>(order);
    }

    bool IDueState.IsDue => _order.TryPeek(_watermark, out _);

    bool IDueState.CanBeSaved => true;

    /// <summary>Determines whether a row is late: rows with later times may have been passed on.</summary>
    /// <param name="time">The event time of the row.</param>
    /// <param name="splitWatermark">The watermark of the row's split before this row.</param>
    /// <returns><c>true</c> if it is late, which is then counted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLate(long time, long splitWatermark)
    {
        // The combined watermark matters only after idleness or new splits: otherwise it is never ahead of a split's.
        if (time >= splitWatermark && time >= _watermark)
        {
            return false;
        }

        _counters.Late++;
        return true;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="time">Its event time. It must not be late.</param>
    public void Add(in TRow row, long time)
    {
        _order.Set(time, _rows.Add(in row));
        _added++;
    }

    /// <summary>Takes the next row whose event time the watermark has passed.</summary>
    /// <param name="watermark">The watermark.</param>
    /// <param name="row">The row.</param>
    /// <param name="time">Its event time.</param>
    /// <returns><c>false</c> if there is none.</returns>
    public bool TryTake(long watermark, out TRow row, out long time)
    {
        Reach(watermark);
        if (!_order.TryPeek(_watermark, out var first))
        {
            (row, time) = (default!, 0);
            return false;
        }

        _order.Take();
        _passed = new SortPlace(first.Time, first.Key.Value);
        row = _rows.Take(first.Key);
        time = first.Time;
        return true;
    }

    private void Reach(long watermark)
    {
        _watermark = Math.Max(_watermark, watermark);
        if (Watermarks.IsInstant(watermark))
        {
            _reached = Math.Max(_reached, watermark);
        }
    }
}

/// <summary>The place of a row in the order in which rows are passed on.</summary>
/// <param name="Time">Its event time.</param>
/// <param name="Position">Its position in the store.</param>
internal readonly record struct SortPlace(long Time, long Position)
{
    /// <summary>A place before all rows.</summary>
    public static SortPlace None { get; } = new(long.MinValue, long.MinValue);

    /// <summary>Indicates whether the row with another place comes after the row with this one.</summary>
    public bool IsBefore(SortPlace other) => Time != other.Time ? Time < other.Time : Position < other.Position;
}
