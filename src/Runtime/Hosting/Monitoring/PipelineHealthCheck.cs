using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Penstock;

/// <summary>Adds the health of pipelines to the health checks of a host.</summary>
public static class PipelineHealthCheckExtensions
{
    /// <summary>
    /// Reports the worst <see cref="PipelineStatus.Health"/> of all pipelines of the host. <see cref="HealthOptions"/> sets when a pipeline
    /// is degraded or unhealthy. A host without pipelines is unhealthy.
    /// </summary>
    /// <param name="builder">The builder returned by <c>AddHealthChecks()</c>.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">The tags by which endpoints of the host select the check.</param>
    /// <returns>The builder.</returns>
    public static IHealthChecksBuilder AddPipelines(
        this IHealthChecksBuilder builder,
        string name = "penstock",
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, services => new PipelineHealthCheck(services.GetServices<IPipelineMonitor>()), failureStatus: null, tags));
    }

    private sealed class PipelineHealthCheck(IEnumerable<IPipelineMonitor> pipelines) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var all = pipelines.Select(pipeline => pipeline.GetStatus()).ToList();
            if (all.Count == 0)
            {
                return Task.FromResult(HealthCheckResult.Unhealthy(
                    "No pipeline was added: call AddPipeline<T>() with the class of your pipeline before the host is built."));
            }

            var data = all.ToDictionary(status => status.Name, status => (object)status.State.ToString());
            var worst = all.MaxBy(static status => status.Health)!;
            var description = string.Join(" ", all
                .Where(static status => status.HealthReason != null)
                .Select(status => $"Pipeline '{status.Name}': {status.HealthReason}"));
            return Task.FromResult(worst.Health switch
            {
                PipelineHealth.Unhealthy => HealthCheckResult.Unhealthy(description, worst.Error, data),
                PipelineHealth.Degraded => HealthCheckResult.Degraded(description, worst.Error, data),
                PipelineHealth.Healthy => HealthCheckResult.Healthy("Every pipeline runs, has finished, or was stopped.", data),
                var health => throw new InvalidOperationException($"Unknown health of a pipeline: {health}."),
            });
        }
    }
}
