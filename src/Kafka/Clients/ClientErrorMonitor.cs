using System.Diagnostics;
using Confluent.Kafka;

namespace Penstock.Kafka;

/// <summary>
/// What a client says between its answers. It tries for ever, also where its password is refused, and its calls then end with nothing but a
/// timeout. A call that waits for an answer learns here whether waiting makes sense.
/// </summary>
internal sealed class ClientErrorMonitor
{
    // An answer may take longer where brokers are far away or busy: each question waits twice as long as the one before.
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private volatile Error? _refusal;
    private volatile Error? _last;

    /// <summary>Takes what a client says.</summary>
    public void Note(Error error)
    {
        // That no broker is left says less than what was said of each.
        if (error.Code != ErrorCode.Local_AllBrokersDown)
        {
            _last = error;
        }

        if (IsRefusal(error))
        {
            _refusal = error;
        }
    }

    /// <summary>Asks until there is an answer, or waiting makes no sense.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="question">Asks, and waits for an answer so long.</param>
    /// <param name="patience">How long to wait for one in all.</param>
    /// <param name="listen">Lets the client report its errors, where nothing else does: <see cref="Hear"/>.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="KafkaException">There is none, or the brokers refuse it.</exception>
    public T Ask<T>(Func<TimeSpan, T> question, TimeSpan patience, Action? listen = null)
    {
        var clock = Stopwatch.StartNew();
        for (var wait = FirstWait; ; wait = wait * 2 < patience ? wait * 2 : patience)
        {
            try
            {
                return question(wait);
            }
            catch (KafkaException error) when (KafkaErrors.IsSilence(error.Error))
            {
                listen?.Invoke();
                if (_refusal is { } refusal)
                {
                    throw new KafkaException(refusal, error);
                }

                if (error.Error.Code != ErrorCode.Local_TimedOut || clock.Elapsed + wait > patience)
                {
                    throw new KafkaException(new Error(error.Error.Code, (_last ?? error.Error).Reason), error);
                }
            }
            catch (KafkaException error) when (IsSettling(error.Error) && clock.Elapsed < patience)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Lets a consumer report its errors: it does so only while it is polled.</summary>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <typeparam name="TValue">The type of its values.</typeparam>
    /// <param name="consumer">A consumer that has no partitions yet.</param>
    public void Hear<TKey, TValue>(IConsumer<TKey, TValue> consumer)
    {
        try
        {
            consumer.Consume(TimeSpan.Zero);
        }
        catch (ConsumeException error)
        {
            Note(error.Error);
        }
    }

    // Brokers that have just started, or have taken a group over from others.
    private static bool IsSettling(Error error) =>
        error.Code is ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable;

    // A connection that breaks off in the middle of its greetings may be that of a broker that is going down.
    private static bool IsRefusal(Error error) => error.Code switch
    {
        ErrorCode.Local_Ssl => !error.Reason.Contains("Disconnected", StringComparison.Ordinal),
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism
            or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => true,
        _ => false,
    };
}
