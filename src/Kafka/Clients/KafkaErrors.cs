using Confluent.Kafka;

namespace Penstock.Kafka;

/// <summary>Says of an error of the client what it means and what to do, and whether trying again can help.</summary>
internal static class KafkaErrors
{
    /// <summary>Makes the exception that stops the pipeline: a <see cref="PipelineException"/> where a restart would not help, else one that allows it.</summary>
    /// <param name="error">The error of the client.</param>
    /// <param name="use">What was wanted of the brokers.</param>
    public static Exception Explain(KafkaException error, KafkaUse use)
    {
        var reason = error.Error.Reason.TrimEnd('.');
        if (Remedy(error.Error, use) is { } remedy)
        {
            return new PipelineException($"{use.Place}: {reason}. {remedy}", error);
        }

        // The engine says of a sink which one it is.
        var place = use.IsSink ? "" : use.Place + ": ";
        return new IOException(
            IsSilence(error.Error)
                ? $"{place}{use.Location} does not answer: {reason}. Is a broker running there, can this machine reach it, and is it of the security.protocol that the client is set to?"
                : $"{place}{reason} ({error.Error.Code}).",
            error);
    }

    /// <summary>Whether an error says no more than that there was no answer.</summary>
    public static bool IsSilence(Error error) => error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown;

    /// <summary>What to do about an error that does not pass by itself.</summary>
    /// <returns>A sentence; null where trying again can help.</returns>
    public static string? Remedy(Error error, KafkaUse use) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
            $"The topic '{use.Topic}' does not exist. Create it, or correct its name.",
        ErrorCode.TopicException => $"'{use.Topic}' is no name of a topic. Correct it.",
        ErrorCode.TopicAuthorizationFailed when use.IsSink =>
            $"Allow the user of this client to write to the topic '{use.Topic}': the operation Write, and for the delivery ExactlyOnce also Read, because the marker of a sink is an offset of its topic.",
        ErrorCode.TopicAuthorizationFailed => $"Allow the user of this client to read the topic '{use.Topic}': the operation Read.",
        ErrorCode.GroupAuthorizationFailed =>
            $"Allow the user of this client to read the consumer group '{use.Group}': the operation Read{(use.IsSink ? ", best for all groups that begin with 'penstock-'" : "")}.",
        ErrorCode.TransactionalIdAuthorizationFailed =>
            $"Allow the user of this client to use the transactional id '{use.Group}': the operation Write, best for all that begin with 'penstock-'. Or choose the delivery AtLeastOnce.",
        ErrorCode.ClusterAuthorizationFailed =>
            $"Allow the user of this client to write to the topic '{use.Topic}' (the operation Write); with brokers older than 2.8 also to write idempotently (the operation IdempotentWrite on the cluster).",
        ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication or ErrorCode.UnsupportedSaslMechanism =>
            "The broker does not accept the user: correct sasl.username, sasl.password and sasl.mechanism of the client (Penstock:Kafka:Client).",
        ErrorCode.Local_Ssl =>
            "No secure connection can be made: set ssl.ca.location of the client (Penstock:Kafka:Client) to a PEM file with the certificate of the authority that has signed the broker's, and where the broker asks for one, ssl.certificate.location and ssl.key.location to the client's own.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.Local_GaplessGuarantee when error.Reason.Contains("too large", StringComparison.OrdinalIgnoreCase) || error.Code != ErrorCode.Local_GaplessGuarantee =>
            $"A message is too long for the topic '{use.Topic}'. Send less in a row, or raise max.message.bytes of the topic and message.max.bytes of the producer.",
        _ => null,
    };
}
