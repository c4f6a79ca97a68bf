using System.Globalization;
using Confluent.Kafka;

namespace Penstock.Kafka.Sinks;

/// <summary>The timeout of the transaction of a checkpoint.</summary>
/// <remarks>
/// A transaction begins when its checkpoint is complete, and lasts until its messages are sent. This takes no longer than producing them,
/// which takes one checkpoint interval. Downtime does not count, because an interrupted transaction is repeated.
/// </remarks>
internal static class TransactionTimeout
{
    private const string Property = "transaction.timeout.ms";

    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    // The brokers' default for the maximum timeout.
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);

    /// <summary>Returns the default timeout for a checkpoint interval, in milliseconds, as text.</summary>
    public static string For(TimeSpan interval)
    {
        var twice = interval * 2;
        var timeout = twice < Least ? Least : twice > Most ? Most : twice;
        return timeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
    }

    /// <summary>Returns the configured or default timeout.</summary>
    public static TimeSpan Of(KafkaSinkSettings settings, TimeSpan interval)
    {
        var configured = settings.Clients.Producer(new() { [Property] = For(interval) }, []).GetValueOrDefault(Property);

        // The client itself refuses text that is not a number.
        return TimeSpan.FromMilliseconds(long.TryParse(configured, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : long.Parse(For(interval), CultureInfo.InvariantCulture));
    }

    /// <summary>Checks the configured timeout.</summary>
    /// <exception cref="PipelineException">The timeout is shorter than the interval.</exception>
    public static void Check(KafkaSinkSettings settings, TimeSpan interval)
    {
        var timeout = Of(settings, interval);
        if (timeout < interval)
        {
            throw new PipelineException(KafkaErrorCodes.TransactionTimeout, string.Create(
                CultureInfo.InvariantCulture,
                $"{settings.Place}: its transactions may last {timeout.TotalMilliseconds:F0} ms ({Property}), but sending what an "
                    + $"interval of {interval.TotalMilliseconds:F0} ms between checkpoints brings can take as long as that. Set "
                    + $"{Property} of the producer to at least the interval, and transaction.max.timeout.ms of the brokers to no less, or "
                    + $"shorten Checkpoints:Interval."));
        }
    }

    /// <summary>Returns the error for a timeout that the brokers do not allow.</summary>
    public static PipelineException TooLong(KafkaSinkSettings settings, TimeSpan interval, KafkaException cause) => new(
        KafkaErrorCodes.TransactionTimeout,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{settings.Place}: its transactions may last "
                + $"{Of(settings, interval).TotalMilliseconds:F0} ms ({Property}), but the brokers allow less "
                + $"(transaction.max.timeout.ms, 15 minutes by default). Set {Property} of the producer to no more than that and no less "
                + $"than the interval between checkpoints, {interval.TotalMilliseconds:F0} ms, or raise transaction.max.timeout.ms of the "
                + $"brokers."),
        cause);
}
