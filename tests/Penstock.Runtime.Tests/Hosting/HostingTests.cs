using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Penstock.Hosting;

namespace Penstock.Runtime.Tests.Hosting;

/// <summary>Pipelines in an ordinary host: configuration, two instances, failures, health and metrics.</summary>
[Collection(ExitCodeCollection.Name)]
public sealed class HostingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_same_class_runs_twice_under_two_names()
    {
        var builder = Builder(
            ("East:Sources:Clicks:Path", Write("east.csv", "ann,2024-01-01,1")),
            ("West:Sources:Clicks:Path", Write("west.csv", "bob,2024-01-01,2\nbob,2024-01-01,3")));
        builder
            .AddPipeline<ClicksPipeline>("East", options => Into(options, "east"))
            .AddPipeline<ClicksPipeline>("West", options => Into(options, "west"));
        using var host = builder.Build();
        await host.RunPipelinesAsync();
        Assert.Equal(["ann,2024-01-01T00:00:00Z,1,1"], Rows("east"));
        Assert.Equal(["bob,2024-01-01T00:00:00Z,2,5"], Rows("west"));
        Assert.Throws<ArgumentException>(() => builder.AddPipeline<ClicksPipeline>("East"));
    }

    [Fact]
    public async Task Two_pipelines_with_one_output_are_refused_and_nothing_is_lost()
    {
        var builder = Builder(
            ("East:Sources:Clicks:Path", Write("east.csv", "ann,2024-01-01,1")),
            ("West:Sources:Clicks:Path", Write("west.csv", "bob,2024-01-01,2")));
        builder
            .AddPipeline<ClicksPipeline>("East", options => Into(options, "both"))
            .AddPipeline<ClicksPipeline>("West", options => Into(options, "both"));
        var status = Assert.Single(await builder.Build().RunPipelinesAsync(), status => status.State == PipelineState.Failed);
        Assert.Contains("both", status.Error!.Message, StringComparison.Ordinal);

        // The pipeline that was first has finished, or was stopped by the failure of the other one. Only its rows are there.
        Assert.True(Rows("both").Length <= 1);
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task A_second_run_without_a_checkpoint_folder_names_the_missing_option()
    {
        var input = ("ClicksPipeline:Sources:Clicks:Path", Write("clicks.csv", "ann,2024-01-01,1"));
        var first = Builder(input);
        first.AddPipeline<ClicksPipeline>(configure: options => Into(options, "out"));
        await first.Build().RunPipelinesAsync();
        var second = Builder(input);
        second.AddPipeline<ClicksPipeline>(configure: options => Into(options, "out"));
        var error = await FailAsync(second.Build());
        Assert.Contains("No folder for checkpoints is configured", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set Penstock:Pipelines:ClicksPipeline:Checkpoints:Path", error.Message, StringComparison.Ordinal);
        Assert.Contains("delete the output", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'memory'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["ann,2024-01-01T00:00:00Z,1,1"], Rows("out"));
    }

    [Fact]
    public async Task Wrong_configuration_names_every_problem()
    {
        var builder = Builder(
            ("ClicksPipeline:Paralelism", "2"), ("ClicksPipeline:BatchSize", "0"), ("ClicksPipeline:Checkpoints:Interval", "often"),
            ("ClicksPipeline:Sources:Clacks:Rate", "5"),
            ("ClicksPipeline:Restart:Strategy", "sometimes"),
            ("ClicksPipeline:Sources:Clicks:MaxDelay", "-5s"));
        builder.AddPipeline<ClicksPipeline>();
        var error = Assert.IsType<PipelineException>(await FailAsync(builder.Build()));
        foreach (var problem in (string[])[
            "Penstock:Pipelines:ClicksPipeline:Paralelism is not an option",
            "BatchSize is 0",
            "Checkpoints:Interval is 'often'; a duration such as 500ms, 10s or 28h is expected",
            "the pipeline has no source 'Clacks'; it has 'Clicks'",
            "Restart:Strategy is 'sometimes'; one of Exponential, Fixed, None is expected",
            "Sources:Clicks:MaxDelay is negative",
        ])
        {
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Row_counts_are_those_of_the_job_and_distinguish_earlier_processes()
    {
        IHost Build(string rate)
        {
            var builder = Builder(
                ("ClicksPipeline:Sources:Clicks:Path", Write("clicks.csv", string.Join('\n', Enumerable.Repeat("ann,2024-01-01,1", 100)))),
                ("ClicksPipeline:Sources:Clicks:Rate", rate), ("ClicksPipeline:Checkpoints:Path", Path.Combine(_folder, "checkpoints")));
            builder.AddPipeline<ClicksPipeline>(configure: options => Into(options, "out"));
            return builder.Build();
        }

        using var stop = new CancellationTokenSource();
        var host = Build("200");
        var pipeline = host.Services.GetRequiredService<IPipelineMonitor>();
        var started = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted;
        var running = host.RunPipelinesAsync(stop.Token);
        await PipelineWaiting.UntilAsync(running, () => pipeline.GetStatus().Rows > 0 && started.IsCancellationRequested);

        await stop.CancelAsync();
        var stopped = Assert.Single(await running);
        Assert.Equal((PipelineState.Stopped, 0L), (stopped.State, stopped.RowsRestored));
        Assert.InRange(stopped.Rows, 1, 99);
        var finished = Assert.Single(await Build("1000000").RunPipelinesAsync());
        Assert.Equal((PipelineState.Finished, 100L, stopped.Rows), (finished.State, finished.Rows, finished.RowsRestored));
    }

    [Fact]
    public async Task A_failing_operator_restarts_the_pipeline_which_loses_and_doubles_nothing()
    {
        var trouble = new Trouble { Left = 2 };
        var status = Assert.Single(await Fragile(trouble, RestartStrategy.Fixed).RunPipelinesAsync());
        Assert.Equal(["ann,1", "ann,2", "ann,3"], Rows("fragile"));
        Assert.Equal((PipelineState.Finished, 2, 3L), (status.State, status.Restarts, status.Rows));
    }

    [Fact]
    public async Task A_failure_for_good_names_pipeline_operator_position_and_key()
    {
        var error = Assert.IsType<OperatorException>(await FailAsync(Fragile(new Trouble { Left = 100 }, RestartStrategy.None)));
        Assert.Contains(
            "Pipeline 'FragilePipeline': operator 'Out' (Penstock.Runtime.Tests.Fragile) failed at",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "failed at a row that task 'Clicks' sent by key, key ann, subtask 0 of task 'Out'",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: The service is down.", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public async Task A_host_whose_pipeline_failed_is_unhealthy_and_stops()
    {
        using var host = Fragile(new Trouble { Left = 100 }, RestartStrategy.None);
        await host.StartAsync();
        await host.WaitForShutdownAsync().WaitAsync(Waiting.Timeout / 4);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Environment.ExitCode = 0;
    }

    [Fact]
    public async Task A_failure_for_good_is_logged_once_sets_the_exit_code_and_throws_nothing()
    {
        using var logs = new CollectedLogs();
        var builder = Builder(("ClicksPipeline:Sources:Clicks:Path", "nowhere.csv"));
        builder.Services.AddSingleton<ILoggerProvider>(_ => logs);
        builder.AddPipeline<ClicksPipeline>();
        var error = await FailAsync(builder.Build());
        var (level, text, cause) = Assert.Single(logs.Entries, entry => entry.Level >= LogLevel.Error);
        Assert.Equal(LogLevel.Critical, level);
        Assert.Contains("nowhere.csv", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(error.Message, text, StringComparison.Ordinal);
        Assert.Null(cause);
        Assert.True(logs.IsDisposed, "What a logger has not written yet is lost when Main returns.");
    }

    [Theory]
    [InlineData("ClicksPipeline:ShutdownTimeout", "2m", 125)]
    [InlineData("ClicksPipeline:ShutdownTimeout", "1s", 30)]
    [InlineData("ClicksPipeline:ShutdownTimeout", "soon", 35)]
    public void The_host_leaves_pipelines_the_time_for_their_last_checkpoint(string key, string value, int seconds)
    {
        var builder = Builder((key, value));
        builder.AddPipeline<ClicksPipeline>();
        using var host = builder.Build();
        Assert.Equal(TimeSpan.FromSeconds(seconds), host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    [Fact]
    public async Task Attempts_are_limited_where_configured()
    {
        var trouble = new Trouble { Left = 100 };
        Assert.IsType<OperatorException>(await FailAsync(Fragile(
            trouble,
            RestartStrategy.Exponential,
            ("FragilePipeline:Restart:MaxAttempts", "3"),
            ("FragilePipeline:Restart:MaxFailuresPerRow", "0"))));
        Assert.Equal(96, trouble.Left);
    }

    [Fact]
    public async Task Rows_and_checkpoints_are_measured()
    {
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == PenstockTelemetry.Name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "pipeline", Value: "Measured" })
                {
                    lock (measured)
                    {
                        measured[instrument.Name] = measured.GetValueOrDefault(instrument.Name) + value;
                    }
                }
            }
        }

        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        var builder = Builder(("Measured:Sources:Clicks:Path", Write("measured.csv", "ann,2024-01-01T00:01,1\nann,2024-01-01,2")));
        builder.AddPipeline<ClicksPipeline>("Measured", options => Into(options, "measured"));
        using var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetServices<IHostedService>().OfType<PipelineService>().Single().Ended;
        listener.RecordObservableInstruments();
        Assert.Equal(1, measured[PenstockTelemetry.RowsLate]);
        Assert.Equal(1, measured[PenstockTelemetry.WindowsFired]);
        Assert.True(measured[PenstockTelemetry.RowsIn] >= 2);
        Assert.Equal(2, measured[PenstockTelemetry.RowsRead]);
        Assert.True(measured[PenstockTelemetry.CheckpointSize] > 0);
        Assert.True(measured[PenstockTelemetry.StateBytes] > 0);
        Assert.True(measured.ContainsKey(PenstockTelemetry.StateKeys));
        Assert.True(measured.ContainsKey(PenstockTelemetry.CheckpointDuration));
        Assert.True(measured.ContainsKey(PenstockTelemetry.CheckpointAge));
    }

    private static async Task<Exception> FailAsync(IHost host)
    {
        var status = Assert.Single(await host.RunPipelinesAsync());
        Assert.Equal((PipelineState.Failed, PipelineExitCodes.Failed), (status.State, Environment.ExitCode));
        Environment.ExitCode = 0;
        return status.Error!;
    }

    private IHost Fragile(Trouble trouble, RestartStrategy strategy, params (string, string)[] settings)
    {
        var builder = Builder([
            ("FragilePipeline:Sources:Clicks:Path", Write("fragile.csv", "ann,2024-01-01,1\nann,2024-01-01,-1\nann,2024-01-01,1")),
            .. settings
        ]);
        builder.Services.AddSingleton(trouble);
        builder.Services.AddHealthChecks().AddPipelines();
        builder.AddPipeline<FragilePipeline>(configure: options =>
        {
            options.Restart.Strategy = strategy;
            options.Restart.Delay = TimeSpan.FromMilliseconds(1);
            options.Restart.MaxDelay = TimeSpan.FromMilliseconds(5);
            options.Sinks["Out"] = new SinkOptions { Path = Path.Combine(_folder, "fragile", "out.csv") };
        });
        return builder.Build();
    }

    private static HostApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create("Penstock:Pipelines:" + setting.Key, (string?)setting.Value)));
        return builder;
    }

    private void Into(PipelineOptions options, string name)
    {
        options.Sinks["Counts"] = new SinkOptions { Path = Path.Combine(_folder, name, "counts.csv") };
        options.Sinks["Late"] = new SinkOptions { Path = Path.Combine(_folder, name + "-late", "late.csv") };
    }

    private string Write(string name, string rows)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, "user,at,value\n" + rows + "\n");
        return path;
    }

    private string[] Rows(string name) =>
        [.. Directory.GetFiles(Path.Combine(_folder, name), "*.csv")
            .SelectMany(path => File.ReadLines(path).Skip(1))
            .Order(StringComparer.Ordinal)];
}
