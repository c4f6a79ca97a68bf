using Penstock.Connectors;
using Penstock.Network;

namespace Penstock.Tasks;

/// <content>The start of calls: for restored rows first, then for the input in its order.</content>
internal sealed partial class CallDriver<TIn, TResult, TOut, TCall, TCodec>
{
    // The list holds at most this many watermark updates, plus four for each row that may be in flight.
    private const int MaxUpdates = 1024;

    // The maximum number of rows that wait when credits are returned before their calls have started.
    private const int MaxWaitingRows = 131_072;

    // The number of calls that the rate limit allows now and that have not started.
    private int _allowed;

    // Updates without rows between them are merged, but those of several channels are not.
    private bool HasRoomForUpdates => _list.Updates < MaxUpdates + 4 * _settings.Concurrency;

    private bool HasRoomForRows => _list.Rows < _settings.Concurrency;

    private bool StartCalls()
    {
        var hasAdvanced = false;
        while (!IsBlocked && (_restored.Count > 0 ? TryStartRestored() : TryTakeInput()))
        {
            hasAdvanced = true;
        }

        if (_allowed > 0)
        {
            _rate?.Return(_allowed);
            _allowed = 0;
        }

        return hasAdvanced;
    }

    // Takes the next row, update or end of the input.
    private bool TryTakeInput()
    {
        if (!_input.TryPeek(out var first))
        {
            return false;
        }

        var (input, batch) = first;
        var updates = batch.WatermarkUpdates;
        if (_update < updates.Length && updates[_update].Index <= _row)
        {
            return TryTakeUpdate(input, in updates[_update]);
        }

        if (_row < batch.Count)
        {
            if (!MayStart(batch.Count - _row))
            {
                return false;
            }

            Start(input, in batch.Rows[_row], batch.Times[_row]);
            _row++;
            _waitingRows--;
            return true;
        }

        if (_owed.Count == _input.Count)
        {
            _owed.Dequeue().Sender?.ReturnCredit();
        }

        _input.Dequeue();
        (_row, _update) = (0, 0);
        batch.Release();
        ReturnCredits();
        return true;
    }

    // While a barrier is on its way, returns the credits of all batches, so that it is not stuck behind them. The limit matters if calls
    // hang: each checkpoint would let in more rows.
    private void ReturnCredits()
    {
        while (_expected >= _task.NextCheckpoint && _waitingRows < MaxWaitingRows && _owed.TryDequeue(out var input))
        {
            input.Sender?.ReturnCredit();
        }
    }

    private bool TryTakeUpdate(InputChannel input, in WatermarkUpdate update)
    {
        if (!HasRoomForUpdates)
        {
            return false;
        }

        _update++;
        Enqueue(input, update.SplitWatermark, update.CombinedWatermark);
        return true;
    }

    private void Enqueue(InputChannel input, long split, long combined)
    {
        if (_list.Last is not { } last)
        {
            PassOn(input, split, combined);
            return;
        }

        if (!last.IsUpdate
            || !ReferenceEquals(last.Channel, input)
            || Batch.MustKeep(last.CombinedWatermark, combined))
        {
            last = _list.Add(input, isUpdate: true);
            _updatesTaken++;
        }

        (last.SplitWatermark, last.CombinedWatermark) = (split, combined);
    }

    private bool MayStart(int rows)
    {
        if (!HasRoomForRows)
        {
            return false;
        }

        if (_rate == null || _allowed > 0)
        {
            return true;
        }

        _allowed = _rate.Take(_context.Subtask, Math.Min(rows, _settings.Concurrency - _list.Rows));
        if (_allowed == 0)
        {
            _nextCall!.Change(_rate.UntilNext(_context.Subtask), Timeout.InfiniteTimeSpan);
        }

        return _allowed > 0;
    }

    private void Start(InputChannel channel, in TIn row, long time)
    {
        _allowed = _rate == null ? 0 : _allowed - 1;
        ValueTask<TResult> call;
        try
        {
            call = _call.Start(in row, _token);
            if (call.IsCompleted && MayPassOnNow)
            {
                Emit(channel, call.GetAwaiter().GetResult(), time);
                return;
            }
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw Failed(error, in row, time);
        }

        var entry = _list.Add(channel, isUpdate: false);
        (entry.Row, entry.Time, entry.UpdatesBefore, entry.Awaiter) = (row, time, _updatesTaken, call.GetAwaiter());
        if (call.IsCompleted)
        {
            Take(entry);
            return;
        }

        entry.StartedAt = _context.Time.GetTimestamp();
        if (!_isTimeoutSet)
        {
            SetTimeout(_settings.Timeout);
        }

        Interlocked.Increment(ref _running);
        entry.Awaiter.UnsafeOnCompleted(entry.Continuation);
    }

    // Whether the result of a row that starts now need not wait for another row.
    private bool MayPassOnNow => _list.First == null || (_settings.Order == AsyncOrder.Completion && _updatesTaken == _updatesPassed);
}
