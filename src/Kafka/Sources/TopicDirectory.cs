using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Penstock.Sources;

namespace Penstock.Kafka.Sources;

/// <summary>Finds the partitions of the topics of a source.</summary>
internal sealed class TopicDirectory(KafkaSourceSettings settings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Some brokers do not answer a question that they do not know; the ids can be done without.
    private static readonly TimeSpan IdPatience = TimeSpan.FromSeconds(3);

    /// <summary>Lists the partitions, sorted by topic and number.</summary>
    /// <exception cref="PipelineException">A topic does not exist, or is not for this user.</exception>
    /// <exception cref="TimeoutException">No broker answers.</exception>
    public IReadOnlyList<SourceSplit> List()
    {
        using var admin = new AdminClientBuilder(settings.Clients.Admin()).SetLogHandler((_, message) => settings.Clients.Log(message)).Build();
        try
        {
            var topics = settings.Pattern is { } pattern
                ? admin.GetMetadata(Patience).Topics.Where(topic => pattern.IsMatch(topic.Topic)).ToList()
                : [.. settings.Topics.Distinct().Select(topic => admin.GetMetadata(topic, Patience).Topics.First(found => found.Topic == topic))];
            foreach (var topic in topics)
            {
                if (topic.Error.IsError)
                {
                    throw Explain(new KafkaException(topic.Error), topic.Topic);
                }
            }

            var ids = IdsOf(admin, [.. topics.Select(static topic => topic.Topic)]);
            return
            [
                .. topics.OrderBy(static topic => topic.Topic, StringComparer.Ordinal).SelectMany(topic => topic.Partitions
                    .OrderBy(static partition => partition.PartitionId)
                    .Select(partition => KafkaSplit.Of(topic.Topic, partition.PartitionId, ids.GetValueOrDefault(topic.Topic, "")))),
            ];
        }
        catch (KafkaException error)
        {
            throw Explain(error, string.Join("', '", settings.Topics));
        }
    }

    private Exception Explain(KafkaException error, string topic) => error.Error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown
        ? new TimeoutException($"{settings.Place}: {settings.Clients.Location} does not answer: {error.Error.Reason.TrimEnd('.')}. Is a broker running there, and can this machine reach it?", error)
        : KafkaErrors.Explain(error, settings.Place, topic);

    // A topic that was deleted and created anew has other messages under the same offsets. Old brokers do not tell.
    private static Dictionary<string, string> IdsOf(IAdminClient admin, List<string> topics)
    {
        if (topics.Count == 0)
        {
            return [];
        }

        try
        {
            var described = admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { RequestTimeout = IdPatience }).GetAwaiter().GetResult();
            return described.TopicDescriptions.Where(static topic => !topic.Error.IsError && topic.TopicId != null).ToDictionary(static topic => topic.Name, static topic => topic.TopicId.ToString());
        }
        catch (KafkaException)
        {
            return [];
        }
    }
}
