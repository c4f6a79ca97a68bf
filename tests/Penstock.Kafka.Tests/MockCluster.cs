using System.Globalization;
using Confluent.Kafka;

namespace Penstock.Kafka.Tests;

/// <summary>The mock cluster of the client: a broker in this process, without topic ids and without retention.</summary>
internal sealed class MockCluster : IDisposable
{
    private readonly IProducer<string, string> _producer = new ProducerBuilder<string, string>(new Dictionary<string, string>
    {
        ["test.mock.num.brokers"] = "1",
        ["bootstrap.servers"] = "replaced"
    }).Build();

    public MockCluster()
    {
        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        var broker = admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers[0];
        Address = string.Create(CultureInfo.InvariantCulture, $"{broker.Host}:{broker.Port}");
    }

    public string Address { get; }

    /// <summary>Sends numbered clicks to all partitions.</summary>
    public void Produce(string topic, int count) => Produce(new TopicPartition(topic, Partition.Any), count);

    /// <summary>Sends numbered clicks to a partition.</summary>
    public void Produce(TopicPartition partition, int count) => Produce(partition, [.. Enumerable.Range(0, count).Select(Click)]);

    /// <summary>Sends values.</summary>
    public void Produce(TopicPartition partition, params string[] values)
    {
        foreach (var (number, value) in values.Index())
        {
            _producer.Produce(partition, new Message<string, string> { Key = "u" + (number % 13), Value = value });
        }

        _producer.Flush();
    }

    public void Dispose() => _producer.Dispose();

    private static string Click(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number},\"at\":\"2026-01-01T00:00:00Z\"}}");
}
