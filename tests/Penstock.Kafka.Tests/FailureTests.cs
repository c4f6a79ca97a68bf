using Microsoft.Extensions.DependencyInjection;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>Failures: the errors that are reported, and what continues.</summary>
public sealed class FailureTests(SharedBroker shared)
{
    [Fact]
    public async Task An_unknown_topic_is_named()
    {
        using var source = NewJob<Readings>("no-such-topic");
        var status = await source.RunAsync();
        Assert.Contains(
            "The topic 'no-such-topic' does not exist. Create it, or correct its name.",
            status.Error!.Message,
            StringComparison.Ordinal);

        using var sink = new Job<JsonSales>(shared.Broker.Address) { ["Sinks:Sales:Topic"] = "no-such-topic" };
        sink["Sources:Sales:Path"] = sink.Write("in.jsonl", []);
        Assert.Contains("The topic 'no-such-topic' does not exist.", (await sink.RunAsync()).Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AtLeastOnce")]
    [InlineData("ExactlyOnce")]
    public async Task A_message_that_is_too_long_is_found_when_it_is_written(string delivery)
    {
        var topic = await shared.Broker.CreateTopicAsync(configs: new() { ["max.message.bytes"] = "2000" });
        using var job = new Job<JsonSales>(shared.Broker.Address) { ["Sinks:Sales:Topic"] = topic, ["Sinks:Sales:Delivery"] = delivery };
        job["Sources:Sales:Path"] = job.Write(
            "in.jsonl",
            [$"{{\"shop\":\"a\",\"number\":1,\"remark\":\"{new string('x', 3000)}\",\"at\":\"2026-01-01T00:00:00Z\",\"till\":null,\"isGone\":false}}"]);
        var status = await job.RunAsync();
        Assert.Contains(
            $"is too long for topic '{topic}': max.message.bytes of the topic allows 2000",
            status.Error!.Message,
            StringComparison.Ordinal);
        Assert.Empty(shared.Broker.ReadAll(topic));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_waited_for()
    {
        using var job = new Job<ClickCopy>($"127.0.0.1:{FreePort.Find()}");
        job["Restart:MaxAttempts"] = "1";
        job.SetKafka("Client:socket.connection.setup.timeout.ms", "1000");
        using var host = job.Build();
        await host.StartAsync();
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
        await PipelineWaiting.UntilAsync(host, static status => status.Error != null);
        Assert.Contains("does not answer", monitor.GetStatus().Error!.Message, StringComparison.Ordinal);
        Assert.Contains(
            "Is a broker running there, can this machine reach it, and is it of the security.protocol that the client is set to?",
            monitor.GetStatus().Error!.Message,
            StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_broker_that_restarts_pauses_a_pipeline_and_loses_nothing()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        var input = await broker.CreateTopicAsync();
        var output = await broker.CreateTopicAsync();
        using var job = new Job<ClickCounts>(broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sinks:Counts:Topic"] = output,
            ["Checkpoints:Interval"] = "50ms"
        };
        using var host = job.Build();
        await host.StartAsync();
        KafkaTestHelpers.Produce(broker, input, 100);
        await ReachAsync(host, 100);
        broker.Kill();
        await PipelineWaiting.UntilAsync(host, _ => job.Has("no broker answers"));
        await broker.RestartAsync();
        KafkaTestHelpers.Produce(broker, input, 100);
        await ReachAsync(host, 200);
        await host.StopAsync();

        Assert.Equal(0, host.Services.GetRequiredService<IPipelineMonitor>().GetStatus().Restarts);
        Assert.True(broker.ReadAll(output).Count == 200, string.Join("\n", job.Logs));
    }

    [Fact]
    public async Task A_pipeline_stops_while_its_sink_waits_for_a_broker_that_is_gone()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        using var job = new Job<JsonSales>(broker.Address)
        {
            ["Sinks:Sales:Topic"] = await broker.CreateTopicAsync(),
            ["Sinks:Sales:Delivery"] = "AtLeastOnce",
            ["ShutdownTimeout"] = "1s",
            ["Sources:Sales:Rate"] = "2000"
        };
        job.SetKafka("Producer:queue.buffering.max.messages", "10");
        job["Sources:Sales:Path"] = job.Write(
            "in.jsonl",
            Enumerable
                .Range(0, 100_000)
                .Select(static number =>
                    $"{{\"shop\":\"a\",\"number\":{number},\"remark\":null,\"at\":\"2026-01-01T00:00:00Z\",\"till\":null,\"isGone\":false}}"));
        using var host = job.Build();
        await host.StartAsync();
        await ReachAsync(host, 100);
        broker.Kill();
        await PipelineWaiting.UntilAsync(host, _ => job.Has("no broker answers"));

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, host.Services.GetRequiredService<IPipelineMonitor>().GetStatus().State);
    }

    [Fact]
    public async Task What_the_engine_relies_on_cannot_be_configured_away()
    {
        using var job = NewJob<ClickCopy>(await shared.Broker.CreateTopicAsync(), "Clicks");
        job["Sources:Clicks:Until"] = "Latest";
        job["Sources:Clicks:Consumer:enable.auto.commit"] = "true";
        Assert.Contains(
            "the property 'enable.auto.commit' of its Consumer is set to 'true', but Penstock relies on 'false'. Leave it out.",
            (await job.RunAsync()).Error!.Message,
            StringComparison.Ordinal);

        job["Sources:Clicks:Consumer:enable.auto.commit"] = null;
        job["Sources:Clicks:Consumer:no.such.property"] = "1";
        Assert.Contains(
            "No such configuration property: \"no.such.property\"",
            (await job.RunAsync()).Error!.Message,
            StringComparison.Ordinal);

        job["Sources:Clicks:Consumer:no.such.property"] = null;
        job["Sources:Clicks:Topic"] = "misspelt";
        Assert.Contains(
            "Sources:Clicks:Topic is not an option of this source",
            (await job.RunAsync()).Error!.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Poll", "5s")]
    [InlineData("MultiLine", "false")]
    public async Task An_option_of_files_is_none_of_a_topic(string option, string value)
    {
        using var job = new Job<ClickCopy>($"127.0.0.1:{FreePort.Find()}");
        job["Sources:Clicks:" + option] = value;
        var status = await job.RunAsync();
        Assert.Contains(
            $"Sources:Clicks:{option} is set, but 'Clicks' reads no files, so it would have no effect. Remove it:",
            status.Error!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_without_a_broker_says_which_setting_is_missing()
    {
        using var job = new Job<ClickCopy>(null);
        Assert.Contains(
            "names no broker. Set Penstock:Kafka:Client:bootstrap.servers",
            (await job.RunAsync()).Error!.Message,
            StringComparison.Ordinal);
    }

    private Job<TPipeline> NewJob<TPipeline>(string topic, string source = "All")
        where TPipeline : class, Penstock.IPipeline => FileJob<TPipeline>(shared.Broker, topic, source);
}
