using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Penstock.Benchmarks.Kafka;

/// <summary>The messages to count, and the expected counts.</summary>
internal static class Payments
{
    private static Dictionary<string, List<CountMessage>>? _expected;

    /// <summary>The account of a message, which is its key.</summary>
    public static string AccountOf(int number) => string.Create(CultureInfo.InvariantCulture, $"account-{number * 7919L % 10_000}");

    /// <summary>A message.</summary>
    public static Message<byte[], byte[]> Message(int number)
    {
        var account = AccountOf(number);
        var value = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"account\":\"{account}\",\"amount\":{Amount(number)},\"at\":\"2026-01-01T00:00:00\",\"currency\":\"EUR\",\"place\":\"place-{number % 97}\"}}");
        return new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(account), Value = Encoding.UTF8.GetBytes(value) };
    }

    /// <summary>Reads a topic of counts to its end and compares each count with that of a plain loop over the same messages.</summary>
    /// <exception cref="InvalidOperationException">A count is wrong, missing, duplicated, or out of order.</exception>
    public static void Check(string broker, string topic, int partitions, int messages, string who)
    {
        var expected = _expected ??= Count(messages);
        var seen = new Dictionary<string, int>();
        var left = messages;
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker,
            GroupId = "check",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            IsolationLevel = IsolationLevel.ReadCommitted,
        }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, 0)));
        for (var open = partitions; open > 0;)
        {
            var found = consumer.Consume();
            if (found.IsPartitionEOF)
            {
                open--;
                continue;
            }

            var count = JsonSerializer.Deserialize(found.Message.Value, PaymentJson.Default.CountMessage);
            var index = seen.GetValueOrDefault(found.Message.Key);
            var next = expected[found.Message.Key].ElementAtOrDefault(index);
            if (count != next)
            {
                throw new InvalidOperationException(
                    $"{who}: {found.Message.Key} has {count} where {next?.ToString() ?? "nothing"} belongs.");
            }

            seen[found.Message.Key] = index + 1;
            left--;
        }

        if (left != 0)
        {
            throw new InvalidOperationException($"{who}: {left} counts are missing.");
        }
    }

    private static Dictionary<string, List<CountMessage>> Count(int messages)
    {
        var counts = new Dictionary<string, List<CountMessage>>();
        for (var number = 0; number < messages; number++)
        {
            var account = AccountOf(number);
            if (!counts.TryGetValue(account, out var own))
            {
                counts.Add(account, own = []);
            }

            own.Add(new CountMessage(own.Count + 1, (own.Count == 0 ? 0 : own[^1].Total) + Amount(number)));
        }

        return counts;
    }

    private static decimal Amount(int number) => (number % 1000) + 0.25m;
}
