using Penstock.Tests;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>
/// Seeds decide the clock, the order of all steps, the faults of the disk, crashes, stops and restarts. The committed output must be that
/// of plain loops.
/// </summary>
/// <remarks>There is a class for each job, so that they run in parallel.</remarks>
public abstract class SimulationTests(string job, ITestOutputHelper output)
{
    private const int Parts = 4;

    private static readonly int Seeds = Thoroughness.Times(300, brief: 20);

    private readonly Func<int, Action<string>?, SimulationResult> _run = Simulations.All.Single(simulation => simulation.Name == job).Run;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_happens_the_committed_output_is_that_of_plain_loops(int part)
    {
        var (first, last) = ((Seeds * (part - 1) / Parts) + 1, Seeds * part / Parts);
        var (steps, crashes) = (0L, 0);
        for (var seed = first; seed <= last; seed++)
        {
            var result = _run(seed, null);
            Assert.True(result.Difference == null, $"{job}, seed {seed}: {result.Difference}");
            steps += result.Steps;
            crashes += result.Crashes;
        }

        output.WriteLine($"seeds {first} to {last} of {Seeds}, {steps} steps, {crashes} crashes");
        Assert.InRange(crashes, (last - first + 1) / 4, int.MaxValue);
    }

    [Fact]
    public void A_seed_has_the_same_story_each_time()
    {
        for (var seed = 1; seed <= Thoroughness.Times(10, brief: 3); seed++)
        {
            var (first, second) = (new List<string>(), new List<string>());
            _run(seed, first.Add);
            _run(seed, second.Add);
            Assert.Equal(first, second);
        }
    }
}

/// <summary>Every kind of operator and state, over files.</summary>
public sealed class RideSimulationTests(ITestOutputHelper output) : SimulationTests("rides", output);

/// <summary>Two sources, unions, and a diamond.</summary>
public sealed class MergeSimulationTests(ITestOutputHelper output) : SimulationTests("merge", output);

/// <summary>A polled folder.</summary>
public sealed class InboxSimulationTests(ITestOutputHelper output) : SimulationTests("inbox", output);

/// <summary>Sources that stay open and may be idle.</summary>
public sealed class FeedSimulationTests(ITestOutputHelper output) : SimulationTests("feed", output);
