using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Penstock.Connectors;
using Penstock.Kafka;

namespace Penstock;

/// <summary>
/// Configures Kafka clients in code, and allows <c>kafka://broker:9092/topic</c> as the path of a file source or file sink. Pipelines that
/// use the Kafka attributes need neither.
/// </summary>
public static class PenstockKafkaExtensions
{
    /// <summary>Sets properties of Kafka's clients for all pipelines of the host.</summary>
    /// <param name="builder">The builder of the host.</param>
    /// <param name="configure">Sets options in code; configuration (<c>Penstock:Kafka</c>) overrides them.</param>
    /// <returns>The builder.</returns>
    public static IHostApplicationBuilder AddPenstockKafka(this IHostApplicationBuilder builder, Action<KafkaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddPenstockKafka(configure);
        return builder;
    }

    /// <summary>Sets properties of Kafka's clients for all pipelines of the host.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Sets options in code; configuration (<c>Penstock:Kafka</c>) overrides them.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddPenstockKafka(this IServiceCollection services, Action<KafkaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure != null)
        {
            services.AddSingleton(new KafkaConfiguration(configure));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRowConnectorProvider, KafkaRowConnectorProvider>());
        return services;
    }
}
