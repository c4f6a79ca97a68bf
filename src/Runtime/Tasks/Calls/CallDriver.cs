using System.Collections.Concurrent;
using Penstock.Connectors;
using Penstock.Errors;
using Penstock.Network;
using Penstock.State;
using Penstock.Streams;

namespace Penstock.Tasks;

/// <summary>
/// Calls the method of an operator for each row of the input, several rows at a time, and runs the results through the loop of the subtask
/// in batches, with the watermark updates that were between the rows.
/// </summary>
/// <remarks>
/// Only the thread of the subtask uses its data. A call that completes on another thread adds its entry to a queue and sends the group a
/// message. A call that completes before it returns needs neither an entry nor a message, unless its result must wait for another row.
/// </remarks>
/// <typeparam name="TIn">The type of the rows.</typeparam>
/// <typeparam name="TResult">The type of the results.</typeparam>
/// <typeparam name="TOut">The type of the rows that are emitted.</typeparam>
/// <typeparam name="TCall">Starts a call.</typeparam>
/// <typeparam name="TCodec">The codec of a row in a checkpoint.</typeparam>
internal sealed partial class CallDriver<TIn, TResult, TOut, TCall, TCodec> : ICallDriver, IStatePart
    where TCall : struct, IAsyncCall<TIn, TResult, TOut>
    where TCodec : struct, IStateCodec<KeptRow<TIn>>
{
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(1);

    // A timer cannot wait longer than 49 days. It is set again until the time of the call is over.
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    private readonly Subtask<TOut> _task;
    private readonly TaskContext _context;
    private readonly OperatorRef _operator;
    private readonly CallSettings _settings;
    private readonly RateLimiter? _rate;
    private readonly CallList<TIn, TResult> _list;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _token;
    private readonly BatchPool<TOut> _batches;
    private readonly ITimer _timeout;
    private readonly ITimer? _nextCall;
    private readonly TCall _call;

    // The batches whose rows have not all been called, and the position in the first one: the next row, and the next watermark update.
    private readonly Queue<(InputChannel Input, Batch<TIn> Batch)> _input = new();
    private int _row;
    private int _update;
    private long _waitingRows;

    // The channels to which credits are owed, for the newest batches in the queue.
    private readonly Queue<InputChannel> _owed = new();

    // The newest checkpoint that was announced; its barrier may have arrived.
    private long _expected;

    // The results that go to the loop next, and the channel whose time they have.
    private Batch<TOut> _results;
    private InputChannel? _channel;

    // Only in the order of completion: results that may be emitted now; the updates passed on so far, and the updates taken from the input
    // so far. A row may be emitted if no update before it is still in the list.
    private readonly Queue<CallEntry<TIn, TResult>> _ready = new();
    private long _updatesPassed;
    private long _updatesTaken;

    // What other threads change.
    private readonly ConcurrentQueue<CallEntry<TIn, TResult>> _completed = new();
    private TaskCompletionSource? _settled;
    private int _running;
    private int _isNotified;
    private int _isTimeoutDue;
    private bool _isTimeoutSet;

    public CallDriver(
        Subtask<TOut> task,
        TaskContext context,
        OperatorRef applied,
        TCall call,
        CallSettings settings,
        RateLimiter? rate)
    {
        (_task, _context, _operator, _call, _settings, _rate) = (task, context, applied, call, settings, rate);
        _token = _cancellation.Token;
        _list = new CallList<TIn, TResult>(OnCompleted);
        _batches = new BatchPool<TOut>(context.Options.BatchSize);
        _results = _batches.Rent();
        _timeout = context.Time.CreateTimer(
            _ =>
            {
                Interlocked.Exchange(ref _isTimeoutDue, 1);
                Notify();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _nextCall = rate == null
            ? null
            : context.Time.CreateTimer(_ => Notify(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int InFlight => _list.Rows;

    public bool IsBusy => _list.First != null || _input.Count > 0 || _restored.Count > 0;

    // The loop of the subtask, or a receiver, cannot take more results for now.
    private bool IsBlocked => _task.IsSuspended || _context.Group.IsBackpressured;

    public void Receive(InputChannel input, Batch batch)
    {
        _task.Counters.RowsIn += batch.Count;
        _input.Enqueue((input, (Batch<TIn>)batch));
        _owed.Enqueue(input);
        _waitingRows += batch.Count;
        ReturnCredits();
    }

    public void Expect(long checkpoint)
    {
        _expected = Math.Max(_expected, checkpoint);
        ReturnCredits();
    }

    public void TakeCompleted()
    {
        // Before the queue is read: a call that completes from now on notifies the group again.
        Interlocked.Exchange(ref _isNotified, 0);
        while (_completed.TryDequeue(out var entry))
        {
            Take(entry);
        }

        if (Interlocked.Exchange(ref _isTimeoutDue, 0) == 1)
        {
            CheckTimeout();
        }

        if (IsBlocked)
        {
            // It starts no calls, so it takes no turn from other subtasks.
            _rate?.Leave(_context.Subtask);
        }

        // Credits that were withheld because too many rows waited.
        ReturnCredits();
    }

    public bool TryAdvance()
    {
        var hasAdvanced = PassOnResults();
        hasAdvanced |= StartCalls();
        SendResults();
        return hasAdvanced;
    }

    public void Cancel() => _cancellation.Cancel();

    public Task Settled()
    {
        var settled = new TaskCompletionSource(_context.Completion);
        Volatile.Write(ref _settled, settled);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _running) == 0)
        {
            settled.TrySetResult();
        }

        return settled.Task;
    }

    public void Dispose()
    {
        _timeout.Dispose();
        _nextCall?.Dispose();
        _rate?.Leave(_context.Subtask);
        _cancellation.Cancel();
        _cancellation.Dispose();
    }

    // Called on any thread.
    private void OnCompleted(CallEntry<TIn, TResult> entry)
    {
        _completed.Enqueue(entry);
        Notify();
        if (Interlocked.Decrement(ref _running) == 0)
        {
            Volatile.Read(ref _settled)?.TrySetResult();
        }
    }

    // Several completions share one message.
    private void Notify()
    {
        if (Interlocked.Exchange(ref _isNotified, 1) == 0)
        {
            _context.Group.Mailbox.Post(new Message(MessageKind.Calls));
        }
    }

    private void Take(CallEntry<TIn, TResult> entry)
    {
        try
        {
            entry.Result = entry.Awaiter.GetResult();
        }
        catch (Exception error) when (error is not PipelineException)
        {
            throw Failed(error, in entry.Row, entry.Time);
        }

        entry.IsDone = true;
        if (_settings.Order == AsyncOrder.Completion && entry.UpdatesBefore == _updatesPassed)
        {
            _ready.Enqueue(entry);
        }
    }

    private bool PassOnResults()
    {
        var hasAdvanced = false;
        while (!IsBlocked && NextToPassOn() is { } entry)
        {
            hasAdvanced = true;
            if (entry.IsUpdate)
            {
                PassOn(entry.Channel, entry.SplitWatermark, entry.CombinedWatermark);
                _updatesPassed++;
            }
            else
            {
                Emit(entry.Channel, in entry.Result, entry.Time);
            }

            var isUpdate = entry.IsUpdate;
            _list.Remove(entry);
            if (isUpdate && _settings.Order == AsyncOrder.Completion)
            {
                FindReady();
            }
        }

        return hasAdvanced;
    }

    private CallEntry<TIn, TResult>? NextToPassOn() =>
        _ready.TryDequeue(out var ready) ? ready
        : _list.First is { } first && (first.IsUpdate || (first.IsDone && _settings.Order == AsyncOrder.Input)) ? first
        : null;

    // The rows up to the next update may be emitted now.
    private void FindReady()
    {
        for (var entry = _list.First; entry is { IsUpdate: false }; entry = entry.Next)
        {
            if (entry.IsDone)
            {
                _ready.Enqueue(entry);
            }
        }
    }

    private void Emit(InputChannel channel, in TResult result, long time)
    {
        if (!TCall.TryTake(in result, out var row))
        {
            return;
        }

        EnterChannel(channel);
        if (_results.Add(in row, time))
        {
            SendResults();
        }
    }

    private void PassOn(InputChannel channel, long split, long combined)
    {
        EnterChannel(channel);
        _results.AddWatermark(split, combined);
    }

    private void EnterChannel(InputChannel channel)
    {
        if (!ReferenceEquals(_channel, channel))
        {
            SendResults();
            _channel = channel;
        }
    }

    private void SendResults()
    {
        if (_results.IsEmpty)
        {
            return;
        }

        // The subtask may be suspended in the middle of the batch, and then keeps it.
        if (_task.Receive(_channel!, _results))
        {
            _results.Empty();
        }
        else
        {
            _results = _batches.Rent();
        }
    }

    private void CheckTimeout()
    {
        for (var entry = _list.First; entry != null; entry = entry.Next)
        {
            if (entry is { IsUpdate: false, IsDone: false })
            {
                // The first row that is still being called started first.
                var left = _settings.Timeout - _context.Time.GetElapsedTime(entry.StartedAt);
                if (left <= TimeSpan.Zero)
                {
                    throw TimedOut(in entry.Row, entry.Time);
                }

                SetTimeout(left);
                return;
            }
        }

        _isTimeoutSet = false;
    }

    private void SetTimeout(TimeSpan left)
    {
        _isTimeoutSet = true;
        _timeout.Change(left < MinWait ? MinWait : left > MaxWait ? MaxWait : left, Timeout.InfiniteTimeSpan);
    }

    private OperatorException Failed(Exception error, in TIn row, long time) =>
        _task.Failure(error, _operator.Text, PlaceOf(time), RowText.Of(in row, _context.Options), isExact: false);

    private OperatorException TimedOut(in TIn row, long time) => new(
        ErrorCodes.CallTimedOut,
        $"Pipeline '{_context.PipelineName}': operator {_operator.Text} has not returned within {_settings.Timeout} (Timeout) {PlaceOf(time)}, subtask {_context.Subtask} of task '{_context.TaskId}'.{RowText.Of(in row, _context.Options)} If the calls need more time, raise Timeout of [AsyncMap] or Streams:{_operator.Id}:Timeout. If the service is overloaded, lower Concurrency or set a Rate.",
        new TimeoutException($"The call has not returned within {_settings.Timeout}."))
    {
        Place = new FailurePlace($"operator {_operator.Text} {PlaceOf(time)}", IsExact: false),
    };

    private string PlaceOf(long time) => $"at {_context.DescribeInput(input: 0)}{(time == 0 ? "" : Subtask.TextOf(time))}";
}
