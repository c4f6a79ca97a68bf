using System.Diagnostics;
using Confluent.Kafka;

namespace Penstock.Kafka;

/// <summary>
/// Monitors the errors that a client reports outside of its calls. The client retries without end, even if its password is refused, and its
/// calls then end only with a timeout. A waiting call uses this class to decide whether to keep waiting.
/// </summary>
internal sealed class ClientErrorMonitor
{
    // An answer may take longer if brokers are far away or busy: each attempt waits twice as long as the previous one.
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private volatile Error? _refusal;
    private volatile Error? _last;

    /// <summary>Records an error that a client reports.</summary>
    public void Record(Error error)
    {
        // "All brokers down" is less specific than the errors of the individual brokers.
        if (error.Code != ErrorCode.Local_AllBrokersDown)
        {
            _last = error;
        }

        if (IsRefusal(error))
        {
            _refusal = error;
        }
    }

    /// <summary>Repeats a request until there is an answer or further waiting is useless.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="query">Sends the request and waits for an answer for the given time.</param>
    /// <param name="timeout">The maximum total time to wait.</param>
    /// <param name="listen">Lets the client report its errors if nothing else does, such as <see cref="PollForErrors"/>.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="KafkaException">There is no answer, or the brokers refuse the request.</exception>
    public T Query<T>(Func<TimeSpan, T> query, TimeSpan timeout, Action? listen = null)
    {
        var clock = Stopwatch.StartNew();
        for (var wait = FirstWait; ; wait = wait * 2 < timeout ? wait * 2 : timeout)
        {
            try
            {
                return query(wait);
            }
            catch (KafkaException error) when (KafkaErrors.IsSilence(error.Error))
            {
                listen?.Invoke();
                if (_refusal is { } refusal)
                {
                    throw new KafkaException(refusal, error);
                }

                if (error.Error.Code != ErrorCode.Local_TimedOut || clock.Elapsed + wait > timeout)
                {
                    throw new KafkaException(new Error(error.Error.Code, (_last ?? error.Error).Reason), error);
                }
            }
            catch (KafkaException error) when (IsTransient(error.Error) && clock.Elapsed < timeout)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Polls a consumer so that it reports its errors, which it does only while it is polled.</summary>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <typeparam name="TValue">The type of its values.</typeparam>
    /// <param name="consumer">A consumer that has no partitions yet.</param>
    public void PollForErrors<TKey, TValue>(IConsumer<TKey, TValue> consumer)
    {
        try
        {
            consumer.Consume(TimeSpan.Zero);
        }
        catch (ConsumeException error)
        {
            Record(error.Error);
        }
    }

    // Errors of brokers that have just started, or have just taken over a group.
    private static bool IsTransient(Error error) =>
        error.Code is ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable;

    // A connection that breaks during its handshake is not a refusal: the broker may be shutting down.
    private static bool IsRefusal(Error error) => error.Code switch
    {
        ErrorCode.Local_Ssl => !error.Reason.Contains("Disconnected", StringComparison.Ordinal),
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism
            or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => true,
        _ => false,
    };
}
