using Microsoft.Extensions.Logging;
using Penstock.Checkpoints;
using Penstock.Runtime.Tests.Hosting;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Tasks.Calls;

/// <summary>The end of an attempt on real threads while calls are running.</summary>
public sealed class CallStopTests : IDisposable
{
    private static readonly Bid[] Rows = [.. Enumerable.Range(0, 10).Select(static number => new Bid("a", 0, (2 * number) + 1))];

    private readonly Desk _desk = new();
    private readonly CollectedLogs _logs = new();
    private readonly CancellationTokenSource _stop = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_does_not_wait_for_calls_and_the_next_start_makes_them_again(bool isStubborn)
    {
        _desk.IsStubborn = isStubborn;
        var connectors = new HookedConnectors(Rows, isEndless: true);
        var environment = Environment(connectors);
        environment.Options.Checkpoints.Path = "/checkpoints";
        environment.Options.ShutdownTimeout = TimeSpan.FromSeconds(2);
        var running = environment.RunnerOf<EvenPipeline>().RunAsync(_stop.Token);
        await UntilAsync(() => _desk.Open.Length == Rows.Length, running);
        await _stop.CancelAsync();
        await running.WaitAsync(HookedJob.Timeout);
        Assert.Equal(isStubborn, Abandoned().Any());
        Assert.Empty(connectors.Committed);

        _desk.TakeStarted();
        using var stop = new CancellationTokenSource();
        running = environment.RunnerOf<EvenPipeline>().RunAsync(stop.Token);
        var started = 0;
        await UntilAsync(() => (started += _desk.TakeStarted().Length) == Rows.Length, running);
        _desk.Answer(_desk.Open);
        await UntilAsync(() => connectors.Committed.Count >= Rows.Length, running);
        await stop.CancelAsync();
        await running.WaitAsync(HookedJob.Timeout);
        Assert.Equal(Rows.Length, connectors.Committed.Distinct().Count());
        Assert.Equal(Rows.Length, connectors.Committed.Count);
    }

    [Fact]
    public async Task After_a_failure_the_pipeline_restarts_although_other_calls_never_return()
    {
        _desk.IsStubborn = true;
        var connectors = new HookedConnectors(Rows);
        var environment = Environment(connectors);
        environment.Options.ShutdownTimeout = TimeSpan.FromSeconds(2);
        var runner = environment.RunnerOf<EvenPipeline>();
        var running = runner.RunAsync(_stop.Token);
        await UntilAsync(() => _desk.Open.Length == Rows.Length, running);
        _desk.AnswersAtOnce = static _ => true;
        _desk.Fail(3, "The desk is closed.");
        await running.WaitAsync(HookedJob.Timeout);
        Assert.Equal((PipelineState.Finished, 1), (runner.Status().State, runner.Status().Restarts));
        Assert.Equal(Rows.Length, connectors.Committed.Count);
        Assert.NotEmpty(Abandoned());
    }

    [Fact]
    public async Task A_savepoint_that_drains_waits_for_the_results()
    {
        var connectors = new HookedConnectors(Rows, isEndless: true);
        var runner = Environment(connectors).RunnerOf<EvenPipeline>();
        var running = runner.RunAsync(_stop.Token);
        await UntilAsync(() => _desk.Open.Length == Rows.Length, running);
        var savepoint = runner.SavepointAsync(CheckpointMode.Drain, "/drained");

        // The barrier reaches the calls meanwhile.
        Assert.NotSame(running, await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(300))));
        _desk.Answer(_desk.Open[1..]);
        Assert.False(savepoint.IsCompleted);
        _desk.Answer(_desk.Open);
        await savepoint.WaitAsync(HookedJob.Timeout);
        await running.WaitAsync(HookedJob.Timeout);
        Assert.Equal(Rows.Length, connectors.Committed.Count);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _logs.Dispose();
    }

    private ExecutionEnvironment Environment(HookedConnectors connectors)
    {
        var options = new PipelineOptions
        {
            Checkpoints = { Interval = TimeSpan.FromMilliseconds(5) },
            Restart = { Delay = TimeSpan.FromMilliseconds(1) },
        };

        // Longer than a timer of .NET can wait.
        options.Streams[nameof(EvenPipeline.Even)] = new StreamOptions { Timeout = TimeSpan.FromDays(365) };
        return TestEnvironment.Create("Test", options, _desk) with { Connectors = connectors, Log = _logs.CreateLogger("") };
    }

    private IEnumerable<string> Abandoned() => _logs.Entries
        .Where(static entry => entry.Level == LogLevel.Warning && entry.Text.Contains("are abandoned", StringComparison.Ordinal))
        .Select(static entry => entry.Text);

    private static Task UntilAsync(Func<bool> holds, Task running) =>
        Waiting.UntilAsync(holds, () => running.IsCompleted ? $"the pipeline has ended before: {running.Exception}" : null);
}
