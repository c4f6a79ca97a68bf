using System.Globalization;
using Confluent.Kafka;

namespace Penstock.Kafka.Sinks;

/// <summary>How long the transaction of a checkpoint may last.</summary>
/// <remarks>
/// It begins when the checkpoint is complete, and lasts as long as its messages take to be sent: no longer than they took to be made, which
/// is the interval, and nothing else of the pipeline counts. Downtime does not: a transaction that was interrupted is done once more.
/// </remarks>
internal static class TransactionTimeout
{
    private const string Property = "transaction.timeout.ms";

    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    // The default of brokers.
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);

    /// <summary>The default for an interval, in milliseconds.</summary>
    public static string For(TimeSpan interval)
    {
        var twice = interval * 2;
        var timeout = twice < Least ? Least : twice > Most ? Most : twice;
        return timeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);
    }

    /// <summary>How long transactions may last, as configured or by default.</summary>
    public static TimeSpan Of(KafkaSinkSettings settings, TimeSpan interval)
    {
        var configured = settings.Clients.Producer(new() { [Property] = For(interval) }, []).GetValueOrDefault(Property);

        // What is no number the client itself refuses.
        return TimeSpan.FromMilliseconds(long.TryParse(configured, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : long.Parse(For(interval), CultureInfo.InvariantCulture));
    }

    /// <summary>Checks what is configured.</summary>
    /// <exception cref="PipelineException">It is shorter than the interval.</exception>
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

    /// <summary>What to say where the brokers do not allow it.</summary>
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
