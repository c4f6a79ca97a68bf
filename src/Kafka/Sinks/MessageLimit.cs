using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// How long a message may be: what the client and the topic allow. A message that is too long must be found when it is written: later its
/// checkpoint is complete, and could never be committed.
/// </summary>
/// <param name="clients">The configuration of the clients.</param>
/// <param name="topic">The topic.</param>
/// <param name="place">The sink, for messages.</param>
internal sealed class MessageLimit(KafkaClients clients, string topic, string place)
{
    private const int ClientDefault = 1_000_000;

    // What the protocol adds to a message: lengths, offsets, times, and the head of a batch of one.
    private const int Overhead = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private int _limit;
    private string _property = "";

    /// <summary>Checks a message.</summary>
    /// <param name="length">Its length with all that is around it.</param>
    /// <exception cref="PipelineException">It is too long.</exception>
    public void Check(int length)
    {
        if (_limit == 0)
        {
            Read();
        }

        if (length + Overhead > _limit)
        {
            throw new PipelineException(
                $"{place}: a message of {length} bytes is too long for topic '{topic}': {_property} allows {_limit}. Send less in a row, or raise it (message.max.bytes of the producer, max.message.bytes of the topic).");
        }
    }

    private void Read()
    {
        var configured = clients.Producer([], []).GetValueOrDefault("message.max.bytes");
        (_limit, _property) = (int.TryParse(configured, CultureInfo.InvariantCulture, out var bytes) ? bytes : ClientDefault, "message.max.bytes of the producer");
        try
        {
            using var admin = clients.CreateAdmin(static _ => { });
            var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
            var found = admin.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = Patience }).GetAwaiter().GetResult();
            if (found[0].Entries.TryGetValue("max.message.bytes", out var entry) && int.TryParse(entry.Value, CultureInfo.InvariantCulture, out var ofTopic) && ofTopic < _limit)
            {
                (_limit, _property) = (ofTopic, "max.message.bytes of the topic");
            }
        }
        catch (KafkaException)
        {
            // Not everybody may ask for it; then the client's own limit has to do.
        }
    }
}
