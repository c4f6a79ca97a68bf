using Microsoft.Extensions.DependencyInjection;
using Penstock.Hosting;
using Penstock.Tests.Shared;
using static Penstock.Kafka.Tests.Steps;

namespace Penstock.Kafka.Tests;

/// <summary>Messages of a complete checkpoint that was not committed lie beside the checkpoints. A start that finds them changed says so, and shows none of them.</summary>
public sealed class SpoolDamageTests(SharedBroker shared)
{
    private const int Rows = 2000;

    [Fact]
    public async Task Messages_that_wait_for_their_commit_and_are_not_as_they_were_are_refused()
    {
        Assert.SkipUnless(Broker.IsAvailable, Broker.Missing);
        await using var broker = await Broker.StartAsync();
        var (input, output) = (await shared.Broker.CreateTopicAsync(), await broker.CreateTopicAsync());
        Produce(shared.Broker, input, Rows);
        using var job = new Job<ClickCounts>(shared.Broker.Address)
        {
            ["Sources:Clicks:Topics"] = input,
            ["Sources:Clicks:Until"] = "Latest",
            ["Sources:Clicks:Rate"] = "40",
            ["Sinks:Counts:Topic"] = output,
            ["Sinks:Counts:Client:bootstrap.servers"] = broker.Address,
            ["Checkpoints:Interval"] = "50ms",
            ["ShutdownTimeout"] = "500ms",
        };
        job.SetKafka("Client:socket.timeout.ms", "2000");
        job.SetKafka("Producer:transaction.timeout.ms", "2000");
        using (var host = job.Build())
        {
            await host.StartAsync();
            await PipelineWaiting.UntilAsync(host, static status => status.LastCheckpoint?.Id > 3);
            broker.Kill();
            await PipelineWaiting.UntilAsync(host, _ => job.Has("cannot commit checkpoint"));
            await host.StopAsync();
            Assert.Equal(PipelineState.StoppedWithoutCheckpoint, host.Services.GetRequiredService<IPipelineMonitor>().GetStatus().State);
        }

        await broker.RestartAsync();
        var visible = broker.ReadAll(output).Count;
        var kept = Directory.GetFiles(Path.Combine(job.Folder, "checkpoints"), "sink-*").ToDictionary(static path => path, File.ReadAllBytes);
        Assert.Contains(kept.Values, static bytes => bytes.Length > 0);
        job["Sources:Clicks:Rate"] = "1000000";
        await RefusedAsync(static bytes => bytes[..(bytes.Length / 2)], "are damaged", " bytes instead of ");
        await RefusedAsync(static bytes => [.. bytes, 0], "are damaged", " bytes instead of ");

        // A digit of the last message is another one.
        await RefusedAsync(static bytes => [.. bytes.SkipLast(2), (byte)(bytes[^2] ^ 1), bytes[^1]], "are damaged", "its checksum is another one");
        await RefusedAsync(static _ => null, "are missing", "Put the file back");

        Put(static bytes => bytes);
        Assert.True((await job.RunAsync()).State == PipelineState.Finished, string.Join("\n", job.Logs));
        CheckCounts(broker, output, Rows);

        async Task RefusedAsync(Func<byte[], byte[]?> change, string what, string how)
        {
            Put(change);
            var status = await job.RunAsync();
            Assert.Equal((PipelineState.Failed, 0), (status.State, status.Restarts));
            Assert.Contains($"of a checkpoint that is to be committed {what} in '", status.Error!.Message, StringComparison.Ordinal);
            Assert.Contains(how, status.Error.Message, StringComparison.Ordinal);
            Assert.Equal(visible, broker.ReadAll(output).Count);
        }

        void Put(Func<byte[], byte[]?> change)
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
}
