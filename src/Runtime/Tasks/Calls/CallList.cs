using System.Runtime.CompilerServices;
using Penstock.Network;

namespace Penstock.Tasks;

/// <summary>A row in flight, or a watermark update that waits for the rows before it.</summary>
/// <typeparam name="TIn">The type of the rows.</typeparam>
/// <typeparam name="TResult">The type of the results.</typeparam>
internal sealed class CallEntry<TIn, TResult>
{
    private readonly Action<CallEntry<TIn, TResult>> _completed;

    /// <param name="completed">Called on any thread when the call has completed.</param>
    public CallEntry(Action<CallEntry<TIn, TResult>> completed)
    {
        _completed = completed;
        Continuation = () => _completed(this);
    }

    /// <summary>The callback for the completion of its call: one object for all rows that use the entry.</summary>
    public Action Continuation { get; }

    public CallEntry<TIn, TResult>? Previous { get; set; }

    public CallEntry<TIn, TResult>? Next { get; set; }

    /// <summary>The channel from which the row or the update came.</summary>
    public InputChannel Channel { get; set; } = null!;

    /// <summary>Indicates whether it is a watermark update.</summary>
    public bool IsUpdate { get; set; }

    /// <summary>For an update, the watermark of the split.</summary>
    public long SplitWatermark { get; set; }

    /// <summary>For an update, the watermark of the channel.</summary>
    public long CombinedWatermark { get; set; }

    /// <summary>Indicates whether the result of the row is known.</summary>
    public bool IsDone { get; set; }

    /// <summary>The number of updates before the row, since the start.</summary>
    public long UpdatesBefore { get; set; }

    /// <summary>The row.</summary>
    public TIn Row = default!;

    /// <summary>The event time of the row.</summary>
    public long Time { get; set; }

    /// <summary>The timestamp at which the call started.</summary>
    public long StartedAt { get; set; }

    /// <summary>The call.</summary>
    public ValueTaskAwaiter<TResult> Awaiter;

    /// <summary>The result.</summary>
    public TResult Result = default!;
}

/// <summary>Rows in flight and the watermark updates between them, in their order. Entries are reused.</summary>
/// <typeparam name="TIn">The type of the rows.</typeparam>
/// <typeparam name="TResult">The type of the results.</typeparam>
/// <param name="completed">Called on any thread when a call has completed.</param>
internal sealed class CallList<TIn, TResult>(Action<CallEntry<TIn, TResult>> completed)
{
    private readonly Stack<CallEntry<TIn, TResult>> _free = [];
    private int _rows;

    /// <summary>The first entry, or null.</summary>
    public CallEntry<TIn, TResult>? First { get; private set; }

    /// <summary>The last entry, or null.</summary>
    public CallEntry<TIn, TResult>? Last { get; private set; }

    /// <summary>The number of rows. May be read on any thread.</summary>
    public int Rows => Volatile.Read(ref _rows);

    /// <summary>The number of watermark updates.</summary>
    public int Updates { get; private set; }

    /// <summary>Adds an entry at the end.</summary>
    public CallEntry<TIn, TResult> Add(InputChannel channel, bool isUpdate)
    {
        var entry = _free.TryPop(out var free) ? free : new CallEntry<TIn, TResult>(completed);
        (entry.Channel, entry.IsUpdate) = (channel, isUpdate);
        entry.Previous = Last;
        if (Last == null)
        {
            First = entry;
        }
        else
        {
            Last.Next = entry;
        }

        Last = entry;
        Count(entry, 1);
        return entry;
    }

    /// <summary>Removes an entry, which may be reused from now on.</summary>
    public void Remove(CallEntry<TIn, TResult> entry)
    {
        if (entry.Previous == null)
        {
            First = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next == null)
        {
            Last = entry.Previous;
        }
        else
        {
            entry.Next.Previous = entry.Previous;
        }

        Count(entry, -1);
        (entry.Previous, entry.Next, entry.IsDone) = (null, null, false);
        (entry.Row, entry.Result, entry.Awaiter) = (default!, default!, default);
        _free.Push(entry);
    }

    private void Count(CallEntry<TIn, TResult> entry, int change)
    {
        if (entry.IsUpdate)
        {
            Updates += change;
        }
        else
        {
            Volatile.Write(ref _rows, _rows + change);
        }
    }
}
