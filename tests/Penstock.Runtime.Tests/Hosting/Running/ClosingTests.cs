using Microsoft.Extensions.Logging;

namespace Penstock.Runtime.Tests.Hosting.Running;

/// <summary>
/// An exception in a user's method names the class that threw it; everything that was opened is closed; and the first error is reported.
/// </summary>
public sealed class ClosingTests
{
    private static readonly Step[] Rows = [.. Enumerable.Range(0, 10).Select(number => new Step("a", number))];

    public static TheoryData<string, string> Calls =>
    [
        .. HookedConnectors.SourceCalls.Select(call => (call, "source 'Steps'")),
        .. HookedConnectors.SinkCalls.Select(call => (call, "sink 'Out/")),
    ];

    public static TheoryData<string> ClosingCalls => [.. HookedConnectors.ClosingCalls];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task An_error_names_the_pipeline_and_the_source_or_sink(string call, string owner)
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.Restart.Strategy = RestartStrategy.None;
        job.Connectors.Hook = Throw(call);
        job.Start<GatedPipeline>();
        var error = Assert.IsAssignableFrom<PipelineException>(await job.EndAsync());
        Assert.Contains("Pipeline 'Test'", error.Message, StringComparison.Ordinal);
        Assert.Contains(owner, error.Message, StringComparison.Ordinal);
        Assert.Contains($"InvalidOperationException: {call} failed.", error.Message, StringComparison.Ordinal);
        AssertAllClosed(job.Connectors);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task After_a_transient_exception_of_a_connector_the_pipeline_restarts(string call, string owner)
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        var failures = 0;
        job.Connectors.Hook = name =>
        {
            if (name == call && Interlocked.Increment(ref failures) == 1)
            {
                Throw(call)(name);
            }
        };
        job.Start<GatedPipeline>();
        Assert.Null(await job.EndAsync());
        Assert.Equal((PipelineState.Finished, 1), (job.Status.State, job.Status.Restarts));
        Assert.Contains(owner, job.Status.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(Rows.Select(static row => $"{row.Name}{row.Number}"), job.Connectors.Committed.Distinct());
        AssertAllClosed(job.Connectors);
    }

    [Theory]
    [MemberData(nameof(ClosingCalls))]
    public async Task What_a_closing_call_throws_is_logged_and_stops_nothing_else_from_being_closed(string call)
    {
        using var job = new HookedJob(new HookedConnectors(Rows, isEndless: true));
        job.Options.ShutdownTimeout = TimeSpan.FromSeconds(20);
        job.Connectors.Hook = Throw(call);
        job.Start<GatedPipeline>();
        await job.UntilAsync(() => job.Connectors.Committed.Count > 0);
        await job.StopAsync();
        Assert.Null(await job.EndAsync());
        Assert.Equal(PipelineState.Stopped, job.Status.State);
        Assert.Contains(job.Logged(LogLevel.Warning), text => text.Contains("Pipeline Test: ", StringComparison.Ordinal)
            && (text.Contains("sink 'Out/", StringComparison.Ordinal) || text.Contains("source 'Steps'", StringComparison.Ordinal)));
        AssertAllClosed(job.Connectors);
    }

    [Fact]
    public async Task The_first_error_is_reported_and_the_pipeline_restarts_even_if_closing_fails()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        var failures = 0;
        job.Connectors.Hook = name =>
        {
            if (HookedConnectors.ClosingCalls.Contains(name) && failures == 1)
            {
                Throw(name)(name);
            }
        };
        job.Gate.OnStep = _ =>
        {
            if (Interlocked.Increment(ref failures) == 1)
            {
                throw new InvalidOperationException("The service is down.");
            }
        };
        job.Start<GatedPipeline>();
        Assert.Null(await job.EndAsync());
        Assert.Equal((PipelineState.Finished, 1), (job.Status.State, job.Status.Restarts));
        Assert.Contains("The service is down.", job.Status.Error!.Message, StringComparison.Ordinal);
        AssertAllClosed(job.Connectors);
    }

    [Fact]
    public async Task A_graph_that_fails_while_it_is_built_closes_what_it_has_opened()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.Parallelism = 3;
        job.Options.Restart.MaxAttempts = 2;
        job.Connectors.Hook = name =>
        {
            if (name == "OpenWriter" && job.Connectors.Count(name) % 2 == 0)
            {
                throw new InvalidOperationException("No more writers.");
            }
        };
        job.Start<GatedPipeline>();
        Assert.Contains("No more writers.", (await job.EndAsync())!.Message, StringComparison.Ordinal);
        Assert.Equal((6, 3), (job.Connectors.Count("OpenWriter"), job.Connectors.Count("DisposeWriter")));
        Assert.Equal(3, job.Connectors.Count("DisposeCommitter"));
    }

    private static Action<string> Throw(string call) => name =>
    {
        if (name == call)
        {
            throw new InvalidOperationException($"{call} failed.");
        }
    };

    private static void AssertAllClosed(HookedConnectors connectors)
    {
        // If opening fails, nothing is open.
        Assert.InRange(connectors.Count("DisposeWriter"), connectors.Count("OpenWriter") - 1, connectors.Count("OpenWriter"));
        Assert.InRange(connectors.Count("DisposeCommitter"), connectors.Count("CreateCommitter") - 1, connectors.Count("CreateCommitter"));
        Assert.InRange(connectors.Count("DisposeReader"), connectors.Count("Open") - 1, connectors.Count("Open"));
    }
}
