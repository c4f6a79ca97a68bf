using Penstock.Runtime.Tests.Testing.Simulation.Feeds;
using Penstock.Runtime.Tests.Testing.Simulation.Rides;
using Penstock.Runtime.Tests.Windows.Firing;

namespace Penstock.Runtime.Tests.Testing.Simulation;

/// <summary>All simulated jobs.</summary>
internal static class Simulations
{
    /// <summary>The jobs: the name, and a function that runs a seed and reports each event before it occurs.</summary>
    public static readonly (string Name, Func<int, Action<string>?, SimulationResult> Run)[] All = [
        ("rides", RideSimulation.Run),
        ("merge", MergeSimulation.Run),
        ("inbox", InboxSimulation.Run),
        ("feed", FeedSimulation.Run),
        ("bursts", BurstSimulation.Run)
    ];
}

/// <summary>The result of a seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Crashes">The number of crashes.</param>
/// <param name="Replacements">The number of times that another machine replaced the lingering second node.</param>
/// <param name="Difference">The difference in the output; null if there is none.</param>
internal sealed record SimulationResult(int Seed, long Steps, int Crashes, int Replacements, string? Difference);
