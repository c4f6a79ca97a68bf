using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Penstock.Hosting;

namespace Penstock;

/// <summary>Adds the health of pipelines to the health checks of a host.</summary>
public static class PipelineHealthCheckExtensions
{
    /// <summary>
    /// Reports every pipeline of the host: unhealthy when one has failed for good, degraded while one restarts, healthy else.
    /// </summary>
    /// <param name="builder">The builder of <c>AddHealthChecks()</c>.</param>
    /// <param name="name">The name of the check.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddPipelines(this IHealthChecksBuilder builder, string name = "penstock")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => new PipelineHealthCheck(services.GetServices<IPipelineMonitor>()), failureStatus: null, tags: null));
    }

    private sealed class PipelineHealthCheck(IEnumerable<IPipelineMonitor> pipelines) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var all = pipelines.Select(pipeline => pipeline.GetStatus()).ToList();
            var data = all.ToDictionary(status => status.Name, status => (object)status.State.ToString());
            if (all.Find(status => status.State == PipelineState.Failed) is { } failed)
            {
                return Task.FromResult(HealthCheckResult.Unhealthy($"Pipeline '{failed.Name}' failed: {failed.Error?.Message}", failed.Error, data));
            }

            return Task.FromResult(all.Find(status => status.State == PipelineState.Restarting) is { } restarting
                ? HealthCheckResult.Degraded($"Pipeline '{restarting.Name}' restarts: {restarting.Error?.Message}", restarting.Error, data)
                : HealthCheckResult.Healthy("Every pipeline runs, has finished, or was stopped.", data));
        }
    }
}
