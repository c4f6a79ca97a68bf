using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

[Pipeline]
public sealed partial class TwoClusters
{
    [KafkaSource("clicks")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountPerUser>(nameof(Clicks))]
    [KafkaSink("counts", Id = "Here")]
    [KafkaSink("counts", Id = "There")]
    public partial Stream<UserCount> Counts { get; }
}

/// <summary>A second cluster, which allows transactions of at most ninety seconds.</summary>
public sealed class StrictBroker : IAsyncLifetime
{
    private Broker? _broker;

    public Broker Broker
    {
        get
        {
            Assert.SkipUnless(_broker != null, Broker.Missing);
            return _broker!;
        }
    }

    public async ValueTask InitializeAsync() =>
        _broker = Broker.IsAvailable ? await Broker.StartAsync(static _ => ["transaction.max.timeout.ms=90000"]) : null;

    public ValueTask DisposeAsync() => _broker?.DisposeAsync() ?? default;
}

/// <summary>
/// Jobs whose behaviour depends on the clusters: the limit of transactions, and several clusters with the same checkpoints.
/// </summary>
public sealed class ClusterTests(SharedBroker shared, StrictBroker strict) : IClassFixture<StrictBroker>
{
    private const int Rows = 9000;

    [Theory]
    [InlineData(
        "10s",
        "5000",
        "its transactions may last 5000 ms (transaction.timeout.ms), but sending what an interval of 10000 ms between checkpoints brings can take as long as that. Set transaction.timeout.ms of the producer to at least the interval")]
    [InlineData(
        "20m",
        null,
        "its transactions may last 900000 ms (transaction.timeout.ms), but sending what an interval of 1200000 ms between checkpoints brings can take as long as that.")]
    [InlineData(
        "1s",
        "120000",
        "its transactions may last 120000 ms (transaction.timeout.ms), but the brokers allow less (transaction.max.timeout.ms, 15 minutes by default). Set transaction.timeout.ms of the producer to no more than that and no less than the interval between checkpoints, 1000 ms")]
    [InlineData("50s", null, "its transactions may last 100000 ms (transaction.timeout.ms), but the brokers allow less")]
    [InlineData("1s", "soon", "Invalid value for configuration property \"transaction.timeout.ms\"")]
    [InlineData("40s", null, null)]
    [InlineData("50s", "60000", null)]
    public async Task A_timeout_of_transactions_must_fit_the_interval_and_the_brokers(string interval, string? timeout, string? message)
    {
        using var job = new Job<JsonSales>(strict.Broker.Address)
        {
            ["Sinks:Sales:Topic"] = await strict.Broker.CreateTopicAsync(),
            ["Checkpoints:Interval"] = interval
        };
        job["Sources:Sales:Path"] = job.Write(
            "in.jsonl",
            ["{\"shop\":\"a\",\"number\":1,\"remark\":null,\"at\":\"2026-01-01T00:00:00Z\",\"till\":null,\"isGone\":false}"]);
        job["Sinks:Sales:Producer:transaction.timeout.ms"] = timeout;
        var status = await job.RunAsync();
        Assert.True(status.State == (message == null ? PipelineState.Finished : PipelineState.Failed), string.Join("\n", job.Logs));
        Assert.Contains(message ?? "", status.Error?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_clusters_have_the_same_rows_though_one_was_gone_when_the_process_ended(bool isFirstGone)
    {
        var input = await shared.Broker.CreateTopicAsync();
        Produce(shared.Broker, input, Rows);
        var (here, there) = isFirstGone ? (strict.Broker, shared.Broker) : (shared.Broker, strict.Broker);
        var (hereTopic, thereTopic) = (await here.CreateTopicAsync(2), await there.CreateTopicAsync(2));

        // Slow, so that this run does not finish; the next one should.
        using var job = NewJob(rate: Rows / 120);
        using var next = NewJob(rate: Rows);

        // The commit of one sink has completed, that of the other has not, and the process ends.
        using (var host = job.Build())
        {
            var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
            await host.StartAsync();
            await PipelineWaiting.UntilAsync(host, static status => status.LastCheckpoint?.Id > 3);
            strict.Broker.Kill();
            await PipelineWaiting.UntilAsync(host, _ => job.Has("cannot commit checkpoint"));
            job.CopyCheckpointsTo(next);
            await host.StopAsync();
            Assert.Equal(PipelineState.StoppedWithoutCheckpoint, monitor.GetStatus().State);
        }

        await strict.Broker.RestartAsync();
        Assert.True((await next.RunAsync()).State == PipelineState.Finished, string.Join("\n", next.Logs));
        CheckCounts(here, hereTopic, Rows);
        CheckCounts(there, thereTopic, Rows);

        Job<TwoClusters> NewJob(int rate) => new(shared.Broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sources:Clicks:Until"] = "Latest",
            ["Sources:Clicks:Rate"] = rate.ToString(CultureInfo.InvariantCulture),
            ["Sinks:Here:Topic"] = hereTopic,
            ["Sinks:Here:Client:bootstrap.servers"] = here.Address,
            ["Sinks:There:Topic"] = thereTopic,
            ["Sinks:There:Client:bootstrap.servers"] = there.Address,
            ["Checkpoints:Interval"] = "50ms",
            ["ShutdownTimeout"] = "500ms",
        };
    }
}
