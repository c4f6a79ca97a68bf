using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Penstock.Tests.Shared;

/// <summary>Waits for pipelines. A wait for a failed pipeline fails at once, with the error of the pipeline.</summary>
public static class PipelineWaiting
{
    /// <summary>Waits until the pipeline of a host meets a condition.</summary>
    /// <param name="host">The host, with one pipeline.</param>
    /// <param name="condition">The condition. It is not evaluated if the pipeline has failed.</param>
    /// <param name="patience">The maximum time; null for <see cref="Waiting.Patience"/>.</param>
    public static Task UntilAsync(IHost host, Func<PipelineStatus, bool> condition, TimeSpan? patience = null)
    {
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
        return Waiting.UntilAsync(
            () => monitor.GetStatus() is { State: not PipelineState.Failed } status
                && condition(status), () => EndOf(monitor.GetStatus()), patience, () => Describe(monitor.GetStatus()));
    }

    /// <summary>Waits for an effect of a pipeline that is visible elsewhere.</summary>
    /// <param name="running">Completes when the pipeline has ended.</param>
    /// <param name="condition">The condition.</param>
    public static Task UntilAsync(Task running, Func<Task<bool>> condition) => Waiting.UntilAsync(condition, () => EndOf(running));

    /// <summary>Waits for an effect of a pipeline that is visible elsewhere.</summary>
    /// <param name="running">Completes when the pipeline has ended.</param>
    /// <param name="condition">The condition.</param>
    public static Task UntilAsync(Task running, Func<bool> condition) => Waiting.UntilAsync(condition, () => EndOf(running));

    /// <summary>Waits until the pipeline of a host has failed, and returns its status.</summary>
    public static async Task<PipelineStatus> FailedAsync(IHost host)
    {
        var status = await EndedAsync(host);
        Assert.True(status.State == PipelineState.Failed, $"The pipeline is {status.State} after {status.Rows} rows and has not failed.");
        return status;
    }

    /// <summary>Waits until the pipeline of a host has ended in any way, and returns its status.</summary>
    public static async Task<PipelineStatus> EndedAsync(IHost host)
    {
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
        await Waiting.UntilAsync(() => EndOf(monitor.GetStatus()) != null, static () => null);
        return monitor.GetStatus();
    }

    private static string? EndOf(PipelineStatus status) =>
        status.State is PipelineState.Starting or PipelineState.Running or PipelineState.Restarting ? null : Describe(status);

    private static string Describe(PipelineStatus status) =>
        $"The pipeline is {status.State} after {status.Rows} rows and {status.Restarts} restarts. {status.Error}";

    private static string? EndOf(Task running) => running switch
    {
        { IsCompleted: false } => null,
        Task<IReadOnlyList<PipelineStatus>> { IsCompletedSuccessfully: true } ended => string.Join('\n', ended.Result.Select(EndOf)),
        _ => $"the pipeline has ended. {running.Exception}",
    };
}
