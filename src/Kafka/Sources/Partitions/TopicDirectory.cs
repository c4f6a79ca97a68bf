using Confluent.Kafka;
using Penstock.Connectors;

namespace Penstock.Kafka.Sources;

/// <summary>Finds the partitions of the topics of a source.</summary>
internal sealed class TopicDirectory(KafkaSourceSettings settings)
{
    /// <summary>Lists the partitions, sorted by topic and number.</summary>
    /// <exception cref="PipelineException">A topic does not exist, or the user has no permission for it.</exception>
    /// <exception cref="IOException">No broker answers.</exception>
    public IReadOnlyList<SourceSplit> List()
    {
        using var questions = new TopicMetadataClient(settings.Clients);
        List<TopicMetadata> topics = settings.Pattern is { } pattern
            ? [.. Try(questions.All, settings.Use).Where(topic => pattern.IsMatch(topic.Topic) && !IsInternal(topic.Topic))]
            : [.. settings.Topics.Distinct().Select(topic => Try(() => questions.Find(topic), settings.Use with { Topic = topic }))];

        // A topic that was deleted and recreated has different messages at the same offsets.
        var ids = questions.Details([.. topics.Select(static topic => topic.Topic)], withPermissions: false)
            .Where(static topic => topic.TopicId != null)
            .ToDictionary(static topic => topic.Name, static topic => topic.TopicId.ToString());
        return
        [
            .. topics.OrderBy(static topic => topic.Topic, StringComparer.Ordinal).SelectMany(topic => topic.Partitions
                .OrderBy(static partition => partition.PartitionId)
                .Select(partition => KafkaSplit.Of(topic.Topic, partition.PartitionId, ids.GetValueOrDefault(topic.Topic, "")))),
        ];
    }

    // Brokers keep offsets, transactions and other internal data in topics. Such a topic is read only if it is listed by name.
    private static bool IsInternal(string topic) =>
        topic is "__consumer_offsets" or "__transaction_state" or "__share_group_state" or "__cluster_metadata";

    private static T Try<T>(Func<T> ask, KafkaErrorContext use)
    {
        try
        {
            return ask();
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Explain(error, use);
        }
    }
}
