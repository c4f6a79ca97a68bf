using Penstock.Runtime.Tests.Simulation;

namespace Penstock.Runtime.Tests.Firing;

/// <summary>Windows of many keys, few credits. Many processes begin in the middle of a firing.</summary>
public sealed class BurstSimulationTests(ITestOutputHelper output) : SimulationTests("bursts", output)
{
    private int _started;

    protected override Action<string>? Observer => what => _started += what.EndsWith(": Start", StringComparison.Ordinal) ? 1 : 0;

    protected override void AssertObserved(int seeds) => Assert.InRange(_started, seeds * 3 / 10, int.MaxValue);
}
