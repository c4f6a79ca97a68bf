using Microsoft.Extensions.DependencyInjection;

namespace Penstock.Tasks;

/// <summary>
/// The services of the host, for the constructors of a pipeline. The error for a missing service names the class that needs it.
/// </summary>
/// <param name="services">The services of the host.</param>
/// <param name="pipeline">The name of the pipeline.</param>
/// <param name="user">The class that needs the services, for messages.</param>
internal sealed class DiagnosticServiceProvider(IServiceProvider services, string pipeline, string user)
    : IKeyedServiceProvider, ISupportRequiredService
{
    public object? GetService(Type serviceType) => Explain(serviceType, () => services.GetService(serviceType));

    public object GetRequiredService(Type serviceType) =>
        GetService(serviceType) ?? throw Missing(serviceType, "it is not registered.", null);

    public object? GetKeyedService(Type serviceType, object? serviceKey) =>
        Explain(serviceType, () => Keyed.GetKeyedService(serviceType, serviceKey));

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        GetKeyedService(serviceType, serviceKey) ?? throw Missing(serviceType, $"it is not registered with the key '{serviceKey}'.", null);

    private IKeyedServiceProvider Keyed =>
        services as IKeyedServiceProvider ?? throw new InvalidOperationException("These services have no keys.");

    private object? Explain(Type serviceType, Func<object?> get)
    {
        try
        {
            return get();
        }
        catch (InvalidOperationException error)
        {
            // The container throws this if a dependency of the service itself is missing.
            throw Missing(serviceType, error.Message, error);
        }
    }

    private PipelineException Missing(Type serviceType, string cause, Exception? error) => new(
        ErrorCodes.ServiceMissing,
        $"Pipeline '{pipeline}': {user} needs the service {serviceType}, which is not available: {cause} Register it with the services of "
            + $"the host; in a test, pass services to PipelineTest.For.",
        error);
}
