using Confluent.Kafka;

namespace Penstock.Kafka;

/// <summary>Explains an error of the client, its fix, and whether a retry can succeed.</summary>
internal static class KafkaErrors
{
    // Texts by which the cause of a client error is recognized, because the client reports the cause only in its message.
    private static readonly (string Text, ErrorCode Code)[] Causes =
    [
        .. ErrorTable.All.Where(static entry => entry.Value != ErrorDecision.Passes)
            .Select(static entry => (new Error(entry.Key).Reason, entry.Key))
            .OrderByDescending(static cause => cause.Reason.Length),
    ];

    /// <summary>
    /// Returns the exception that stops the pipeline: a <see cref="PipelineException"/> if a restart would not help, otherwise one that
    /// allows a restart.
    /// </summary>
    /// <param name="error">The error of the client.</param>
    /// <param name="use">The broker resources that were used.</param>
    /// <param name="refused">The row that was refused; null if it is not known.</param>
    public static Exception Explain(KafkaException error, KafkaErrorContext use, RefusedRow? refused = null)
    {
        var reason = error.Error.Reason.TrimEnd('.');
        if (IsFinal(error.Error))
        {
            return new PipelineException(
                KafkaErrorCodes.RequestRefused,
                $"{use.Place}{(refused == null ? "" : $", {refused.Row}")}: {reason}. {Remedy(CodeOf(error.Error), use)}{refused?.Value}",
                error);
        }

        // The engine adds the name of a sink to the message.
        var place = use.IsSink ? "" : use.Place + ": ";
        return new IOException(
            IsSilence(error.Error)
                ? $"{place}{use.Location} does not answer: {reason}. Is a broker running there, can this machine reach it, and is it of "
                    + $"the security.protocol that the client is set to?"
                : $"{place}{reason} ({error.Error.Code}).",
            error);
    }

    /// <summary>Returns <c>true</c> if an error only means that there was no answer.</summary>
    public static bool IsSilence(Error error) =>
        error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown;

    /// <summary>Returns <c>true</c> if a retry cannot succeed.</summary>
    public static bool IsFinal(Error error) => ErrorTable.Of(CodeOf(error)) != ErrorDecision.Passes;

    /// <summary>Returns <c>true</c> if a message is refused and would be refused every time.</summary>
    public static bool IsRefusal(Error error) => ErrorTable.Of(CodeOf(error)) == ErrorDecision.PoisonRow;

    /// <summary>
    /// Returns <c>true</c> if an error means that a topic or partition does not exist, or that a broker does not know it yet.
    /// </summary>
    public static bool IsUnknown(Error error) =>
        error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    // Returns the code that determines the decision. For a fatal error of the client it is the code of the cause.
    private static ErrorCode CodeOf(Error error)
    {
        if (error.Code is ErrorCode.Local_GaplessGuarantee
            or ErrorCode.Local_Fatal
            or ErrorCode.Local_Inconsistent
            or ErrorCode.Local_State)
        {
            foreach (var (text, code) in Causes)
            {
                if (error.Reason.Contains(text, StringComparison.OrdinalIgnoreCase))
                {
                    return code;
                }
            }
        }

        return error.Code;
    }

    private static string Remedy(ErrorCode code, KafkaErrorContext use) => code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
            $"The topic '{use.Topic}' does not exist. Create it, or correct its name.",
        ErrorCode.TopicException => $"'{use.Topic}' is not a valid topic name. Correct it.",
        ErrorCode.TopicAuthorizationFailed when use.IsSink =>
            $"Allow the user of this client to write to the topic '{use.Topic}': the operation Write, and for the delivery ExactlyOnce "
                + $"also Read, because the marker of a sink is an offset of its topic.",
        ErrorCode.TopicAuthorizationFailed => $"Allow the user of this client to read the topic '{use.Topic}': the operation Read.",
        ErrorCode.GroupAuthorizationFailed =>
            $"Allow the user of this client to read the consumer group "
                + $"'{use.Group}': the operation Read{(use.IsSink ? ", best for all groups that begin with 'penstock-'" : "")}.",
        ErrorCode.TransactionalIdAuthorizationFailed =>
            $"Allow the user of this client to use the transactional id '{use.Group}': the operation Write, best for all that begin with "
                + $"'penstock-'. Or choose the delivery AtLeastOnce.",
        ErrorCode.ClusterAuthorizationFailed =>
            $"Allow the user of this client to write to the topic '{use.Topic}' (the operation Write); with brokers older than 2.8 also "
                + $"to write idempotently (the operation IdempotentWrite on the cluster).",
        ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication or ErrorCode.UnsupportedSaslMechanism =>
            "The broker does not accept the user: correct sasl.username, sasl.password and sasl.mechanism of the client "
                + "(Penstock:Kafka:Client).",
        ErrorCode.Local_Ssl =>
            "No secure connection can be made: set ssl.ca.location of the client (Penstock:Kafka:Client) to a PEM file with the "
                + "certificate of the authority that has signed the broker's, and where the broker asks for one, ssl.certificate.location "
                + "and ssl.key.location to the client's own.",
        ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge =>
            $"A message is too long for the topic '{use.Topic}'. Send less in a row, or raise max.message.bytes of the topic and "
                + $"message.max.bytes of the producer.{Kept(use)}",
        ErrorCode.InvalidTimestamp =>
            $"The time of a message is not one that the topic '{use.Topic}' takes. Correct the member with [Metadata(\"timestamp\")], or "
                + $"change message.timestamp.before.max.ms and message.timestamp.after.max.ms of the topic.{Kept(use)}",
        ErrorCode.InvalidRecord or ErrorCode.InvalidMsg or ErrorCode.Local_InvalidDifferentRecord =>
            $"The topic '{use.Topic}' refuses a message, and would each time. A topic with cleanup.policy=compact takes no message "
                + $"without a key: give each row a key, or change the policy of the topic.{Kept(use)}",
        _ => $"Trying again does not help ({code}): correct the properties of the client, of the topic '{use.Topic}' or of the brokers.",
    };

    private static string Kept(KafkaErrorContext use) =>
        use.IsSink && use.Group.Length > 0 ? " The messages are in the checkpoint; the next start sends them again." : "";
}

/// <summary>A row whose message was refused, for error messages.</summary>
/// <param name="Row">The text that identifies the row.</param>
/// <param name="Value">A sentence with its value; empty if the options do not allow showing it.</param>
internal sealed record RefusedRow(string Row, string Value);
