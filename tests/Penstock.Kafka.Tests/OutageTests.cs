using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

[Pipeline]
public sealed partial class BothGuarantees
{
    [KafkaSource("clicks")]
    [EventTime(nameof(Click.At), MaxDelay = "1s", Idle = "1s")]
    public partial Stream<Click> Clicks { get; }

    [Apply<CountPerUser>(nameof(Clicks))]
    [KafkaSink("counts", Id = "Exact")]
    [KafkaSink("counts", Id = "AtLeast", Delivery = KafkaDelivery.AtLeastOnce)]
    public partial Stream<UserCount> Counts { get; }
}

/// <summary>
/// A broker that is down for longer than any timeout, and returns. The timeouts are short here, and the broker is down three times as long;
/// with <c>PENSTOCK_TEST_OUTAGE=60</c> they are the defaults, and it is down for a minute.
/// </summary>
public sealed class OutageTests
{
    private const int Rows = 6000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);
    private static readonly int? Seconds = int.TryParse(
        Environment.GetEnvironmentVariable("PENSTOCK_TEST_OUTAGE"),
        CultureInfo.InvariantCulture,
        out var seconds) ? seconds : null;

    /// <param name="rate">
    /// The rows per second. At a low rate most rows have reached the broker before it goes down: the next checkpoint completes, and its
    /// commit fails repeatedly. At a high rate the at-least-once sink still has unsent rows: the checkpoint waits for them, and no commit
    /// begins.
    /// </param>
    /// <param name="reached">The number of rows that are read before the broker goes down.</param>
    [Theory]
    [InlineData(Rows / 4, Rows / 4)]
    [InlineData(Rows * 100, 1)]
    public async Task A_broker_that_is_gone_for_longer_than_any_timeout_is_waited_for(int rate, int reached)
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        var (input, exact, atLeast) = (
            await broker.CreateTopicAsync(2),
            await broker.CreateTopicAsync(2),
            await broker.CreateTopicAsync(2));
        using var job = new Job<BothGuarantees>(broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sources:Clicks:Rate"] = rate.ToString(CultureInfo.InvariantCulture),
            ["Sinks:Exact:Topic"] = exact,
            ["Sinks:AtLeast:Topic"] = atLeast,
            ["Checkpoints:Interval"] = "50ms",
        };
        if (Seconds == null)
        {
            var timeout = Timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
            job.SetKafka("Client:socket.timeout.ms", timeout);
            job.SetKafka("Client:metadata.max.age.ms", timeout);
            job.SetKafka("Producer:transaction.timeout.ms", timeout);
        }

        Produce(broker, input, Rows / 2);
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, reached);
        broker.Kill();
        var (outage, gone) = (Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout * 3, Stopwatch.StartNew());
        await PipelineWaiting.UntilAsync(host, _ => gone.Elapsed >= outage && job.Has("no broker answers"));
        await broker.RestartAsync();
        Produce(broker, input, Rows / 2, partition: 1);
        await ReachAsync(host, Rows);
        await host.StopAsync();

        var status = host.Services.GetRequiredService<IPipelineMonitor>().GetStatus();
        Assert.True(status is { State: PipelineState.Stopped, Restarts: 0, Rows: Rows }, $"{status}\n" + string.Join("\n", job.Logs));
        CheckCounts(broker, exact, Rows);

        // No process has died, so nothing is sent twice.
        CheckCounts(broker, atLeast, Rows);
    }
}
