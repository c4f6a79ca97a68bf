using Penstock.Runtime.Tests.Testing.Simulation;
using Penstock.Tests;

namespace Penstock.Runtime.Tests.Windows.Firing;

/// <summary>Simulates windows of many keys, with few credits.</summary>
public sealed class BurstSimulationTests(ITestOutputHelper output) : SimulationTests("bursts", output)
{
    [Fact]
    public void Many_processes_begin_in_the_middle_of_a_firing()
    {
        var (seeds, started) = (Thoroughness.Times(100, brief: 50), 0);
        for (var seed = 1; seed <= seeds; seed++)
        {
            BurstSimulation.Run(seed, what => started += what.EndsWith(": Start", StringComparison.Ordinal) ? 1 : 0);
        }

        Assert.InRange(started, seeds * 3 / 10, int.MaxValue);
    }
}
