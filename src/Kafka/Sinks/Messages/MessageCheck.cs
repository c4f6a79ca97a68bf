using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Penstock.Connectors;

namespace Penstock.Kafka.Sinks;

/// <summary>
/// Detects messages that the topic would refuse every time: too long, without a key for a compacted topic, or with an invalid time.
/// They must be detected when they are written; otherwise their checkpoint would be complete but could never be committed.
/// </summary>
/// <param name="settings">The settings of the sink.</param>
/// <param name="context">The context of the sink.</param>
internal sealed class MessageCheck(KafkaSinkSettings settings, SinkContext context)
{
    private const int ClientDefault = 1_000_000;

    // The bytes that the protocol adds to a message: lengths, offsets, times, and the header of a batch of one message.
    private const int Overhead = 128;

    // Keys are mostly names; a longer excerpt would not make the error message clearer.
    private const int MaxKeyLength = 100;

    // Limited, because the message may have been refused for a very long value.
    private const int MaxValueLength = 4096;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // The broker uses its own clock, so a time is refused here only if it is wrong by more than the possible difference of the clocks.
    private static readonly long ClockDifference = (long)TimeSpan.FromMinutes(5).TotalMilliseconds;

    private readonly CancellationTokenSource _stop = new();
    private bool _isRead;
    private int _limit;
    private string _limitName = "";
    private bool _needsKey;
    private bool _takesTimes = true;
    private long _before = long.MaxValue;
    private long _after = long.MaxValue;
    private long _earliest = long.MinValue;
    private long _latest = long.MaxValue;

    /// <summary>Checks a message.</summary>
    /// <param name="message">The message in the encoding of <see cref="MessageBuffer"/>.</param>
    /// <exception cref="PipelineException">The topic would refuse it.</exception>
    public void Check(ReadOnlySpan<byte> message)
    {
        if (!_isRead)
        {
            Read();
        }

        var time = BinaryPrimitives.ReadInt64LittleEndian(message[sizeof(int)..]);
        var key = BinaryPrimitives.ReadInt32LittleEndian(message[MessageBuffer.HeadLength..]);
        if (message.Length + Overhead > _limit)
        {
            throw Refused(message, string.Create(
                CultureInfo.InvariantCulture,
                $"a message of {message.Length} bytes is too long for topic "
                    + $"'{settings.Topic}': {_limitName} allows {_limit}. Send less in a row, or raise it (message.max.bytes of the "
                    + $"producer, max.message.bytes of the topic)."));
        }

        if (key < 0 && _needsKey)
        {
            throw Refused(
                message,
                $"a message without a key cannot go to topic '{settings.Topic}', which is compacted (cleanup.policy): the key is null. "
                    + $"Give each row a key, or change the policy of the topic.");
        }

        if (time != MessageBuffer.NoTime && (time <= 0 || time < _earliest || time > _latest))
        {
            CheckTime(message, time);
        }
    }

    /// <summary>Returns a text that identifies the row of a message by its key.</summary>
    public static string RowOf(ReadOnlySpan<byte> message)
    {
        var cursor = new MessageCursor(message);
        cursor.Begin();
        return cursor.Next(out var key) ? $"the row with the key '{Text(key, MaxKeyLength)}'" : "a row without a key";
    }

    /// <summary>Returns a text with the value of a message, if the options allow it.</summary>
    public static string ValueOf(ReadOnlySpan<byte> message, PipelineOptions options)
    {
        var cursor = new MessageCursor(message);
        cursor.Begin();
        cursor.Next(out _);
        return options.IncludeRowText && cursor.Next(out var value) ? $" The value: {Text(value, MaxValueLength)}" : "";
    }

    /// <summary>Cancels waiting for the brokers. Can be called on any thread.</summary>
    public void Interrupt() => _stop.Cancel();

    private void CheckTime(ReadOnlySpan<byte> message, long time)
    {
        // The client interprets 0 as "now", and the protocol has special meanings for negative numbers.
        if (time <= 0)
        {
            throw Refused(message, string.Create(
                CultureInfo.InvariantCulture,
                $"{time} ms since 1970 cannot be the time of a message: Kafka's clients write the present time for 0, and brokers refuse "
                    + $"times before 1970. Correct the member with [Metadata(\"timestamp\")], or make it nullable and null where there is "
                    + $"no time."));
        }

        SetBounds();
        if (_takesTimes && (time < _earliest || time > _latest))
        {
            throw Refused(message, string.Create(
                CultureInfo.InvariantCulture,
                $"the time of a message, {time} ms since 1970, is one that topic "
                    + $"'{settings.Topic}' refuses (message.timestamp.before.max.ms and message.timestamp.after.max.ms). Correct the "
                    + $"member with [Metadata(\"timestamp\")]: it counts milliseconds. Or change these properties of the topic."));
        }
    }

    private PipelineException Refused(ReadOnlySpan<byte> message, string why) =>
        new(KafkaErrorCodes.MessageRefused, $"{settings.Place}, {RowOf(message)}: {why}{ValueOf(message, context.PipelineOptions)}");

    private static string Text(ReadOnlySpan<byte> bytes, int longest) =>
        Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, longest)]) + (bytes.Length > longest ? "…" : "");

    private void Read()
    {
        _isRead = true;
        var configured = settings.Clients.Producer([], []).GetValueOrDefault("message.max.bytes");
        (_limit, _limitName) = (int.TryParse(configured, CultureInfo.InvariantCulture, out var bytes)
            ? bytes
            : ClientDefault, "message.max.bytes of the producer");
        try
        {
            using var admin = settings.Clients.CreateAdmin(static _ => { });
            var resource = new ConfigResource { Type = ResourceType.Topic, Name = settings.Topic };
            var found = admin.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = Timeout })
                .WaitAsync(_stop.Token)
                .GetAwaiter()
                .GetResult();
            Take(found[0].Entries);
        }
        catch (KafkaException)
        {
            // The user may not have permission to read it. Then only the client's own limit is checked, and the broker refuses the rest.
        }
    }

    private void Take(Dictionary<string, ConfigEntryResult> entries)
    {
        if (Number("max.message.bytes") is { } ofTopic && ofTopic < _limit)
        {
            (_limit, _limitName) = ((int)ofTopic, "max.message.bytes of the topic");
        }

        _needsKey = Value("cleanup.policy")?.Contains("compact", StringComparison.Ordinal) == true;
        _takesTimes = Value("message.timestamp.type") != "LogAppendTime";
        _before = Number("message.timestamp.before.max.ms") ?? long.MaxValue;
        _after = Number("message.timestamp.after.max.ms") ?? long.MaxValue;
        SetBounds();

        string? Value(string name) => entries.TryGetValue(name, out var entry) ? entry.Value : null;

        long? Number(string name) => long.TryParse(Value(name), CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // The bounds depend on the clock, so they are updated before a message is refused because of them.
    private void SetBounds()
    {
        var now = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        _earliest = _before >= now ? long.MinValue : now - _before - ClockDifference;
        _latest = _after >= long.MaxValue - now - ClockDifference ? long.MaxValue : now + _after + ClockDifference;
    }
}
