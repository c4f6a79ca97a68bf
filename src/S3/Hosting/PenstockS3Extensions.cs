using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Penstock.Connectors;
using Penstock.S3;

namespace Penstock;

/// <summary>Enables the pipelines of a host to read and write objects in S3, and to store their checkpoints there.</summary>
public static class PenstockS3Extensions
{
    /// <summary>
    /// Allows <c>s3://bucket/prefix</c> as <c>Checkpoints:Path</c> and as the path of file sources and file sinks. If an
    /// <c>IAmazonS3</c> is registered as a service, it is used unchanged; otherwise a client is created from the options.
    /// </summary>
    /// <param name="builder">The builder of the host.</param>
    /// <param name="configure">Sets options in code; configuration (<c>Penstock:S3</c>) overrides them.</param>
    /// <returns>The builder.</returns>
    public static IHostApplicationBuilder AddPenstockS3(this IHostApplicationBuilder builder, Action<S3Options>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPenstockS3(configure);
        return builder;
    }

    /// <summary>
    /// Allows <c>s3://bucket/prefix</c> as <c>Checkpoints:Path</c> and as the path of file sources and file sinks. If an
    /// <c>IAmazonS3</c> is registered as a service, it is used unchanged; otherwise a client is created from the options.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets options in code; configuration (<c>Penstock:S3</c>) overrides them.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddPenstockS3(this IServiceCollection services, Action<S3Options>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure != null)
        {
            services.AddSingleton(new S3Configuration(configure));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICheckpointStorageProvider, S3CheckpointStorageProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRowConnectorProvider, S3RowConnectorProvider>());
        return services;
    }
}
