using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Penstock.Checkpoints;
using Penstock.Hosting;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Hosting.Monitoring;

/// <summary>Health is judged by what lasts; a status can be written down; histograms and spans say what they need to.</summary>
public sealed class HealthTests
{
    private static readonly Step[] Rows = [new("a", 1)];
    private static readonly CompletedCheckpoint Checkpoint = new(1, default, TimeSpan.FromSeconds(1), StateBytes: 0, null!);

    private readonly ManualTimeProvider _time = new();
    private readonly PipelineOptions _options = new();

    [Fact]
    public void A_pipeline_is_healthy_only_after_it_has_run()
    {
        var judge = Judge();
        Assert.Equal(PipelineHealth.Degraded, Health(judge, PipelineState.Starting));
        judge.HasRun = true;
        Assert.Equal(PipelineHealth.Healthy, Health(judge, PipelineState.Running));
        Assert.Equal(PipelineHealth.Healthy, Health(judge, PipelineState.Finished));
        Assert.Equal(PipelineHealth.Unhealthy, Health(judge, PipelineState.Failed));
        Assert.Equal(PipelineHealth.Unhealthy, Health(judge, PipelineState.StoppedWithoutCheckpoint));
    }

    [Fact]
    public async Task A_host_without_a_pipeline_is_unhealthy()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddPipelines();
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("No pipeline was added: call AddPipeline", report.Entries["penstock"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_does_not_flap_while_the_pipeline_retries()
    {
        _options.Health.MissedCheckpoints = 0;
        var judge = Judge();
        judge.HasRun = true;
        var seen = new List<PipelineHealth>();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            judge.Failed(new TimeoutException("The server does not answer."));
            foreach (var state in (PipelineState[])[PipelineState.Restarting, PipelineState.Starting, PipelineState.Running])
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                seen.Add(Health(judge, state));
            }
        }

        // Healthy for as long as an outage may last, and degraded from then on.
        Assert.Equal(1, seen.Zip(seen.Skip(1)).Count(static pair => pair.First != pair.Second));
        Assert.Equal(30, 1 + seen.Count(static health => health == PipelineHealth.Healthy));
        Assert.Contains("The server does not answer.", judge.Judge(PipelineState.Running, null, null).Reason, StringComparison.Ordinal);
        judge.Completed(Checkpoint);
        Assert.Equal(PipelineHealth.Healthy, Health(judge, PipelineState.Running));
    }

    [Fact]
    public void A_pipeline_is_unhealthy_when_no_checkpoint_completes()
    {
        _options.Checkpoints.Interval = TimeSpan.FromMinutes(1);
        var judge = Judge();
        judge.HasRun = true;
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(PipelineHealth.Healthy, Health(judge, PipelineState.Running));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PipelineHealth.Unhealthy, Health(judge, PipelineState.Running));
        judge.Completed(Checkpoint with { Duration = TimeSpan.FromMinutes(5) });
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(PipelineHealth.Healthy, Health(judge, PipelineState.Running));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(PipelineHealth.Unhealthy, Health(judge, PipelineState.Restarting));
    }

    [Fact]
    public void A_short_interval_does_not_make_it_nervous()
    {
        _options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
        var judge = Judge();
        judge.HasRun = true;
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(PipelineHealth.Healthy, Health(judge, PipelineState.Running));
    }

    [Fact]
    public void A_source_that_tries_again_makes_it_degraded_when_that_lasts()
    {
        _options.Health.FailingAfter = TimeSpan.FromSeconds(10);
        using var graph = Environment().GraphOf<GatedPipeline>();
        var judge = Judge();
        judge.HasRun = true;
        var source = graph.HealthOf("source 'Steps'");
        source.ReportFailing("no broker answers");
        _time.Advance(TimeSpan.FromSeconds(9));
        source.ReportFailing("no broker answers");
        Assert.Equal(PipelineHealth.Healthy, judge.Judge(PipelineState.Running, null, graph).Health);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            (PipelineHealth.Degraded, "source 'Steps' has been failing for 10 s: no broker answers"),
            judge.Judge(PipelineState.Running, null, graph));
        source.ReportWorking();
        Assert.Equal(PipelineHealth.Healthy, judge.Judge(PipelineState.Running, null, graph).Health);
    }

    [Fact]
    public async Task A_commit_that_waits_makes_it_degraded()
    {
        using var job = new HookedJob(new HookedConnectors(Rows, isEndless: true));
        job.Options.Health.FailingAfter = TimeSpan.Zero;
        job.Options.Health.MissedCheckpoints = 0;
        var comes = new TaskCompletionSource();
        job.Connectors.Committing = () => comes.Task;
        job.Start<GatedPipeline>();
        await job.UntilAsync(() => job.Status.HealthReason?.Contains("the commit has been failing", StringComparison.Ordinal) == true);
        Assert.Equal(PipelineHealth.Degraded, job.Status.Health);
        comes.SetResult();
        await job.StopAsync();
        Assert.Null(await job.EndAsync());
    }

    [Fact]
    public async Task A_status_with_an_error_can_be_written_as_json_and_read()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.Restart.Strategy = RestartStrategy.None;
        job.Gate.OnStep = static _ => throw new InvalidOperationException("The service is down.");
        job.Start<GatedPipeline>();
        await job.EndAsync();
        var json = JsonSerializer.Serialize(job.Status);
        Assert.Contains("\"State\":\"Failed\"", json, StringComparison.Ordinal);
        Assert.Contains("The service is down.", json, StringComparison.Ordinal);
        var read = JsonSerializer.Deserialize<PipelineStatus>(json)!;
        Assert.Equal((job.Status.Error!.Message, job.Status.Rows, PipelineHealth.Unhealthy), (read.Error!.Message, read.Rows, read.Health));
        Assert.Contains(
            "TimeoutException: Too late.",
            JsonSerializer.Serialize(job.Status with { Error = new TimeoutException("Too late.") }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_advise_buckets()
    {
        var advised = new Dictionary<string, int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } seconds })
                {
                    advised[instrument.Name] = seconds.Count;
                }
                else if (instrument is Histogram<long> { Advice.HistogramBucketBoundaries: { } bytes })
                {
                    advised[instrument.Name] = bytes.Count;
                }
            },
        };
        listener.Start();
        using var metrics = new PipelineMetrics(Environment().RunnerOf<GatedPipeline>(), _time);
        Assert.All(
            (string[])[PenstockTelemetry.CheckpointDuration, PenstockTelemetry.CheckpointSize],
            name => Assert.True(advised[name] > 10));
    }

    [Fact]
    public async Task Spans_of_restores_name_the_pipeline()
    {
        var spans = new List<object?>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PenstockTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "restore")
                {
                    lock (spans)
                    {
                        spans.Add(activity.GetTagItem("penstock.pipeline"));
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Start<GatedPipeline>();
        Assert.Null(await job.EndAsync());
        lock (spans)
        {
            Assert.Contains("Test", spans);
            Assert.DoesNotContain(null, spans);
        }
    }

    private static PipelineHealth Health(HealthJudge judge, PipelineState state) => judge.Judge(state, null, null).Health;

    private HealthJudge Judge() => new("Test", _options, _time);

    private ExecutionEnvironment Environment() =>
        TestEnvironment.Create("Test", _options, new Gate()) with
        {
            Time = _time,
            Connectors = new HookedConnectors(Rows),
        };
}
