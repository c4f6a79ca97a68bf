using System.Text;
using Confluent.Kafka;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// Passes messages to a producer without allocating. The client requires arrays of the exact length of a key or value and copies them
/// immediately, so one array per length is reused. Only very long keys and values, and headers, which are objects of the client, are
/// allocated for each message.
/// </summary>
/// <param name="producer">The producer.</param>
/// <param name="topic">The topic.</param>
/// <param name="headers">The names of the headers.</param>
/// <param name="stop">Cancels waiting for space in the client's queue.</param>
internal sealed class MessageSender(IProducer<byte[]?, byte[]?> producer, string topic, string[] headers, CancellationToken stop = default)
{
    private static readonly TimeSpan QueueWait = TimeSpan.FromMilliseconds(5);

    private readonly Message<byte[]?, byte[]?> _message = new();
    private readonly ExactArrays _keys = new();
    private readonly ExactArrays _values = new();

    /// <summary>
    /// Receives the delivery report of each message that is sent from now on; null for no reports. A report allocates several objects.
    /// </summary>
    public Action<DeliveryReport<byte[]?, byte[]?>>? Report { get; set; }

    /// <summary>Sends messages in order; waits while the client's queue is full.</summary>
    /// <param name="bytes">The messages.</param>
    /// <exception cref="KafkaException">The client refuses a message.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        var cursor = new MessageCursor(bytes);
        while (cursor.HasNext)
        {
            var time = cursor.Begin();
            _message.Timestamp = time == MessageBuffer.NoTime ? Timestamp.Default : new Timestamp(time, TimestampType.CreateTime);
            _message.Key = cursor.Next(out var key) ? _keys.Copy(key) : null;
            _message.Value = cursor.Next(out var value) ? _values.Copy(value) : null;
            _message.Headers = cursor.HasPart ? ReadHeaders(ref cursor) : null;
            Produce();
        }
    }

    private Headers ReadHeaders(ref MessageCursor cursor)
    {
        var found = new Headers();
        foreach (var name in headers)
        {
            if (cursor.Next(out var value))
            {
                found.Add(name, value.ToArray());
            }
        }

        while (cursor.HasPart)
        {
            cursor.Next(out var name);
            found.Add(Encoding.UTF8.GetString(name), cursor.Next(out var value) ? value.ToArray() : null);
        }

        return found;
    }

    private void Produce()
    {
        if (LatencyProbe.IsOn)
        {
            LatencyProbe.RecordProduced();
        }

        while (true)
        {
            try
            {
                producer.Produce(topic, _message, Report);
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> error) when (error.Error.Code == ErrorCode.Local_QueueFull)
            {
                // Backpressure: the client empties its queue meanwhile.
                stop.ThrowIfCancellationRequested();
                producer.Flush(QueueWait);
            }
        }
    }

    /// <summary>Reusable arrays, one for each length.</summary>
    private sealed class ExactArrays
    {
        private const int MaxLength = 4096;

        private readonly byte[]?[] _byLength = new byte[]?[MaxLength + 1];

        public byte[] Copy(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > MaxLength)
            {
                return bytes.ToArray();
            }

            var array = _byLength[bytes.Length] ??= new byte[bytes.Length];
            bytes.CopyTo(array);
            return array;
        }
    }
}
