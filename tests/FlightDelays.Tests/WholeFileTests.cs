using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Penstock;

namespace FlightDelays.Tests;

/// <summary>
/// The sample's pipeline on three million flights, where the file is at hand: <c>PENSTOCK_TEST_FLIGHTS</c> names it (plain CSV). It runs in
/// this process, in which nothing else allocates meanwhile.
/// </summary>
[Collection(nameof(WholeFileTests))]
[CollectionDefinition(nameof(WholeFileTests), DisableParallelization = true)]
public class WholeFileTests
{
    // What only the start and the first checkpoint allocate is not counted.
    private const int FirstRows = 1_000_000;

    // At the rate below there is a checkpoint in every stretch of so many rows.
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

        // Buffers grow now and then. What each row allocates, or each checkpoint, is in every stretch.
        var stretches = looks.SelectMany(
            first => looks.SkipWhile(last => last.Rows - first.Rows < Stretch).Take(1),
            static (first, last) => (double)(last.Allocated - first.Allocated) / (last.Rows - first.Rows));
        Assert.InRange(stretches.Min(), 0, 1);
    }
}
