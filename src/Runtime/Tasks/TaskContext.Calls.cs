using Penstock.State;

namespace Penstock.Tasks;

/// <content>Asynchronous calls.</content>
public sealed partial class TaskContext
{
    /// <summary>
    /// Registers the asynchronous calls of an operator: its method is called for each row of the input, and the loop of the task gets the
    /// results.
    /// </summary>
    /// <typeparam name="TIn">The type of the rows.</typeparam>
    /// <typeparam name="TResult">The type of the results, which may be null.</typeparam>
    /// <typeparam name="TOut">The type of the rows that are emitted.</typeparam>
    /// <typeparam name="TCall">Starts a call.</typeparam>
    /// <typeparam name="TCodec">The codec of a row in a checkpoint.</typeparam>
    /// <param name="applied">The operator.</param>
    /// <param name="call">Starts a call.</param>
    /// <param name="concurrency">The maximum number of rows in flight; configuration overrides it.</param>
    /// <param name="order">The order of the results.</param>
    /// <param name="timeoutMicros">The maximum time of a call, in microseconds; configuration overrides it.</param>
    /// <param name="rate">The maximum number of calls per second, or 0 for no limit; configuration overrides it.</param>
    public void Calls<TIn, TResult, TOut, TCall, TCodec>(
        OperatorRef applied,
        TCall call,
        int concurrency,
        AsyncOrder order,
        long timeoutMicros,
        double rate = 0)
        where TCall : struct, IAsyncCall<TIn, TResult, TOut>
        where TCodec : struct, IStateCodec<KeptRow<TIn>>
    {
        ArgumentNullException.ThrowIfNull(applied);
        var options = Options.Streams.GetValueOrDefault(applied.Id);
        var settings = new CallSettings(
            options?.Concurrency ?? concurrency,
            order,
            options?.Timeout ?? TimeSpan.FromMicroseconds(timeoutMicros));
        var perSecond = options?.Rate ?? rate;
        var limiter = perSecond > 0
            ? SharedBySubtasks(applied.Id, () => new RateLimiter(Time, perSecond * SubtasksHere / Parallelism))
            : null;
        var driver = new CallDriver<TIn, TResult, TOut, TCall, TCodec>((Subtask<TOut>)_owner, this, applied, call, settings, limiter);
        _owner.Register((ICallDriver)driver);
        _owner.Register((IStatePart)driver);
    }
}
