using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Tests.Shared;

namespace Penstock.Kafka.Tests;

/// <summary>Runs pipelines in hosts, in a separate folder for each test.</summary>
internal sealed class Job<TPipeline> : IDisposable
    where TPipeline : class, IPipeline
{
    private const int MostRestarts = 5;

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string?> _settings = [];
    private readonly List<BackgroundService> _services = [];
    private readonly string _name = TPipeline.Plan.Name;

    public Job(string? broker)
    {
        if (broker != null)
        {
            _settings["Penstock:Kafka:Client:bootstrap.servers"] = broker;
        }

        this["Checkpoints:Path"] = Path.Combine(Folder, "checkpoints");
        this["Restart:Delay"] = "50ms";
        this["Restart:Jitter"] = "0";
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("penstock-job-").FullName;

    /// <summary>The log.</summary>
    public List<string> Logs { get; } = [];

    /// <summary>The configuration of the host by the program itself.</summary>
    public Action<HostApplicationBuilder>? Configure { get; set; }

    /// <summary>Sets an option of the pipeline.</summary>
    public string? this[string name]
    {
        set => _settings[$"Penstock:Pipelines:{_name}:{name}"] = value;
    }

    /// <summary>Whether a message was logged.</summary>
    public bool Has(string text)
    {
        lock (Logs)
        {
            return Logs.Exists(log => log.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <summary>The number of times that a message was logged.</summary>
    public int Count(string text)
    {
        lock (Logs)
        {
            return Logs.Count(log => log.Contains(text, StringComparison.Ordinal));
        }
    }

    public void SetKafka(string name, string value) => _settings["Penstock:Kafka:" + name] = value;

    /// <summary>Writes an input file.</summary>
    public string Write(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    /// <summary>Copies the current checkpoints to another job: as after a crash, or as a backup that is restored elsewhere.</summary>
    public void CopyCheckpointsTo(Job<TPipeline> other)
    {
        var (source, target) = (Path.Combine(Folder, "checkpoints"), Path.Combine(other.Folder, "checkpoints"));
        foreach (var file in Directory
            .EnumerateFiles(source, "*", SearchOption.AllDirectories)
            .Where(static file => Path.GetFileName(file) != "lock"))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Logging.AddProvider(new Collector(Logs)).SetMinimumLevel(LogLevel.Information);
        builder.AddPipeline<TPipeline>();
        Configure?.Invoke(builder);
        var host = builder.Build();
        _services.AddRange(host.Services.GetServices<IHostedService>().OfType<BackgroundService>());
        return host;
    }

    /// <summary>Runs until the pipeline ends. A pipeline that restarts repeatedly fails the test at once, with its error.</summary>
    public async Task<PipelineStatus> RunAsync()
    {
        var host = Build();
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();
        using var stop = new CancellationTokenSource();
        var running = host.RunPipelinesAsync(stop.Token);
        try
        {
            await Waiting.UntilAsync(() => running.IsCompleted, () => monitor.GetStatus() is { Restarts: > MostRestarts } status
                ? $"the pipeline has restarted {status.Restarts} times. {status.Error}"
                : null);
        }
        finally
        {
            await stop.CancelAsync();
        }

        return (await running)[0];
    }

    public void Dispose()
    {
        // After a failed test, its pipelines still run and write to the folder. An error of the cleanup must not hide that of the test.
        Task[] running = [.. _services.Select(static service => service.ExecuteTask).OfType<Task>()];
        Task.WhenAll(running).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(LongestEnd);
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException) when (!running.All(static task => task.IsCompleted))
        {
            // The folder is among the temporary files of the machine.
        }
    }

    private sealed class Collector(List<string> logs) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (logs)
            {
                logs.Add(formatter(state, exception));
                if (exception != null)
                {
                    logs.Add(exception.ToString());
                }
            }
        }

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
