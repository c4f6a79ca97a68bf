using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Penstock;

namespace FlightDelays.Tests;

/// <summary>
/// Runs the pipeline of the sample over three million flights, if <c>PENSTOCK_TEST_FLIGHTS</c> is the path of the file (plain CSV). It runs
/// in this process, in which nothing else allocates meanwhile.
/// </summary>
[Collection(nameof(WholeFileTests))]
[CollectionDefinition(nameof(WholeFileTests), DisableParallelization = true)]
public class WholeFileTests
{
    // Allocations of the start and the first checkpoint are not counted.
    private const int FirstRows = 1_000_000;

    // At the rate below, every stretch of this many rows contains a checkpoint.
    private const int Stretch = 1_000_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Later_rows_cost_less_than_a_byte_of_allocation_each_and_the_answer_is_right()
    {
        var flights = Environment.GetEnvironmentVariable("PENSTOCK_TEST_FLIGHTS");
        Assert.SkipWhen(flights == null, "PENSTOCK_TEST_FLIGHTS does not name the file of three million flights.");
        using var workspace = new Workspace();
        var arguments = Arguments.Parse([
            "--input",
            flights!,
            "--output",
            workspace.Output,
            "--checkpoints",
            workspace.Checkpoints,
            "--max-delay",
            "28h",
            "--rate",
            "800000"
        ]);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(arguments.Settings);
        builder.AddPipeline<FlightDelaysPipeline>();
        using var host = builder.Build();
        var monitor = host.Services.GetRequiredService<IPipelineMonitor>();

        var looks = new List<(long Rows, long Allocated)>();
        var running = host.RunPipelinesAsync();
        while (await Task.WhenAny(running, Task.Delay(BetweenLooks)) != running)
        {
            if (monitor.GetStatus() is { State: PipelineState.Running, Rows: >= FirstRows } status)
            {
                looks.Add((status.Rows, GC.GetTotalAllocatedBytes()));
            }
        }

        Assert.Equal(PipelineState.Finished, (await running)[0].State);
        workspace.AssertAnswer(Oracle.Of(flights!, TimeSpan.FromHours(28)));

        // Buffers grow now and then, but allocations of each row or each checkpoint are in every stretch.
        var stretches = looks.SelectMany(
            first => looks.SkipWhile(last => last.Rows - first.Rows < Stretch).Take(1),
            static (first, last) => (double)(last.Allocated - first.Allocated) / (last.Rows - first.Rows));
        Assert.InRange(stretches.Min(), 0, 1);
    }
}
