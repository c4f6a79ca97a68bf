using Penstock.Connectors;
using Penstock.Network;
using Penstock.Time;

namespace Penstock.Tasks;

// What comes in, in its order: rows, and the steps of time between them. Where the group is held up while windows fire, or behind a row of
// which many were made, the subtask is suspended: what comes meanwhile waits, and outputs learn of the new time when all that is due has
// fired.
public abstract partial class Subtask
{
    private readonly Queue<(InputChannel Input, Batch Batch)> _waiting = new();
    private long _passedOn = Watermarks.None;
    private Suspension _suspension;

    // Up to where the rows are processed that were to be.
    private int _processed;

    /// <summary>The watermark of all inputs together, in microseconds since the Unix epoch.</summary>
    protected long Watermark { get; private set; } = Watermarks.None;

    /// <summary>The watermark of the split whose rows are being processed, before these rows.</summary>
    protected long SplitWatermark { get; private set; } = Watermarks.None;

    /// <summary>Whether what the group has sent waits for credits, so that whoever has much to send stops.</summary>
    protected bool IsHeldUp => _outbox.IsBlocked;

    /// <summary>
    /// Whether results carry the time of this task's own watermark, as those of windows do, and not of the splits behind it. Rows that are
    /// put aside keep that of their split.
    /// </summary>
    protected virtual bool EmitsOwnWatermark => false;

    internal long CurrentWatermark => Watermark;

    /// <summary>Whether it is in the middle of something that goes on when the group has credits again.</summary>
    internal bool IsSuspended => _suspension.IsNoted;

    /// <summary>Whether a checkpoint can be taken as things are.</summary>
    internal bool CanBeSaved => _waiting.Count == 0 && _windows?.CanBeSaved != false;

    /// <summary>How many batches wait until it is done.</summary>
    internal int WaitingBatches => _waiting.Count;

    /// <summary>
    /// Called when the watermark of all inputs together has moved on, before outputs learn of it; and again where it had stopped.
    /// </summary>
    /// <param name="watermark">The watermark; <see cref="Watermarks.End"/> at the end of input.</param>
    /// <returns>False where it has stopped because of <see cref="IsHeldUp"/>, and is to be called again to go on.</returns>
    protected virtual bool OnWatermark(long watermark) => true;

    private protected abstract void ProcessRows(Batch batch, int from, int to);

    /// <summary>
    /// Notes that the rows of a batch were processed up to one of them only, because of <see cref="IsHeldUp"/>: the others follow when the
    /// group has credits again.
    /// </summary>
    /// <param name="row">The index of the last row that was processed.</param>
    protected void StopBehind(int row) => _processed = row + 1;

    /// <summary>Runs what the source has read through the task.</summary>
    /// <returns>As of the other method.</returns>
    internal bool Receive(Batch batch) => Receive(_inputs[0], batch);

    /// <summary>Runs a batch through the task.</summary>
    /// <param name="input">The channel that it came over.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>
    /// Whether the caller has the batch back. If not, the subtask is suspended, and releases the batch when it is done with it. It may also
    /// be suspended where the caller has the batch back: then windows are left to fire, but nothing is left of the batch.
    /// </returns>
    internal bool Receive(InputChannel input, Batch batch)
    {
        try
        {
            Counters.RowsIn += batch.Count;
            if (!_suspension.IsNoted && Run(input, batch, from: 0, step: 0))
            {
                return true;
            }

            _waiting.Enqueue((input, batch));
            return false;
        }
        catch (Exception error) when (error is not PipelineException)
        {
            // Whoever has called directly would take it for its own.
            throw _context.Failed(error);
        }
    }

    /// <summary>Whether it has state that expires.</summary>
    internal bool HasSwept => _clocks.Exists(static clock => clock.HasSwept);

    /// <summary>Looks for some state that has expired.</summary>
    internal void Sweep()
    {
        // What has yet to fire may see what has expired by then.
        if (!_suspension.IsFiring)
        {
            _clocks.ForEach(clock => clock.SweepSilently(Watermark));
        }
    }

    /// <summary>Goes on where the subtask was suspended, until it is done or the group is held up again.</summary>
    internal void GoOn()
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

        while (!_suspension.IsFiring && !IsHeldUp && _waiting.TryPeek(out var next))
        {
            var left = _suspension.Left;
            _suspension.Left = default;
            if (Run(next.Input, next.Batch, left.Row, left.Step))
            {
                _waiting.Dequeue();
                next.Batch.Release();
                next.Input.Sender?.ReturnCredit();
            }
        }

        NoteSuspended(_suspension.IsFiring || _waiting.Count > 0);
    }

    // Returns false where the subtask is suspended before the end of the batch.
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
                if (!AreProcessed(batch, from, next.Index, step))
                {
                    return false;
                }

                from = next.Index;
            }

            step++;
            input.SplitWatermark = next.SplitWatermark;
            input.CombinedWatermark = next.CombinedWatermark;

            // Behind the last step, and all rows, nothing of the batch is left: firing goes on without it.
            if (!Advance(next.SplitWatermark) && (step < steps.Length || from < batch.Count))
            {
                _suspension.Left = (from, step);
                return false;
            }
        }

        return from == batch.Count || AreProcessed(batch, from, batch.Count, step);
    }

    // Returns false where rows are left.
    private bool AreProcessed(Batch batch, int from, int to, int step)
    {
        BeginRows(batch.Times[from]);
        _processed = to;
        ProcessRows(batch, from, to);
        if (_processed == to)
        {
            return true;
        }

        _suspension.Left = (_processed, step);
        NoteSuspended(true);
        return false;
    }

    private void NoteSuspended(bool isSuspended)
    {
        if (isSuspended != _suspension.IsNoted)
        {
            _suspension.IsNoted = isSuspended;
            _context.Group.NoteSuspended(isSuspended);
        }
    }

    private void StopFiring((long Split, bool IsIdle)? step)
    {
        (_suspension.IsFiring, _suspension.Step) = (true, step);
        NoteSuspended(true);
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
        _clocks.ForEach(static clock => clock.BeginFiring());
        return OnWatermark(Watermark);
    }

    // Returns false where windows are left that are due.
    private bool Advance(long split)
    {
        var overall = InputTime.Combine(_inputs, out var furthest);
        var isIdle = overall == Watermarks.Idle;
        var reached = Watermarks.Reached(overall, furthest);

        // The watermark never goes back.
        var hasMoved = reached > Watermark;
        if (hasMoved)
        {
            Watermark = reached;
            if (!HasFiredAll())
            {
                StopFiring((split, isIdle));
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

    private void EmitWatermark(long split, long overall)
    {
        EmitSplitWatermark(split, overall);
        foreach (var output in _inOwnTime)
        {
            output.EmitWatermark(Watermark, overall);
        }
    }

    private void EmitSplitWatermark(long split, long overall)
    {
        foreach (var output in _inTimeOfSplits)
        {
            output.EmitWatermark(split, overall);
        }
    }
}
