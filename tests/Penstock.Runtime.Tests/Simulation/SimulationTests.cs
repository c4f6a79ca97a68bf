namespace Penstock.Runtime.Tests.Simulation;

/// <summary>Seeds own the clock, the order of all steps, what the disk does, crashes, stops and restarts; committed output is that of plain loops.</summary>
public class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 75;

    [Theory]
    [InlineData(1)]
    [InlineData(Seeds + 1)]
    [InlineData(2 * Seeds + 1)]
    [InlineData(3 * Seeds + 1)]
    public void Whatever_happens_the_committed_output_is_that_of_plain_loops(int first)
    {
        var (steps, crashes) = (0L, 0);
        for (var seed = first; seed < first + Seeds; seed++)
        {
            var result = RideSimulation.Run(seed);
            Assert.True(result.Difference == null, $"seed {seed}: {result.Difference}");
            steps += result.Steps;
            crashes += result.Crashes;
        }

        output.WriteLine($"{Seeds} seeds, {steps} steps, {crashes} crashes");
        Assert.InRange(crashes, Seeds / 4, int.MaxValue);
    }

    [Fact]
    public void A_seed_has_the_same_story_each_time()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var (first, second) = (new List<string>(), new List<string>());
            RideSimulation.Run(seed, first.Add);
            RideSimulation.Run(seed, second.Add);
            Assert.Equal(first, second);
        }
    }
}
