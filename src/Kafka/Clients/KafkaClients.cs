using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Connectors;

namespace Penstock.Kafka;

/// <summary>
/// The configuration of the clients of one source or sink. Later settings override earlier ones: defaults, code, <c>Penstock:Kafka</c>,
/// the connector's own section, and the properties that the engine requires.
/// </summary>
internal sealed class KafkaClients
{
    private const string Section = "Penstock:Kafka";
    private const string Brokers = "bootstrap.servers";

    private readonly string _place;
    private readonly Dictionary<string, string> _client = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _consumer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _producer = new(StringComparer.Ordinal);
    private readonly ILogger _log;

    /// <summary>Reads the configuration of a connector.</summary>
    /// <param name="place">The configuration section of the connector, such as <c>Penstock:Pipelines:Shop:Sinks:Revenue</c>.</param>
    /// <param name="services">The services of the host.</param>
    /// <param name="settings">The connector's own options.</param>
    /// <param name="log">Receives the clients' messages.</param>
    /// <exception cref="PipelineException">No broker is set, or a name is misspelled.</exception>
    public KafkaClients(string place, IServiceProvider services, ConnectorSettings settings, ILogger log)
    {
        _place = place;
        _log = log;
        var options = new KafkaOptions();
        foreach (var configuration in services.GetServices<KafkaConfiguration>())
        {
            configuration.Configure(options);
        }

        Merge(_client, options.Client);
        Merge(_consumer, options.Consumer);
        Merge(_producer, options.Producer);
        Read(services.GetService<IConfiguration>()?.GetSection(Section));
        Merge(_client, ClientProperties.Of(settings.GetSection("Client"), place + ":Client"));
        Merge(_consumer, ClientProperties.Of(settings.GetSection("Consumer"), place + ":Consumer"));
        Merge(_producer, ClientProperties.Of(settings.GetSection("Producer"), place + ":Producer"));
    }

    /// <summary>The location of the brokers, for messages.</summary>
    public string Location => $"Kafka at '{_client.GetValueOrDefault(Brokers)}'";

    /// <summary>Returns the configuration of a consumer.</summary>
    /// <param name="defaults">The properties that configuration can override.</param>
    /// <param name="needed">The properties that the engine requires.</param>
    /// <exception cref="PipelineException">The configuration changes a property that the engine requires.</exception>
    public Dictionary<string, string> Consumer(Dictionary<string, string> defaults, Dictionary<string, string> needed) =>
        Config("Consumer", _consumer, defaults, needed);

    /// <summary>Returns the configuration of a producer.</summary>
    /// <param name="defaults">The properties that configuration can override.</param>
    /// <param name="needed">The properties that the engine requires.</param>
    /// <exception cref="PipelineException">The configuration changes a property that the engine requires.</exception>
    public Dictionary<string, string> Producer(Dictionary<string, string> defaults, Dictionary<string, string> needed) =>
        Config("Producer", _producer, defaults, needed);

    /// <summary>Creates an administration client.</summary>
    /// <param name="onError">Receives the errors of the client.</param>
    /// <exception cref="PipelineException">The configuration of the client is invalid.</exception>
    public IAdminClient CreateAdmin(Action<Error> onError)
    {
        try
        {
            return new AdminClientBuilder(Config("Client", [], new() { ["allow.auto.create.topics"] = "false" }, []))
                .SetLogHandler((_, message) => Log(message))
                .SetErrorHandler((_, error) => onError(error))
                .Build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            throw Wrong(error);
        }
    }

    /// <summary>Logs a message of a client.</summary>
    public void Log(LogMessage message) => _log.ClientMessage(LevelOf(message), message.Name, message.Facility, message.Message);

    /// <summary>Returns the error for a configuration that a client rejects.</summary>
    public PipelineException Wrong(Exception error) =>
        new(
            KafkaErrorCodes.ClientConfiguration,
            $"The client of '{_place}' cannot be created: {error.Message} Properties of the client stand under "
                + $"{Section} and under '{_place}', in Client, Consumer or Producer.",
            error);

    private static void Merge(Dictionary<string, string> target, IEnumerable<KeyValuePair<string, string>> source)
    {
        foreach (var (name, value) in source)
        {
            target[name] = value;
        }
    }

    // The client logs its reconnection attempts several times per second. The source or sink reports once that the brokers do not answer.
    private static LogLevel LevelOf(
        LogMessage message) => message.Facility is "FAIL" or "GETPID" or "CONFWARN" ? LogLevel.Debug : message.Level switch
        {
            SyslogLevel.Emergency or SyslogLevel.Alert or SyslogLevel.Critical or SyslogLevel.Error => LogLevel.Error,
            SyslogLevel.Warning => LogLevel.Warning,
            SyslogLevel.Notice or SyslogLevel.Info => LogLevel.Information,
            _ => LogLevel.Debug,
        };

    private void Read(IConfigurationSection? section)
    {
        foreach (var entry in section?.GetChildren() ?? [])
        {
            var target = entry.Key.ToUpperInvariant() switch
            {
                "CLIENT" => _client,
                "CONSUMER" => _consumer,
                "PRODUCER" => _producer,
                _ =>
                    throw new PipelineException(
                        KafkaErrorCodes.ClientConfiguration,
                        $"{entry.Path} is not an option of Kafka: properties of its clients stand in Client, Consumer and Producer."),
            };
            Merge(target, ClientProperties.Of(
                entry.GetChildren().Select(static child => KeyValuePair.Create(child.Key, child.Value ?? "")),
                entry.Path));
        }
    }

    private Dictionary<string, string> Config(
        string kind,
        Dictionary<string, string> own,
        Dictionary<string, string> defaults,
        Dictionary<string, string> needed)
    {
        var config = new Dictionary<string, string>(defaults, StringComparer.Ordinal);
        Merge(config, _client);
        Merge(config, own);
        foreach (var (name, value) in needed)
        {
            if (config.TryGetValue(name, out var given)
                && !given.Equals(value, StringComparison.OrdinalIgnoreCase)
                && !defaults.ContainsKey(name))
            {
                throw new PipelineException(
                    KafkaErrorCodes.ClientConfiguration,
                    $"'{_place}': the property '{name}' of its {kind} is set to '{given}', but Penstock relies on "
                        + $"'{value}'. Leave it out.");
            }

            config[name] = value;
        }

        if (!config.ContainsKey(Brokers) && !config.ContainsKey("test.mock.num.brokers"))
        {
            throw new PipelineException(
                KafkaErrorCodes.NoBroker,
                $"'{_place}' names no broker. Set {Section}:Client:{Brokers}, or {_place}:Client:{Brokers}, such as to localhost:9092.");
        }

        return config;
    }
}

/// <summary>The configuration callback that was passed to <c>AddPenstockKafka</c>.</summary>
internal sealed record KafkaConfiguration(Action<KafkaOptions> Configure);
