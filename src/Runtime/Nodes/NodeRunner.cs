using System.Net;
using System.Net.Sockets;
using Penstock.Checkpoints;
using Penstock.Errors;
using Penstock.Network.Links;
using Penstock.Tasks;

namespace Penstock.Nodes;

/// <summary>
/// Runs a node of a job in this process, one attempt after the other, for a coordinator that may fail and return. A refused node keeps
/// trying at increasing intervals: it cannot tell whether it or the coordinator has the wrong program or checkpoints, and a coordinator may
/// be replaced while its nodes run.
/// </summary>
/// <param name="definition">The pipeline.</param>
/// <param name="environment">The environment of the node.</param>
/// <param name="coordinator">Returns the address of the coordinator, or null if it is not known yet.</param>
internal sealed class NodeRunner(PipelineDefinition definition, ExecutionEnvironment environment, Func<IPEndPoint?> coordinator)
{
    // Approximately the time after which a silent connection ends.
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="stop">Stops the node, which the coordinator treats as a failure.</param>
    /// <exception cref="StuckAttemptException">
    /// Work of an attempt does not end, so that no other attempt can run in this process.
    /// </exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var storage = CheckpointStorageResolver.OfNode(environment);
        storage.Open();
        var pause = new RetryBackoff(environment.Time, MaxPause);
        while (await ConnectAsync(stop) is { } link)
        {
            var begun = environment.Time.GetTimestamp();
            if (await RunAttemptAsync(new TaskManager(definition, environment with { Spool = storage }, link), stop))
            {
                pause.Reset();
            }
            else
            {
                await pause.WaitAsync(begun, stop);
            }
        }
    }

    private async Task<bool> RunAttemptAsync(TaskManager manager, CancellationToken stop)
    {
        using var stopped = stop.Register(manager.Close);
        await manager.AttemptEnded;
        var timeout = environment.Options.ShutdownTimeout;
        if (await Task.WhenAny(manager.Closed, Task.Delay(timeout, environment.Time, CancellationToken.None)) != manager.Closed)
        {
            throw new StuckAttemptException(
                $"Pipeline '{environment.Name}': the node cannot continue in this process because its attempt did not end within "
                    + $"{timeout} (ShutdownTimeout). Start the process again.");
        }

        return manager.IsOfJob;
    }

    private async Task<ILink?> ConnectAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (coordinator() is { } address)
                {
                    await socket.ConnectAsync(address, stop);
                    return new TcpLink(socket, $"the coordinator at {address}");
                }
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                // The coordinator is not available.
            }

            socket.Dispose();
            await RetryBackoff.WaitAsync(environment.Time, RetryBackoff.FirstPause, stop);
        }

        return null;
    }
}
