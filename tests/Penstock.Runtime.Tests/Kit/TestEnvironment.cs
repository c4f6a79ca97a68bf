using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>Creates the environment of a pipeline in a test, and runs pipelines in it.</summary>
internal static class TestEnvironment
{
    /// <summary>Creates an environment with files in memory and without a log. Tests replace what they need by <c>with</c>.</summary>
    /// <param name="name">The name of the pipeline.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="services">The services, each registered as its own type.</param>
    public static ExecutionEnvironment Create(string name, PipelineOptions? options = null, params ReadOnlySpan<object> services)
    {
        var collection = new ServiceCollection();
        foreach (var service in services)
        {
            collection.AddSingleton(service.GetType(), service);
        }

        return new ExecutionEnvironment(name, options ?? new PipelineOptions(), collection.BuildServiceProvider(), NullLogger.Instance)
        {
            Files = new MemoryFileSystem(),
        };
    }

    /// <summary>Creates a pipeline that runs as in a host: on real threads, with restarts and checkpoints as configured.</summary>
    public static PipelineRunner RunnerOf<T>(this ExecutionEnvironment environment)
        where T : class, IPipeline => new(PipelineDefinition.Of<T>(), environment);

    /// <summary>Creates the subtasks of a node, and starts none of them.</summary>
    public static ExecutionGraph GraphOf<T>(this ExecutionEnvironment environment, NodeMembership? membership = null)
        where T : class, IPipeline => new(PipelineDefinition.Of<T>(), environment, membership);
}
