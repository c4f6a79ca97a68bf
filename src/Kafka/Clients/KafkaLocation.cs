namespace Penstock.Kafka;

/// <summary>
/// A location such as <c>kafka://localhost:9092/orders</c>: one or more brokers, separated by commas, and the topic.
/// </summary>
/// <param name="Brokers">The brokers.</param>
/// <param name="Topic">The topic.</param>
internal sealed record KafkaLocation(string Brokers, string Topic)
{
    public const string Scheme = "kafka";

    private const string Prefix = Scheme + "://";

    /// <summary>Parses a location.</summary>
    /// <exception cref="PipelineException">The text is not a location.</exception>
    public static KafkaLocation Parse(string text)
    {
        var rest = text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : "";
        var slash = rest.IndexOf('/');
        return slash > 0 && slash < rest.Length - 1 && !rest.Contains('@') && rest.IndexOf('/', slash + 1) < 0
            ? new KafkaLocation(rest[..slash], rest[(slash + 1)..])
            : throw new PipelineException(
                KafkaErrorCodes.ImpossibleLocation,
                $"'{text}' is not the location of a topic, such as kafka://localhost:9092/orders. Credentials belong in the "
                    + $"configuration of the client.");
    }
}
