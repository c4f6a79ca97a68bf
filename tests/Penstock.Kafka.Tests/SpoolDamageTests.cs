using Microsoft.Extensions.DependencyInjection;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.KafkaTestHelpers;

namespace Penstock.Kafka.Tests;

/// <summary>
/// Messages of a complete checkpoint whose commit is not confirmed are stored next to the checkpoints. A start that finds them changed
/// reports this, and makes none of them visible. If the brokers have committed them, it does not need them any more.
/// </summary>
public sealed class SpoolDamageTests
{
    private const int Rows = 1000;

    [Fact]
    public async Task Messages_that_wait_for_their_commit_and_are_not_as_they_were_are_refused()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var network = new Network();
        await using var broker = await Broker.StartAsync(network.Properties);
        var (input, output) = (await broker.CreateTopicAsync(), await broker.CreateTopicAsync());
        using var job = NewJob(network, input, output);

        // The sink is cut off before there is anything to commit. So no broker can have committed, and none can commit later for the rest
        // of the sink in this process.
        var kept = await StopInCommitAsync(job, broker, input, output, Cut);
        await RefusedAsync(static bytes => bytes[..(bytes.Length / 2)], "are damaged", " bytes instead of ");
        await RefusedAsync(static bytes => [.. bytes, 0], "are damaged", " bytes instead of ");

        // Changes a digit of the last message.
        await RefusedAsync(
            static bytes => [.. bytes.SkipLast(2), (byte)(bytes[^2] ^ 1), bytes[^1]],
            "are damaged",
            "its checksum is another one");
        await RefusedAsync(static _ => null, "are missing", "Put the file back");

        Put(kept, static bytes => bytes);
        await ResumeAsync(job, broker, output);

        Task Cut()
        {
            network.Cut();
            Produce(broker, input, Rows);
            return Task.CompletedTask;
        }

        async Task RefusedAsync(Func<byte[], byte[]?> change, string what, string how)
        {
            Put(kept, change);
            using var host = job.Build();
            await host.StartAsync();
            var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
            await Waiting.UntilAsync(
                () => monitor.GetStatus().State == PipelineState.Failed,
                () => monitor.GetStatus().LastCheckpoint is { } checkpoint
                    ? $"The pipeline was not refused, and has taken checkpoint {checkpoint.Id}."
                    : null);
            var status = monitor.GetStatus();
            Assert.Equal(0, status.Restarts);
            Assert.Contains($"of a checkpoint that is to be committed {what} in '", status.Error!.Message, StringComparison.Ordinal);
            Assert.Contains(how, status.Error.Message, StringComparison.Ordinal);
            Assert.Equal(Rows, broker.ReadAll(output).Count);
        }
    }

    [Fact]
    public async Task Messages_that_were_committed_though_no_answer_said_so_are_not_needed_again()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var network = new Network();
        await using var broker = await Broker.StartAsync(network.Properties);
        var (input, output) = (await broker.CreateTopicAsync(), await broker.CreateTopicAsync());
        using var job = NewJob(network, input, output);
        var kept = await StopInCommitAsync(job, broker, input, output, CommitWithoutAnswerAsync);
        Put(kept, static _ => null);
        await ResumeAsync(job, broker, output);

        async Task CommitWithoutAnswerAsync()
        {
            network.LoseEndsOfTransactions();
            Produce(broker, input, Rows);
            await Waiting.UntilAsync(() => broker.ReadAll(output).Count > Rows, static () => null);
            network.Cut();
        }
    }

    private static Job<ClickCounts> NewJob(Network network, string input, string output)
    {
        var job = new Job<ClickCounts>(network.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sinks:Counts:Topic"] = output,
            ["Checkpoints:Interval"] = "50ms",
        };
        job.SetKafka("Client:socket.timeout.ms", "2000");
        job.SetKafka("Producer:transaction.timeout.ms", "2000");
        return job;
    }

    /// <summary>
    /// Stops a job whose sink does not learn whether its last messages are committed. From then on, the job reaches the broker without the
    /// network path of the test.
    /// </summary>
    /// <returns>The messages that are stored next to the checkpoints.</returns>
    private static async Task<Dictionary<string, byte[]>> StopInCommitAsync(
        Job<ClickCounts> job,
        Broker broker,
        string input,
        string output,
        Func<Task> lose)
    {
        job["Sources:Clicks:Client:bootstrap.servers"] = broker.Address;
        job["ShutdownTimeout"] = "500ms";
        Produce(broker, input, Rows);
        using (var host = job.Build())
        {
            await host.StartAsync();

            // No commit is in progress. Otherwise one whose answer is lost could have taken effect although its messages are still stored.
            await PipelineWaiting.UntilAsync(host, _ => broker.ReadAll(output).Count == Rows && Spooled().Length == 0);
            await lose();
            await PipelineWaiting.UntilAsync(host, _ => job.Has("cannot commit checkpoint"));
            await host.StopAsync();
            Assert.Equal(PipelineState.StoppedWithoutCheckpoint, host.Services.GetRequiredService<IPipelineMonitor>().GetStatus().State);
        }

        job["Sinks:Counts:Client:bootstrap.servers"] = broker.Address;
        job["ShutdownTimeout"] = "30s";
        var kept = Spooled().ToDictionary(static path => path, File.ReadAllBytes);
        Assert.Contains(kept.Values, static bytes => bytes.Length > 0);
        return kept;

        string[] Spooled() => Directory.GetFiles(Path.Combine(job.Folder, "checkpoints"), "sink-*");
    }

    private static async Task ResumeAsync(Job<ClickCounts> job, Broker broker, string output)
    {
        using var host = job.Build();
        await host.StartAsync();
        await PipelineWaiting.UntilAsync(host, status => status.LastCheckpoint != null && broker.ReadAll(output).Count >= 2 * Rows);
        await host.StopAsync();
        var ended = host.Services.GetRequiredService<IPipelineMonitor>().GetStatus();
        Assert.True(ended is { State: PipelineState.Stopped, Restarts: 0 }, $"{ended}\n" + string.Join("\n", job.Logs));
        CheckCounts(broker, output, 2 * Rows);
    }

    private static void Put(Dictionary<string, byte[]> kept, Func<byte[], byte[]?> change)
    {
        foreach (var (path, bytes) in kept.Where(static file => file.Value.Length > 0))
        {
            if (change(bytes) is { } changed)
            {
                File.WriteAllBytes(path, changed);
            }
            else
            {
                File.Delete(path);
            }
        }
    }
}
