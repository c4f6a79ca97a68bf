using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Penstock.Tests.Shared;

/// <summary>
/// A real Kafka broker, which a test may kill and start again: the command in <c>PENSTOCK_TEST_KAFKA</c>. It is called with <c>--data
/// FOLDER --port PORT</c>, and with <c>--override KEY=VALUE</c> for each server property that a test sets. The process of the command must
/// be the broker itself.
/// </summary>
public sealed class Broker : IAsyncDisposable
{
    public const string Missing = "PENSTOCK_TEST_KAFKA does not name a command that starts a Kafka broker.";

    // Tests write messages with old timestamps. By default a broker deletes them half a minute after its start.
    private const string KeepMessages = "log.retention.ms=-1";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("penstock-kafka-").FullName;
    private readonly Func<int, IEnumerable<string>> _overrides;
    private int _port;
    private Process? _process;

    private Broker(Func<int, IEnumerable<string>> overrides) => _overrides = overrides;

    public static bool IsAvailable => Command != null;

    public string Address => $"127.0.0.1:{_port}";

    private static string? Command => Environment.GetEnvironmentVariable("PENSTOCK_TEST_KAFKA") is { Length: > 0 } command ? command : null;

    /// <summary>Starts a broker.</summary>
    /// <param name="overrides">
    /// Returns properties of the server for its port, such as <c>transaction.max.timeout.ms=60000</c>; null for no changes.
    /// </param>
    /// <exception cref="InvalidOperationException">No broker can be started.</exception>
    public static async Task<Broker> StartAsync(Func<int, IEnumerable<string>>? overrides = null)
    {
        if (!IsAvailable)
        {
            throw new InvalidOperationException(Missing);
        }

        var broker = new Broker(overrides ?? (static _ => []));

        // Another process that looks for a free port at the same time may get the same one.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            broker._port = FreePort.Find();
            if (await broker.TryStartAsync())
            {
                return broker;
            }
        }

        throw new TimeoutException($"'{Command}' does not serve.");
    }

    /// <summary>Kills the broker, as a power switch does.</summary>
    public void Kill()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts the broker again, with its data and its port.</summary>
    public async Task RestartAsync()
    {
        if (!await TryStartAsync())
        {
            throw new TimeoutException("The broker does not come back.");
        }
    }

    /// <summary>Creates a topic with a unique name.</summary>
    public async Task<string> CreateTopicAsync(int partitions = 1, Dictionary<string, string>? configs = null)
    {
        var name = $"t-{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Address }).Build();
        await admin.CreateTopicsAsync([
            new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }
        ]);
        return name;
    }

    /// <summary>Returns all visible messages of a topic, partition by partition.</summary>
    public IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> ReadAll(string topic, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = Address,
            GroupId = "test-reader",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            EnablePartitionEof = true,
            IsolationLevel = isolation,
        }).SetKeyDeserializer(Nullable.Instance).SetValueDeserializer(Nullable.Instance).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Timeout).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var found = new List<ConsumeResult<byte[]?, byte[]?>>();
        for (var open = partitions; open > 0;)
        {
            var next = consumer.Consume(Timeout) ?? throw new TimeoutException("The broker does not answer.");
            if (next.IsPartitionEOF)
            {
                open--;
            }
            else
            {
                found.Add(next);
            }
        }

        return [.. found.OrderBy(message => message.Partition.Value).ThenBy(message => message.Offset.Value)];
    }

    /// <summary>
    /// Returns the end of the only partition of a topic, with messages that are not visible yet. It also returns while messages are
    /// sent all the time; <see cref="ReadAll"/> does not.
    /// </summary>
    public long EndOf(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Address, GroupId = "test-reader" })
            .Build();
        return consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), Timeout).High.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process != null)
        {
            Kill();
        }

        await Task.Run(() => Directory.Delete(_data, recursive: true));
    }

    private async Task<bool> TryStartAsync()
    {
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var properties = _overrides(_port).Prepend(KeepMessages).SelectMany(static property => (string[])["--override", property]);
        var start = new ProcessStartInfo(Command!, ["--data", _data, "--port", _port.ToString(CultureInfo.InvariantCulture), .. properties])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KAFKA_HEAP"] = "512m";
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Look(line.Data);
        _process.ErrorDataReceived += (_, line) => Look(line.Data);
        _process.Exited += (_, _) => started.TrySetResult(false);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (await started.Task.WaitAsync(Timeout))
        {
            return true;
        }

        _process.Dispose();
        _process = null;
        return false;

        void Look(string? line)
        {
            if (line?.Contains("Kafka Server started", StringComparison.Ordinal) == true)
            {
                started.TrySetResult(true);
            }
        }
    }

    private sealed class Nullable : IDeserializer<byte[]?>
    {
        public static readonly Nullable Instance = new();

        public byte[]? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) => isNull ? null : data.ToArray();
    }
}
