using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Penstock.Connectors;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// The committer of a sink whose messages are visible immediately. It only checks, before the first row, that the topic exists.
/// </summary>
internal sealed class TopicCheck(KafkaSinkSettings settings) : ISinkCommitter
{
    private readonly CancellationTokenSource _stop = new();

    public bool CanRevoke => true;

    /// <summary>Checks that the brokers answer, that the topic exists, and that the user may write to it.</summary>
    /// <exception cref="PipelineException">The topic does not exist, or the user has no permission for it.</exception>
    /// <exception cref="IOException">No broker answers.</exception>
    public static void Run(KafkaSinkSettings settings)
    {
        using var questions = new TopicMetadataClient(settings.Clients);
        try
        {
            questions.Find(settings.Topic);

            // Without this check the first message would fail, and a sink that does not wait for delivery would not notice it.
            AclOperation[] needed = settings.Delivery == KafkaDelivery.ExactlyOnce
                ? [AclOperation.Write, AclOperation.Read]
                : [AclOperation.Write];
            if (questions.Details([settings.Topic], withPermissions: true) is [{ AuthorizedOperations: { } allowed }]
                && needed.Except(allowed).Any())
            {
                throw new KafkaException(ErrorCode.TopicAuthorizationFailed);
            }
        }
        catch (KafkaException error)
        {
            throw KafkaErrors.Explain(error, settings.Use);
        }
    }

    public ValueTask ClaimAsync(SinkOwner owner, bool isKnown) => new(Task.Run(() => Run(settings)).WaitAsync(_stop.Token));

    public ValueTask<long?> LastCommittedAsync() => new((long?)0);

    public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop) => default;

    public bool CommitsDuringCheckpoints => true;

    public ValueTask RevokeAfterAsync(long checkpoint) => default;

    public void Interrupt() => _stop.Cancel();

    public void Dispose() => _stop.Cancel();
}
