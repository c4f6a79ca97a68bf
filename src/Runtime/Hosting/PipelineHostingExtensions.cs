using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock;

/// <summary>Adds pipelines to a .NET host.</summary>
public static class PipelineHostingExtensions
{
    /// <summary>Runs a pipeline in the host, configured from <c>Penstock:Pipelines:&lt;name&gt;</c>.</summary>
    /// <typeparam name="T">A class marked with <see cref="PipelineAttribute"/>.</typeparam>
    /// <param name="builder">The builder of the host.</param>
    /// <param name="name">The name of this instance, required to add the same class twice. Default: the name of the pipeline.</param>
    /// <param name="configure">Sets options in code; configuration overrides them.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">A pipeline of this name is already registered.</exception>
    public static IHostApplicationBuilder AddPipeline<T>(
        this IHostApplicationBuilder builder,
        string? name = null,
        Action<PipelineOptions>? configure = null)
        where T : class, IPipeline
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPipeline<T>(name, configure);
        return builder;
    }

    /// <summary>Runs a pipeline in the host, configured from <c>Penstock:Pipelines:&lt;name&gt;</c>.</summary>
    /// <typeparam name="T">A class marked with <see cref="PipelineAttribute"/>.</typeparam>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The name of this instance, required to add the same class twice. Default: the name of the pipeline.</param>
    /// <param name="configure">Sets options in code; configuration overrides them.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">A pipeline of this name is already registered.</exception>
    public static IServiceCollection AddPipeline<T>(
        this IServiceCollection services,
        string? name = null,
        Action<PipelineOptions>? configure = null)
        where T : class, IPipeline
    {
        ArgumentNullException.ThrowIfNull(services);
        var definition = PipelineDefinition.Of<T>();
        var registration = new PipelineRegistration(name ?? definition.Plan.Name, definition, configure);
        if (services.Any(service => service.ImplementationInstance is PipelineRegistration other && other.Name == registration.Name))
        {
            throw new ArgumentException(
                $"A pipeline named '{registration.Name}' was already added. Give each instance a name of its own.",
                nameof(name));
        }

        services.AddSingleton(registration);
        services.AddKeyedSingleton(registration.Name, (provider, _) => new PipelineService(registration, provider));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<PipelineService>(registration.Name));
        services.AddKeyedSingleton<IPipelineControl>(
            registration.Name,
            (provider, _) => provider.GetRequiredKeyedService<PipelineService>(registration.Name));
        services.AddSingleton<IPipelineControl>(provider => provider.GetRequiredKeyedService<PipelineService>(registration.Name));
        services.AddSingleton<IPipelineMonitor>(provider => provider.GetRequiredKeyedService<PipelineService>(registration.Name));

        // The shutdown timeout of the host must cover the last checkpoint of a pipeline, plus some time to close.
        services.AddOptions<HostOptions>().Configure<IServiceProvider>((options, provider) =>
            options.ShutdownTimeout =
                new[] { options.ShutdownTimeout, ShutdownTimeoutOf(registration, provider) + TimeSpan.FromSeconds(5) }.Max());
        return services;
    }

    /// <summary>
    /// Runs the host until every pipeline has finished or one has failed permanently, then stops and disposes it, as <c>RunAsync</c> does.
    /// For jobs with bounded input.
    /// </summary>
    /// <remarks>
    /// A failed pipeline does not throw here: the failure is logged, sets the exit code of the process (see
    /// <see cref="PipelineExitCodes"/>), and is part of the result.
    /// </remarks>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops the pipelines after a last checkpoint.</param>
    /// <returns>
    /// The status of each pipeline in the order of registration, with the <see cref="PipelineStatus.Error"/> of a failed one.
    /// </returns>
    /// <exception cref="InvalidOperationException">The host has no pipelines.</exception>
    public static async Task<IReadOnlyList<PipelineStatus>> RunPipelinesAsync(
        this IHost host,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            return await RunAndStopAsync(host, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Disposing is needed also because some loggers flush only then.
            await (host is IAsyncDisposable disposable ? disposable.DisposeAsync() : Dispose(host)).ConfigureAwait(false);
        }
    }

    private static async Task<IReadOnlyList<PipelineStatus>> RunAndStopAsync(IHost host, CancellationToken cancellationToken)
    {
        var pipelines = host.Services.GetServices<IHostedService>().OfType<PipelineService>().ToList();
        if (pipelines.Count == 0)
        {
            throw new InvalidOperationException(
                "The host has no pipeline to run. Call builder.AddPipeline<T>() with the class of your pipeline before builder.Build(), "
                    + "or run the host with RunAsync.");
        }

        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Services that have started are stopped in order, as they would be a moment later.
        }

        var ended = Task.WhenAll(pipelines.Select(pipeline => pipeline.Ended));
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stopped = new TaskCompletionSource();
        await using var onStopping = stopping.Register(() => stopped.TrySetResult());
        await using var onCancel = cancellationToken.Register(() => stopped.TrySetResult());
        await Task.WhenAny(ended, stopped.Task).ConfigureAwait(false);
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var pipeline in pipelines.Where(static pipeline => !pipeline.Ended.IsCompleted))
        {
            // A host that is cancelled before it starts its services does not stop them either.
            await pipeline.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return [.. pipelines.Select(pipeline => pipeline.GetStatus())];
    }

    private static ValueTask Dispose(IHost host)
    {
        host.Dispose();
        return default;
    }

    // Invalid values fail the pipeline itself; until then the default is good enough.
    private static TimeSpan ShutdownTimeoutOf(PipelineRegistration registration, IServiceProvider services)
    {
        var options = registration.ReadOptions(services.GetService<IConfiguration>(), out var wrong);
        return (wrong == null ? options : new PipelineOptions()).ShutdownTimeout;
    }
}
