using Confluent.Kafka;

namespace Penstock.Kafka;

/// <summary>Says of an error of the client what it means and what to do, and whether trying again can help.</summary>
internal static class KafkaErrors
{
    /// <summary>Makes the exception that stops the pipeline: a <see cref="PipelineException"/> where a restart would not help, else one that allows it.</summary>
    /// <param name="error">The error of the client.</param>
    /// <param name="place">Who met it, such as <c>Pipeline 'Shop', sink 'Revenue'</c>.</param>
    /// <param name="topic">The topic.</param>
    public static Exception Explain(KafkaException error, string place, string topic) => Remedy(error.Error, topic) is { } remedy
        ? new PipelineException($"{place}: {error.Error.Reason.TrimEnd('.')}. {remedy}", error)
        : new IOException($"{error.Error.Reason.TrimEnd('.')} ({error.Error.Code}).", error);

    /// <summary>What to do about an error that does not pass by itself.</summary>
    /// <returns>A sentence; null where trying again can help.</returns>
    public static string? Remedy(Error error, string topic) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
            $"The topic '{topic}' does not exist. Create it, or correct its name.",
        ErrorCode.TopicException => $"'{topic}' is no name of a topic. Correct it.",
        ErrorCode.TopicAuthorizationFailed => $"Allow the user of this client to use the topic '{topic}'.",
        ErrorCode.GroupAuthorizationFailed => "Allow the user of this client to read its consumer group (an access control list for groups that begin with 'penstock-' is enough for sinks).",
        ErrorCode.TransactionalIdAuthorizationFailed => "Allow the user of this client to write with transactional ids that begin with 'penstock-', or choose the delivery AtLeastOnce.",
        ErrorCode.ClusterAuthorizationFailed => "Allow the user of this client to write idempotently on this cluster.",
        ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication => "Correct the security settings of the client (security.protocol, sasl.*): the broker refuses them.",
        ErrorCode.Local_Ssl => "Correct the security settings of the client (security.protocol, ssl.*): no secure connection can be made.",
        ErrorCode.InvalidTransactionTimeout =>
            "The broker allows no transaction that lasts so long: set transaction.timeout.ms of the producer to its transaction.max.timeout.ms (15 minutes unless somebody changed it) or less, or raise that.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.Local_GaplessGuarantee when error.Reason.Contains("too large", StringComparison.OrdinalIgnoreCase) || error.Code != ErrorCode.Local_GaplessGuarantee =>
            $"A message is too long for the topic '{topic}'. Send less in a row, or raise max.message.bytes of the topic and message.max.bytes of the producer.",
        _ => null,
    };
}
