using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>Two processes of the same job, each with its own checkpoints: one of them ends, and nothing is lost or duplicated.</summary>
public sealed class ZombieTests(SharedBroker shared)
{
    private const int Rows = 12_000;

    [Fact]
    public async Task A_job_that_another_process_has_taken_over_ends_and_says_so()
    {
        var (input, output) = await TopicsAsync(shared.Broker);
        using var first = NewJob(shared.Broker.Address, input, output, isSlow: true);
        using var second = NewJob(shared.Broker.Address, input, output);
        await StopSoonAsync(first);
        first.CopyCheckpointsTo(second);
        second["Parallelism"] = "2";

        // The first process is running, but has not committed anything when the other one starts.
        first["Checkpoints:Interval"] = "3s";
        using var zombie = first.Build();
        await zombie.StartAsync();
        await PipelineWaiting.UntilAsync(zombie, static status => status.State == PipelineState.Running);
        Assert.True((await second.RunAsync()).State == PipelineState.Finished, string.Join("\n", second.Logs));

        await EndsAsync(first, zombie);
        CheckCounts(shared.Broker, output, Rows);
    }

    [Fact]
    public async Task A_process_that_comes_back_after_a_network_split_ends_and_says_so()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var network = new Network();
        await using var broker = await Broker.StartAsync(network.Properties);
        var (input, output) = await TopicsAsync(broker);
        using var first = NewJob(network.Address, input, output, isSlow: true);
        using var second = NewJob(broker.Address, input, output);

        using var zombie = first.Build();
        await zombie.StartAsync();
        await PipelineWaiting.UntilAsync(zombie, static status => status.LastCheckpoint?.Id > 5);
        network.Cut();
        await PipelineWaiting.UntilAsync(zombie, _ => first.Has("cannot commit checkpoint"));
        first.CopyCheckpointsTo(second);
        Assert.True((await second.RunAsync()).State == PipelineState.Finished, string.Join("\n", second.Logs));
        CheckCounts(broker, output, Rows);

        network.Heal();
        await EndsAsync(first, zombie);
        CheckCounts(broker, output, Rows);
    }

    [Fact]
    public async Task A_job_that_starts_from_a_savepoint_fences_the_one_that_took_it()
    {
        var (input, output) = await TopicsAsync(shared.Broker);
        using var first = NewJob(shared.Broker.Address, input, output, isSlow: true);
        using var second = NewJob(shared.Broker.Address, input, output);
        await StopSoonAsync(first);

        // It runs for long, and commits nothing meanwhile except its savepoint.
        first["Checkpoints:Interval"] = "6s";
        using var former = first.Build();
        await former.StartAsync();
        await PipelineWaiting.UntilAsync(former, static status => status.State == PipelineState.Running);
        var savepoint = await former.Services
            .GetRequiredService<IPipelineControl>()
            .TakeSavepointAsync(Path.Combine(first.Folder, "savepoint"), TestContext.Current.CancellationToken);

        second["Savepoints:StartFrom"] = savepoint.Location;
        Assert.True((await second.RunAsync()).State == PipelineState.Finished, string.Join("\n", second.Logs));
        await EndsAsync(first, former);
        CheckCounts(shared.Broker, output, Rows);
    }

    [Fact]
    public async Task A_start_that_is_refused_takes_nothing_away_from_the_process_that_is_at_work()
    {
        var (input, output) = await TopicsAsync(shared.Broker);
        using var first = NewJob(shared.Broker.Address, input, output, isSlow: true);
        using var second = NewJob(shared.Broker.Address, input, output);
        await StopSoonAsync(first);
        first.CopyCheckpointsTo(second);

        first["Sources:Clicks:Rate"] = (Rows / 4).ToString(CultureInfo.InvariantCulture);
        using var worker = first.Build();
        await worker.StartAsync();
        await PipelineWaiting.UntilAsync(worker, static status => status.Rows > Rows / 4 && status.LastCheckpoint?.Id > 5);
        var refused = await second.RunAsync();
        Assert.Equal(PipelineState.Failed, refused.State);
        Assert.Contains("already shows output of checkpoint", refused.Error!.Message, StringComparison.Ordinal);

        Assert.True((await PipelineWaiting.EndedAsync(worker)).State == PipelineState.Finished, string.Join("\n", first.Logs));
        CheckCounts(shared.Broker, output, Rows);
    }

    private static PipelineStatus Status(IHost host) => host.Services.GetRequiredService<IPipelineMonitor>().GetStatus();

    private static async Task EndsAsync(Job<ClickCounts> job, IHost host)
    {
        var status = await PipelineWaiting.EndedAsync(host);
        Assert.True(status.State == PipelineState.Failed, string.Join("\n", job.Logs));
        Assert.Contains("sink 'Counts/counts': another process has taken over the job", status.Error!.Message, StringComparison.Ordinal);
        await host.StopAsync();
    }

    private static async Task StopSoonAsync(Job<ClickCounts> job)
    {
        using var host = job.Build();
        await host.StartAsync();
        await PipelineWaiting.UntilAsync(host, static status => status.LastCheckpoint?.Id > 2);
        await host.StopAsync();
        Assert.Equal(PipelineState.Stopped, Status(host).State);
    }

    private static async Task<(string Input, string Output)> TopicsAsync(Broker broker)
    {
        var input = await broker.CreateTopicAsync();
        Produce(broker, input, Rows);
        return (input, await broker.CreateTopicAsync(2));
    }

    // A slow process does not finish before the event that the test waits for, even on a slow machine.
    private static Job<ClickCounts> NewJob(string address, string input, string output, bool isSlow = false)
    {
        var job = new Job<ClickCounts>(address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sources:Clicks:Until"] = "Latest",
            ["Sources:Clicks:Rate"] = (Rows / (isSlow ? 120 : 2)).ToString(CultureInfo.InvariantCulture),
            ["Sinks:Counts:Topic"] = output,
            ["Checkpoints:Interval"] = "50ms",
        };
        return job;
    }
}
