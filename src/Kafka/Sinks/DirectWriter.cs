using System.Globalization;
using Confluent.Kafka;
using Penstock.Connectors;
using Penstock.Formats;

namespace Penstock.Kafka.Sinks;

/// <summary>Sends the messages of one subtask immediately.</summary>
/// <remarks>
/// No delivery report per message is needed to confirm that all messages before a barrier have arrived. The producer is idempotent and
/// never drops a message. If a broker permanently refuses one, the client has a fatal error ("gapless guarantee"); an empty queue without
/// such an error means that all messages have arrived.
/// </remarks>
internal sealed class DirectWriter<T, TWriter> : ISinkWriter<T>
    where TWriter : struct, IMessageWriter<T>
{
    private const int BufferSize = 16 * 1024;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CauseWait = TimeSpan.FromSeconds(5);

    private readonly KafkaSinkSettings _settings;
    private readonly SinkContext _context;
    private readonly MessageCheck _check;
    private readonly ClientName _client;
    private readonly Utf8Buffer _buffer = new(BufferSize * 2);
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly MessageSender _sender;
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _failed = new();
    private Task _flushing = Task.CompletedTask;
    private volatile Error? _fatal;

    public DirectWriter(KafkaSinkSettings settings, SinkContext context, MessageCheck check)
    {
        _settings = settings;
        _context = context;
        _check = check;
        _client = settings.Client with { Subtask = context.Subtask };
        _producer = settings.CreateProducer(_client, Defaults(settings), Needed(settings), OnError);
        _sender = new MessageSender(_producer, settings.Topic, TWriter.Headers, _stop.Token);
    }

    public void Write(Batch<T> batch, long checkpoint)
    {
        ThrowIfFailed();

        // Messages after a barrier must not overtake those before it, or keep the queue from becoming empty.
        if (!_flushing.IsCompletedSuccessfully)
        {
            _flushing.GetAwaiter().GetResult();
        }

        for (var i = 0; i < batch.Count; i++)
        {
            _check.Check(MessageBuffer<T, TWriter>.Append(_buffer, batch, i));
            if (_buffer.Length >= BufferSize)
            {
                Send();
            }
        }

        Send();
    }

    public ValueTask<byte[]> PrepareAsync(long checkpoint)
    {
        if (_settings.Delivery == KafkaDelivery.None)
        {
            return new([]);
        }

        _flushing = Task.Run(Flush);
        return new(PreparedAfter(_flushing));
    }

    public void Interrupt()
    {
        _stop.Cancel();
        _check.Interrupt();
    }

    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_flushing).AsyncWaitHandle.WaitOne();
        _producer.Dispose();
        KafkaMetrics.Forget(_client);
        _buffer.Dispose();
        _stop.Dispose();
        _failed.Dispose();
    }

    private static Dictionary<string, string> Defaults(KafkaSinkSettings settings) => settings.Delivery == KafkaDelivery.None
        ? new() { ["partitioner"] = KafkaSinkSettings.Partitioner, ["acks"] = "1" }
        : new() { ["partitioner"] = KafkaSinkSettings.Partitioner };

    private static Dictionary<string, string> Needed(KafkaSinkSettings settings) => settings.Delivery == KafkaDelivery.None
        ? []
        : new() { ["enable.idempotence"] = "true", ["enable.gapless.guarantee"] = "true", ["message.timeout.ms"] = "0" };

    private static async Task<byte[]> PreparedAfter(Task flushing)
    {
        await flushing.ConfigureAwait(false);
        return [];
    }

    private void Send()
    {
        try
        {
            _sender.Send(_buffer.Written);
        }
        catch (KafkaException error)
        {
            // After a fatal error the client refuses all messages without the cause. Another thread reports the cause, possibly later.
            if (error.Error.Code is ErrorCode.Local_GaplessGuarantee or ErrorCode.Local_Fatal)
            {
                _failed.Wait(CauseWait, _stop.Token);
            }

            ThrowIfFailed();
            throw KafkaErrors.Explain(error, _settings.Use);
        }

        _buffer.Clear();
    }

    private void Flush()
    {
        while (_producer.Flush(Slice) > 0)
        {
            ThrowIfFailed();
            _stop.Token.ThrowIfCancellationRequested();
        }

        ThrowIfFailed();
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            _fatal = error;
            _failed.Set();
        }
        else if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            _context.Log.BrokersLost(_settings.Place, string.Create(CultureInfo.InvariantCulture, $"{error.Reason}."));
        }
        else if (_settings.Delivery == KafkaDelivery.None && error.Code != ErrorCode.Local_Transport)
        {
            _context.Log.MessagesLost(
                _context.PipelineName,
                _context.Id,
                _settings.Topic,
                string.Create(CultureInfo.InvariantCulture, $"{error.Reason}."));
        }
    }

    private void ThrowIfFailed()
    {
        if (_fatal is { } error)
        {
            throw KafkaErrors.Explain(new KafkaException(error), _settings.Use);
        }
    }
}
