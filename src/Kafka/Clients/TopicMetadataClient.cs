using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Penstock.Kafka;

/// <summary>Queries the brokers for the metadata of topics.</summary>
internal sealed class TopicMetadataClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // Some brokers do not answer requests that they do not support; the details are optional.
    private static readonly TimeSpan DescribeTimeout = TimeSpan.FromSeconds(3);

    private readonly ClientErrorMonitor _errors = new();
    private readonly IAdminClient _admin;

    public TopicMetadataClient(KafkaClients clients) => _admin = clients.CreateAdmin(_errors.Record);

    /// <summary>Finds a topic.</summary>
    /// <exception cref="KafkaException">The topic does not exist, the user has no permission for it, or no broker answers.</exception>
    public TopicMetadata Find(string topic)
    {
        var found = _errors.Query(wait => _admin.GetMetadata(topic, wait), Timeout).Topics.First(found => found.Topic == topic);
        return found.Error.IsError ? throw new KafkaException(found.Error) : found;
    }

    /// <summary>Returns all topics that are visible to this user.</summary>
    /// <exception cref="KafkaException">No broker answers.</exception>
    public IReadOnlyList<TopicMetadata> All() => _errors.Query(wait => _admin.GetMetadata(wait), Timeout).Topics;

    /// <summary>Returns details of topics: their ids, and the user's permissions.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="withPermissions"><c>true</c> to include the user's permissions.</param>
    /// <returns>The topics with known details; old brokers do not report any.</returns>
    public IReadOnlyList<TopicDescription> Details(IReadOnlyCollection<string> topics, bool withPermissions)
    {
        if (topics.Count == 0)
        {
            return [];
        }

        try
        {
            var options = new DescribeTopicsOptions { RequestTimeout = DescribeTimeout, IncludeAuthorizedOperations = withPermissions };
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
