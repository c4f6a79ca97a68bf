using System.Diagnostics;
using Penstock.Connectors;
using Penstock.Network.Links;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>Sources whose subtasks lie on two nodes.</summary>
public sealed class SplitSourceTests : IDisposable
{
    private const int RowsPerFile = 60;
    private const int Rate = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-split-").FullName;

    [Fact]
    public void A_source_that_looks_for_new_files_is_refused_where_its_subtasks_lie_on_two_nodes()
    {
        var error = Assert.Throws<PipelineException>(() => InboxOn(node: 0, parallelism: 2));
        Assert.Equal(
            "PSR805: Pipeline 'InboxPipeline': source 'Rides' looks for new files, and its 2 subtasks lie on several nodes, where they would not see files together. Set Streams:Rides:Parallelism to 1.",
            error.Message);
        Assert.Throws<PipelineException>(() => InboxOn(node: 1, parallelism: 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_source_with_one_subtask_that_looks_for_new_files_runs_on_one_of_two_nodes(int node) => InboxOn(node, parallelism: 1);

    // With the whole rate each, both nodes would need half of the time. What is quicker cannot be a slow machine.
    [Fact]
    public async Task Both_nodes_together_read_at_the_rate_of_a_source()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "in"));
        foreach (var file in new[] { "a", "b" })
        {
            File.WriteAllLines(
                Path.Combine(_folder, "in", $"rides-{file}.csv"), [
                    "User,At,Amount",
                    .. Enumerable.Range(0, RowsPerFile).Select(row => $"{file},{RideFiles.Start + row * RideFiles.Second},1")
                ]);
        }

        var options = new PipelineOptions { Parallelism = 2 };
        options.Checkpoints.Path = Path.Combine(_folder, "checkpoints");
        options.Sources[nameof(NodePipeline.Rides)] = new SourceOptions { Path = Path.Combine(_folder, "in", "rides-*.csv"), Rate = Rate };
        foreach (var stream in new[] { nameof(NodePipeline.Totals), nameof(NodePipeline.Counts), nameof(NodePipeline.Spreads) })
        {
            options.Sinks[stream] = new SinkOptions { Path = Path.Combine(_folder, "out", $"{stream}.csv") };
        }

        var second = new InProcessNode(static () => MemoryLink.Create(("the second node", "the first node")));
        var environment = TestEnvironment.Create("NodePipeline", options) with { Files = LocalFileSystem.Instance, OtherNode = second };
        var runner = environment.RunnerOf<NodePipeline>();
        var began = Stopwatch.GetTimestamp();
        await runner.RunAsync(TestContext.Current.CancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        Assert.Equal((PipelineState.Finished, 2 * RowsPerFile), (runner.Status().State, runner.Status().Rows));
        Assert.Equal(RowsPerFile, Assert.Single(second.Graph!.SubtasksOf(nameof(NodePipeline.Rides))).Counters.RowsIn);
        Assert.InRange(elapsed, TimeSpan.FromSeconds(0.9 * 2 * RowsPerFile / Rate), TimeSpan.MaxValue);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void InboxOn(int node, int parallelism)
    {
        var options = new PipelineOptions { Parallelism = 2 };
        options.Streams["Rides"] = new StreamOptions { Parallelism = parallelism };
        var (link, _) = MemoryLink.Create(("there", "here"));
        using var peer = new Peer("test", link, 1, TimeProvider.System);
        using var graph = TestEnvironment.Create("InboxPipeline", options)
            .GraphOf<InboxPipeline>(new NodeMembership(new Placement(node, 2), peer));
    }
}
