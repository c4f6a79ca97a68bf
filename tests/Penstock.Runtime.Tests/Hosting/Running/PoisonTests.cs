using Penstock.Connectors;
using Penstock.Hosting;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Hosting.Running;

/// <summary>A row for which code of the pipeline always throws ends the pipeline, and the error explains this.</summary>
public sealed class PoisonTests
{
    private static readonly Step[] Rows = [new("a", 1), new("a", 2), new("a", -3), new("a", 4)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_same_failure_at_the_same_row_three_times_in_a_row_ends_the_pipeline(int batchSize)
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.BatchSize = batchSize;
        job.Gate.OnStep = static step =>
        {
            if (step.Number < 0)
            {
                throw new InvalidOperationException($"{Guid.NewGuid()} is negative.");
            }
        };
        job.Start<GatedPipeline>();
        var error = Assert.IsType<OperatorException>(await job.EndAsync());
        Assert.Contains("at row 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("has failed 3 times in a row at the same row", error.Message, StringComparison.Ordinal);
        Assert.Contains("Restart:MaxFailuresPerRow", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, job.Status.Restarts);
    }

    [Fact]
    public async Task Other_rows_and_other_errors_begin_to_count_anew()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.Checkpoints.Interval = TimeSpan.FromHours(1);
        var failures = 0;
        job.Gate.OnStep = step =>
        {
            // Errors alternate between rows 1 and 2, and then two occur at one row.
            var number = failures;
            if (number < 8 && step.Number == (number % 2) + 1)
            {
                failures++;
                throw new InvalidOperationException("Once.");
            }

            if (number is >= 8 and < 16 && step.Number == 1)
            {
                failures++;
                throw number % 2 == 0 ? new InvalidOperationException("Once.") : new TimeoutException("Once.");
            }
        };
        job.Start<GatedPipeline>();
        Assert.Null(await job.EndAsync());
        Assert.Equal((PipelineState.Finished, 16), (job.Status.State, job.Status.Restarts));
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(5, 4)]
    public async Task How_many_is_configurable(int most, int failures)
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        job.Options.Restart.MaxFailuresPerRow = most;
        var left = failures;
        job.Gate.OnStep = step =>
        {
            if (step.Number < 0 && Interlocked.Decrement(ref left) >= 0)
            {
                throw new InvalidOperationException("The service is down.");
            }
        };
        job.Start<GatedPipeline>();
        Assert.Null(await job.EndAsync());
        Assert.Equal((PipelineState.Finished, failures), (job.Status.State, job.Status.Restarts));
    }

    [Fact]
    public async Task Sources_and_sinks_may_fail_at_one_place_as_long_as_they_are_down()
    {
        using var job = new HookedJob(new HookedConnectors(Rows));
        var left = 10;
        job.Connectors.Hook = call =>
        {
            if (call is "Read" && Interlocked.Decrement(ref left) >= 0)
            {
                throw new TimeoutException("The server does not answer.");
            }
        };
        job.Start<GatedPipeline>();
        Assert.Null(await job.EndAsync());
        Assert.Equal((PipelineState.Finished, 10), (job.Status.State, job.Status.Restarts));
    }

    [Fact]
    public async Task An_event_time_that_cannot_be_read_names_pipeline_stream_and_position()
    {
        var error = await FailAsync<TimedSteps>([new("a", 1), new("a", 2), new("a", 1_000)]);
        Assert.Contains(
            "Pipeline 'Test': the event time of stream 'Steps' cannot be read at row 2: InvalidOperationException: There is no time.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_when_a_row_is_sent_names_its_position()
    {
        var error = await FailAsync<KeyedSteps>(Rows, parallelism: 2);
        Assert.Contains("Pipeline 'Test': the key of stream 'Out' cannot be read at row 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: There is no key.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_parallelism_1_the_key_is_read_behind_the_exchange()
    {
        var error = await FailAsync<KeyedSteps>(Rows);
        Assert.Contains(
            "Pipeline 'Test': the key of stream 'Out' cannot be read at a row that task 'Steps' sent by key",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("The row cannot be shown: InvalidOperationException: There is no key.", error.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: There is no key.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv", "soon", "the event time of stream 'Rows' cannot be read", "FormatException")]
    [InlineData("csv", "\"soon, or never\"", "the event time of stream 'Rows' cannot be read", "FormatException")]
    [InlineData("json", "soon", "the event time of stream 'Rows' cannot be read", "FormatException")]
    [InlineData("json", "\\u0073oon", "the event time of stream 'Rows' cannot be read", "FormatException")]
    [InlineData("csv", "", "a row of stream 'Rows' cannot be made", "ArgumentException")]
    [InlineData("json", "", "a row of stream 'Rows' cannot be made", "ArgumentException")]
    public async Task Members_and_constructors_that_throw_while_a_file_is_read_name_the_line_and_end_the_pipeline(
        string format,
        string time,
        string problem,
        string type)
    {
        var texts = Enumerable.Repeat("2024-05-01 12:00", 40).Append(time).Append("2024-05-01 12:00").ToList();
        var lines = texts
            .Select((text, index) => format == "csv" ? $"{index},{text}" : $"{{\"number\":{index},\"time\":\"{text}\"}}")
            .ToList();

        // An empty line is not a row, but counts as a line.
        lines.Insert(40, "");
        var content = (format == "csv" ? "number,time\n" : "") + string.Join('\n', lines) + "\n";
        var files = new MemoryFileSystem();
        files.Add(format == "csv" ? "rows.csv" : "rows.jsonl", content);
        var options = new PipelineOptions
        {
            BatchSize = 16,
            Restart = { Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) },
            Checkpoints = { Interval = TimeSpan.FromMilliseconds(1) }
        };
        var environment = TestEnvironment.Create("Test", options) with { Files = files };
        var runner = new PipelineRunner(
            format == "csv" ? PipelineDefinition.Of<MessyCsv>() : PipelineDefinition.Of<MessyJson>(),
            environment);
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await Waiting.UntilAsync(() => running.IsCompleted || runner.Status().Restarts > 5, static () => null);
        await stop.CancelAsync();
        var error = Assert.IsType<OperatorException>(await Record.ExceptionAsync(() => running.WaitAsync(HookedJob.Timeout)));
        var line = content[..content.LastIndexOf(time.Length == 0 ? lines[41] : time, StringComparison.Ordinal)].Count(static letter =>
            letter == '\n')
            + 1;
        Assert.Contains($"Pipeline 'Test': {problem} at ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{(format == "csv" ? "rows.csv" : "rows.jsonl")}, line {line}: {type}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("has failed 3 times in a row at the same row", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, runner.Status().Restarts);
    }

    private static async Task<Exception> FailAsync<T>(Step[] rows, int parallelism = 1)
        where T : class, IPipeline
    {
        using var job = new HookedJob(new HookedConnectors(rows));
        job.Options.Parallelism = parallelism;
        job.Options.IncludeRowText = true;
        job.Start<T>();
        var error = Assert.IsType<OperatorException>(await job.EndAsync());
        Assert.Contains("has failed 3 times in a row", error.Message, StringComparison.Ordinal);
        return error;
    }
}

/// <summary>A row whose time is a string that a member parses; the member throws for some strings.</summary>
public readonly record struct Messy
{
    public int Number { get; init; }

    public string Time
    {
        get;
        init => field = value.Length > 0 ? value : throw new ArgumentException("There is no text.");
    }

    public DateTimeOffset At => DateTimeOffset.Parse(Time, System.Globalization.CultureInfo.InvariantCulture);
}

[Pipeline]
public sealed partial class MessyCsv
{
    [FileSource("rows.csv"), EventTime(nameof(Messy.At))]
    [FileSink("copy.csv")]
    public partial Stream<Messy> Rows { get; }
}

[Pipeline]
public sealed partial class MessyJson
{
    [FileSource("rows.jsonl"), EventTime(nameof(Messy.At))]
    [FileSink("copy.csv")]
    public partial Stream<Messy> Rows { get; }
}
