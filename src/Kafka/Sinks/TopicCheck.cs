using Confluent.Kafka;
using Penstock.Sinks;

namespace Penstock.Kafka.Sinks;

/// <summary>The committer of a sink whose messages are visible at once: it only sees to it that there is a topic before the first row.</summary>
internal sealed class TopicCheck(KafkaSinkSettings settings) : ISinkCommitter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public bool CanRevoke => true;

    /// <summary>Makes sure that a topic is there and the brokers answer.</summary>
    /// <exception cref="PipelineException">It is not, or not for this user.</exception>
    /// <exception cref="IOException">No broker answers.</exception>
    public static void Run(KafkaSinkSettings settings)
    {
        using var admin = new AdminClientBuilder(settings.Clients.Admin()).SetLogHandler((_, message) => settings.Clients.Log(message)).Build();
        try
        {
            var metadata = admin.GetMetadata(settings.Topic, Patience);
            if (metadata.Topics.Find(topic => topic.Topic == settings.Topic) is { Error: { IsError: true } error })
            {
                throw new KafkaException(error);
            }
        }
        catch (KafkaException error) when (error.Error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown)
        {
            throw new IOException($"{settings.Clients.Location} does not answer: {error.Error.Reason.TrimEnd('.')}. Is a broker running there, and can this machine reach it?", error);
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Explain(error, settings.Place, settings.Topic);
        }
    }

    public ValueTask ClaimAsync(SinkOwner owner, bool isKnown) => new(Task.Run(() => Run(settings)));

    public ValueTask<long?> LastCommittedAsync() => new((long?)0);

    public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared) => default;

    public ValueTask RevokeAfterAsync(long checkpoint) => default;

    public void Dispose()
    {
        // Nothing is held.
    }
}
