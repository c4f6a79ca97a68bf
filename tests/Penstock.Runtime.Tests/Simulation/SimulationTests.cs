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
            foreach (var (name, run) in Simulations.All)
            {
                var result = run(seed, null);
                Assert.True(result.Difference == null, $"{name}, seed {seed}: {result.Difference}");
                steps += result.Steps;
                crashes += result.Crashes;
            }
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
            foreach (var (_, run) in Simulations.All)
            {
                run(seed, first.Add);
                run(seed, second.Add);
            }

            Assert.Equal(first, second);
        }
    }
}
