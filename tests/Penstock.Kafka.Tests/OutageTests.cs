using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Hosting;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.Steps;

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
/// A broker that is gone for longer than any time-out, and comes back. Until commits have failed several times, each of which waits as long as a transaction
/// may last, all time-outs have passed that are set here; with <c>PENSTOCK_TEST_OUTAGE=60</c> it is gone for a minute, and all of them are what they are by default.
/// </summary>
public sealed class OutageTests
{
    private const int Rows = 6000;
    private const int Attempts = 3;

    private static readonly int? Seconds = int.TryParse(Environment.GetEnvironmentVariable("PENSTOCK_TEST_OUTAGE"), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    [Fact]
    public async Task A_broker_that_is_gone_for_longer_than_any_timeout_is_waited_for()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        var (input, exact, atLeast) = (await broker.CreateTopicAsync(2), await broker.CreateTopicAsync(2), await broker.CreateTopicAsync(2));
        using var job = new Job<BothGuarantees>(broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sources:Clicks:Rate"] = (Rows / 4).ToString(CultureInfo.InvariantCulture),
            ["Sinks:Exact:Topic"] = exact,
            ["Sinks:AtLeast:Topic"] = atLeast,
            ["Checkpoints:Interval"] = "50ms",
        };
        if (Seconds == null)
        {
            job.SetKafka("Client:socket.timeout.ms", "2000");
            job.SetKafka("Client:metadata.max.age.ms", "2000");
            job.SetKafka("Producer:transaction.timeout.ms", "2000");
        }

        Produce(broker, input, Rows / 2);
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, Rows / 4);
        broker.Kill();
        await (Seconds is { } seconds ? Task.Delay(TimeSpan.FromSeconds(seconds)) : PipelineWaiting.UntilAsync(host, _ => job.Count("cannot commit checkpoint") >= Attempts));
        await broker.RestartAsync();
        Produce(broker, input, Rows / 2, partition: 1);
        await ReachAsync(host, Rows);
        await host.StopAsync();

        var status = host.Services.GetRequiredService<IPipelineMonitor>().GetStatus();
        Assert.True(status is { State: PipelineState.Stopped, Restarts: 0, Rows: Rows }, $"{status}\n" + string.Join("\n", job.Logs));
        CheckCounts(broker, exact, Rows);

        // No process has died, so that nothing is sent twice.
        CheckCounts(broker, atLeast, Rows);
    }
}
