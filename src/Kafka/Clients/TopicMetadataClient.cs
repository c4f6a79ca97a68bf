using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Penstock.Kafka;

/// <summary>Asks the brokers about topics.</summary>
internal sealed class TopicMetadataClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Some brokers do not answer a question that they do not know; what it tells can be done without.
    private static readonly TimeSpan DetailPatience = TimeSpan.FromSeconds(3);

    private readonly ClientErrorMonitor _complaints = new();
    private readonly IAdminClient _admin;

    public TopicMetadataClient(KafkaClients clients) => _admin = clients.CreateAdmin(_complaints.Note);

    /// <summary>Finds a topic.</summary>
    /// <exception cref="KafkaException">It is not there, or not for this user, or no broker answers.</exception>
    public TopicMetadata Find(string topic)
    {
        var found = _complaints.Ask(wait => _admin.GetMetadata(topic, wait), Patience).Topics.First(found => found.Topic == topic);
        return found.Error.IsError ? throw new KafkaException(found.Error) : found;
    }

    /// <summary>All topics that this user may know of.</summary>
    /// <exception cref="KafkaException">No broker answers.</exception>
    public IReadOnlyList<TopicMetadata> All() => _complaints.Ask(wait => _admin.GetMetadata(wait), Patience).Topics;

    /// <summary>What else is known of topics: their ids, and what this user may do with them.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="withPermissions">Whether to ask for what the user may do.</param>
    /// <returns>The topics of which something is known; old brokers do not tell.</returns>
    public IReadOnlyList<TopicDescription> Details(IReadOnlyCollection<string> topics, bool withPermissions)
    {
        if (topics.Count == 0)
        {
            return [];
        }

        try
        {
            var options = new DescribeTopicsOptions { RequestTimeout = DetailPatience, IncludeAuthorizedOperations = withPermissions };
            var described = _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), options).GetAwaiter().GetResult();
            return [.. described.TopicDescriptions.Where(static topic => !topic.Error.IsError)];
        }
        catch (KafkaException)
        {
            return [];
        }
    }

    public void Dispose() => _admin.Dispose();
}
