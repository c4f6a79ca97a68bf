using Penstock.Connectors;
using Penstock.Network;
using Penstock.Time;

namespace Penstock.Tasks;

// The input in its order: rows, and the watermark updates between them. If the group is blocked while windows or timers fire, or after
// a row with much output, the subtask is suspended: further input waits, and outputs get the new watermark after all that is due has fired.
public abstract partial class Subtask
{
    private readonly Queue<(InputChannel Input, Batch Batch)> _waiting = new();
    private long _passedOn = Watermarks.None;
    private Suspension _suspension;

    // The end of the rows that were processed.
    private int _processed;

    /// <summary>The index of the input from which the rows came that are being processed.</summary>
    private protected int Input { get; private set; }

    /// <summary>The watermark of all inputs together, in microseconds since the Unix epoch.</summary>
    protected long Watermark { get; private set; } = Watermarks.None;

    /// <summary>The watermark of the split whose rows are being processed, before these rows.</summary>
    protected long SplitWatermark { get; private set; } = Watermarks.None;

    /// <summary>Indicates whether sent output of the group waits for credits, so that a subtask with much output should stop.</summary>
    protected bool IsBackpressured => _outbox.IsBlocked;

    /// <summary>
    /// Indicates whether results carry this task's own watermark, as for windows, and not those of the input splits. Rows for side outputs
    /// keep the watermark of their split.
    /// </summary>
    protected virtual bool EmitsOwnWatermark => false;

    internal long CurrentWatermark => Watermark;

    /// <summary>Indicates whether the subtask is suspended until the group has credits again.</summary>
    internal bool IsSuspended => _suspension.IsReported;

    /// <summary>Indicates whether a checkpoint can be taken now.</summary>
    internal bool CanBeSaved => _waiting.Count == 0 && _due?.CanBeSaved != false;

    /// <summary>The number of batches that wait while the subtask is suspended.</summary>
    internal int WaitingBatches => _waiting.Count;

    /// <summary>Called when the watermark of all inputs together has advanced, before outputs get it; and again after a stop.</summary>
    /// <param name="watermark">The watermark; <see cref="Watermarks.End"/> at the end of input.</param>
    /// <returns><c>false</c> if it has stopped because of <see cref="IsBackpressured"/> and must be called again to continue.</returns>
    protected virtual bool OnWatermark(long watermark) => true;

    /// <summary>
    /// Marks the rows that follow as results of this task and not of its input: their times may be before the watermark of the split that
    /// was read last.
    /// </summary>
    protected void EnterOwnTime() => EnterSplit(Watermarks.None);

    private protected abstract void ProcessRows(Batch batch, int from, int to);

    /// <summary>
    /// Records that the rows of a batch were processed only up to one of them, because of <see cref="IsBackpressured"/>. The others are
    /// processed when the group has credits again.
    /// </summary>
    /// <param name="row">The index of the last processed row.</param>
    protected void SuspendAfter(int row) => _processed = row + 1;

    /// <summary>Runs a batch of the source through the task.</summary>
    /// <returns><c>true</c> if the batch is returned to the caller; see the other overload.</returns>
    internal bool Receive(Batch batch) => Receive(_inputs[0], batch);

    /// <summary>Runs a batch through the task.</summary>
    /// <param name="input">The channel from which it came.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>
    /// <c>true</c> if the batch is returned to the caller. Otherwise the subtask is suspended, and releases the batch after processing it.
    /// The subtask may also be suspended if the batch is returned: then something is left to fire, but the batch is completely processed.
    /// </returns>
    internal bool Receive(InputChannel input, Batch batch)
    {
        try
        {
            // Results of calls are not counted again.
            Counters.RowsIn += _calls == null ? batch.Count : 0;
            if (!_suspension.IsReported && Run(input, batch, from: 0, step: 0))
            {
                return true;
            }

            _waiting.Enqueue((input, batch));
            return false;
        }
        catch (Exception error) when (error is not PipelineException)
        {
            // A direct caller would take this exception for its own.
            throw _context.Failed(error);
        }
    }

    /// <summary>Indicates whether the subtask has state that expires.</summary>
    internal bool HasSwept => _clocks.Exists(static clock => clock.HasSwept);

    /// <summary>Removes some expired state.</summary>
    internal void Sweep()
    {
        // What has not fired may see state that has expired by then.
        if (!_suspension.IsFiring)
        {
            _clocks.ForEach(clock => clock.SweepSilently(Watermark));
        }
    }

    /// <summary>Resumes a suspended subtask until it is done or the group is blocked again.</summary>
    internal void Resume()
    {
        try
        {
            Continue();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw _context.Failed(error);
        }
    }

    private void Continue()
    {
        if (_suspension.IsFiring && HasFiredAll())
        {
            _suspension.IsFiring = false;
            _clocks.ForEach(clock => clock.Pass(Watermark));
            if (_suspension.Step is { } step)
            {
                PassOn(step.Split, step.IsIdle, hasMoved: true);
            }
        }

        while (!_suspension.IsFiring && !IsBackpressured && _waiting.TryPeek(out var next))
        {
            var left = _suspension.Left;
            _suspension.Left = default;
            if (Run(next.Input, next.Batch, left.Row, left.Step))
            {
                _waiting.Dequeue();
                next.Batch.Release();
                if (_calls == null)
                {
                    next.Input.Sender?.ReturnCredit();
                }
            }
        }

        RecordSuspended(_suspension.IsFiring || _waiting.Count > 0);
    }

    // Returns false if the subtask is suspended before the end of the batch.
    private bool Run(InputChannel input, Batch batch, int from, int step)
    {
        if (step == 0)
        {
            EnterSplit(input.SplitWatermark);
        }

        var steps = batch.WatermarkUpdates;
        while (step < steps.Length)
        {
            ref readonly var next = ref steps[step];
            if (next.Index > from)
            {
                if (!AreProcessed(input, batch, from, next.Index, step))
                {
                    return false;
                }

                from = next.Index;
            }

            step++;
            input.SplitWatermark = next.SplitWatermark;
            input.CombinedWatermark = next.CombinedWatermark;

            // After the last update and all rows the batch is completely processed: firing continues without it.
            if (!Advance(next.SplitWatermark) && (step < steps.Length || from < batch.Count))
            {
                _suspension.Left = (from, step);
                return false;
            }
        }

        return from == batch.Count || AreProcessed(input, batch, from, batch.Count, step);
    }

    // Returns false if rows are left.
    private bool AreProcessed(InputChannel input, Batch batch, int from, int to, int step)
    {
        BeginRows(batch.Times[from]);
        _processed = to;
        Input = input.Input;
        ProcessRows(batch, from, to);
        if (_processed == to)
        {
            return true;
        }

        _suspension.Left = (_processed, step);
        RecordSuspended(true);
        return false;
    }

    private void RecordSuspended(bool isSuspended)
    {
        if (isSuspended != _suspension.IsReported)
        {
            _suspension.IsReported = isSuspended;
            _context.Group.RecordSuspended(isSuspended);
        }
    }

    private void SuspendFiring((long Split, bool IsIdle)? step)
    {
        (_suspension.IsFiring, _suspension.Step) = (true, step);
        RecordSuspended(true);
    }

    private void BeginRows(long first)
    {
        foreach (var clock in _clocks)
        {
            clock.Begin(SplitWatermark, Watermark, first);
        }
    }

    private void EnterSplit(long split)
    {
        if (split != SplitWatermark)
        {
            SplitWatermark = split;
            EmitSplitWatermark(split, _passedOn);
        }
    }

    private bool HasFiredAll()
    {
        foreach (var clock in _clocks)
        {
            clock.BeginFiring();
        }

        return OnWatermark(Watermark);
    }

    // Returns false if something that is due has not fired.
    private bool Advance(long split)
    {
        var combined = InputTime.Combine(_inputs, out var furthest);
        var isIdle = combined == Watermarks.Idle;
        var reached = Watermarks.Reached(combined, furthest);

        // The watermark never decreases.
        var hasMoved = reached > Watermark;
        if (hasMoved)
        {
            Watermark = reached;
            if (!HasFiredAll())
            {
                SuspendFiring((split, isIdle));
                return false;
            }
        }

        PassOn(split, isIdle, hasMoved);
        return true;
    }

    private void PassOn(long split, bool isIdle, bool hasMoved)
    {
        if (hasMoved && isIdle)
        {
            EmitWatermark(split, Watermark);
        }

        var splitMoved = split != SplitWatermark;
        SplitWatermark = split;
        var passedOn = isIdle ? Watermarks.Idle : Watermark;
        if (passedOn != _passedOn)
        {
            _passedOn = passedOn;
            EmitWatermark(split, passedOn);
        }
        else if (splitMoved)
        {
            EmitSplitWatermark(split, passedOn);
        }

        if (hasMoved && Watermark == Watermarks.End)
        {
            _context.Ended();
        }
    }

    private void EmitWatermark(long split, long combined)
    {
        EmitSplitWatermark(split, combined);
        foreach (var output in _inOwnTime)
        {
            output.EmitWatermark(Watermark, combined);
        }
    }

    private void EmitSplitWatermark(long split, long combined)
    {
        foreach (var output in _inTimeOfSplits)
        {
            output.EmitWatermark(split, combined);
        }
    }
}
