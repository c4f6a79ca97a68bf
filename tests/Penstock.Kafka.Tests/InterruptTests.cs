using Microsoft.Extensions.DependencyInjection;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>The number of times that the operator still fails.</summary>
public sealed class Trouble
{
    private int _left;

    public void Set(int times) => Volatile.Write(ref _left, times);

    public void ThrowIfAny()
    {
        if (Volatile.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) >= 0)
        {
            throw new TimeoutException("The service is down.");
        }
    }
}

[Operator, KeyBy(nameof(Click.User))]
public sealed partial class FragileCount(Trouble trouble)
{
    [State] private partial ref long Count { get; }

    [Process]
    private void Add(in Click click, ref Output<UserCount> output)
    {
        trouble.ThrowIfAny();
        output.Emit(new UserCount(click.User, ++Count, click.Number));
    }
}

[Pipeline]
public sealed partial class FragileCounts
{
    [KafkaSource("clicks")]
    public partial Stream<Click> Clicks { get; }

    [Apply<FragileCount>(nameof(Clicks))]
    [KafkaSink("counts")]
    public partial Stream<UserCount> Counts { get; }
}

/// <summary>A commit that waits for brokers ends with its attempt, so that another attempt can follow.</summary>
public sealed class InterruptTests(SharedBroker shared)
{
    private const int Rows = 30;

    [Fact]
    public async Task An_operator_that_fails_while_a_commit_waits_for_brokers_restarts_the_pipeline()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        var (input, output) = (await shared.Broker.CreateTopicAsync(), await broker.CreateTopicAsync());
        var trouble = new Trouble();

        // The commit is retried until brokers answer. If nothing ends it, the process gives up after ShutdownTimeout.
        using var job = new Job<FragileCounts>(shared.Broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sinks:Counts:Topic"] = output,
            ["Sinks:Counts:Client:bootstrap.servers"] = broker.Address,
            ["Checkpoints:Interval"] = "50ms",
            ["ShutdownTimeout"] = "15s",
        };
        job.SetKafka("Client:socket.timeout.ms", "2000");
        job.SetKafka("Client:metadata.max.age.ms", "2000");
        job.SetKafka("Producer:transaction.timeout.ms", "2000");
        job.Configure = builder => builder.Services.AddSingleton(trouble);
        Produce(shared.Broker, input, Rows);
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, Rows);
        broker.Kill();
        Produce(shared.Broker, input, Rows);
        await PipelineWaiting.UntilAsync(host, _ => job.Has("cannot commit checkpoint"));
        trouble.Set(1);
        Produce(shared.Broker, input, Rows);
        await PipelineWaiting.UntilAsync(host, static status => status.Restarts > 0);

        await broker.RestartAsync();
        await ReachAsync(host, 3 * Rows);
        await host.StopAsync();
        var status = host.Services.GetRequiredService<IPipelineMonitor>().GetStatus();
        Assert.True(status is { State: PipelineState.Stopped, Rows: 3 * Rows }, $"{status}\n" + string.Join("\n", job.Logs));
        CheckCounts(broker, output, 3 * Rows);
    }
}
