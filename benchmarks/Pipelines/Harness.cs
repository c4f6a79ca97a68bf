using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Streams;
using Penstock.Tasks;

namespace Penstock.Benchmarks.Pipelines;

/// <summary>Runs pipelines for measurements.</summary>
internal static class Harness
{
    /// <summary>Runs a pipeline to its end, as a host does.</summary>
    public static void Run<T>(object rows, Action<PipelineOptions> configure, IFileSystem? files = null)
        where T : class, IPipeline => Run<T>([rows], configure, files);

    /// <summary>Runs a pipeline with several inputs to its end, as a host does.</summary>
    public static void Run<T>(object[] rows, Action<PipelineOptions> configure, IFileSystem? files = null)
        where T : class, IPipeline
    {
        var options = new PipelineOptions();
        options.Restart.Strategy = RestartStrategy.None;
        configure(options);
        var collection = new ServiceCollection();
        foreach (var input in rows)
        {
            collection.AddSingleton(input.GetType(), input);
        }

        var services = collection.BuildServiceProvider();
        var environment = new ExecutionEnvironment(T.Plan.Name, options, services, NullLogger.Instance)
        {
            Files = files
            ?? LocalFileSystem.Instance
        };
        new PipelineRunner(PipelineDefinition.Of<T>(), environment).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Creates one task of a pipeline at parallelism 1 that the caller feeds: without a source and an exchange.</summary>
    public static Subtask<TRow> Task<T, TRow>(string id, object rows)
        where T : class, IPipeline
    {
        var services = new ServiceCollection().AddSingleton(rows.GetType(), rows).BuildServiceProvider();
        var environment = new ExecutionEnvironment(T.Plan.Name, new PipelineOptions(), services, NullLogger.Instance);
        return (Subtask<TRow>)new ExecutionGraph(PipelineDefinition.Of<T>(), environment).SubtaskOf(id, 0);
    }

    /// <summary>Fills batches with rows.</summary>
    public static Batch<T>[] Batches<T>(T[] rows, int size)
    {
        var pool = new BatchPool<T>(size);
        return [.. rows.Chunk(size).Select(chunk =>
        {
            var batch = pool.Rent();
            foreach (var row in chunk)
            {
                batch.Add(in row, 0);
            }

            return batch;
        })];
    }
}
