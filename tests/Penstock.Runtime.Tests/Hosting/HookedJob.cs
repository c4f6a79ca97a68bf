using Microsoft.Extensions.Logging;
using Penstock.Hosting;

namespace Penstock.Runtime.Tests.Hosting;

/// <summary>A pipeline named "Test" between hooked connectors, with checkpoints in memory.</summary>
internal sealed class HookedJob : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stop = new();

    public HookedJob(HookedConnectors connectors) => Connectors = connectors;

    public HookedConnectors Connectors { get; }

    public Gate Gate { get; } = new();

    public CollectedLogs Logs { get; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public PipelineOptions Options { get; } = new()
    {
        Checkpoints = { Interval = TimeSpan.FromMilliseconds(1) },
        Restart = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
    };

    public PipelineRunner Runner { get; private set; } = null!;

    public Task Running { get; private set; } = Task.CompletedTask;

    public PipelineStatus Status => Runner.Status();

    public void Start<T>()
        where T : class, IPipeline
    {
        var environment = TestEnvironment.Create("Test", Options, Gate) with
        {
            Log = Logs.CreateLogger(""),
            Connectors = Connectors,
            Time = Time,
        };
        Runner = environment.RunnerOf<T>();
        Running = Runner.RunAsync(_stop.Token);
    }

    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>Waits for a condition. Fails at once if the pipeline has ended before.</summary>
    public async Task UntilAsync(Task happens)
    {
        await Task.WhenAny(happens, Running).WaitAsync(Timeout);
        if (!happens.IsCompleted)
        {
            await Running;
            Assert.Fail($"The pipeline has ended before: {Status.State}.");
        }
    }

    /// <summary>Waits for a condition. Fails at once if the pipeline has ended before.</summary>
    public Task UntilAsync(Func<bool> holds) =>
        Waiting.UntilAsync(holds, () => Running.IsCompleted ? $"the pipeline has ended before: {Status.State}. {Status.Error}" : null);

    /// <summary>Runs the job to its end.</summary>
    /// <returns>The exception; null if there was none.</returns>
    public async Task<Exception?> EndAsync() => await Record.ExceptionAsync(() => Running.WaitAsync(Timeout));

    public IEnumerable<string> Logged(LogLevel level) => Logs.Entries.Where(entry => entry.Level == level).Select(entry => entry.Text);

    public void Dispose()
    {
        _stop.Dispose();
        Logs.Dispose();
    }
}
