using Penstock.Runtime.Tests.Firing;

namespace Penstock.Runtime.Tests.Simulation;

/// <summary>Every job that is simulated.</summary>
internal static class Simulations
{
    /// <summary>The jobs: the name, and what runs it under a seed, telling what is about to happen.</summary>
    public static readonly (string Name, Func<int, Action<string>?, SimulationResult> Run)[] All = [
        ("rides", RideSimulation.Run),
        ("merge", MergeSimulation.Run),
        ("inbox", InboxSimulation.Run),
        ("feed", FeedSimulation.Run),
        ("bursts", BurstSimulation.Run)
    ];
}

/// <summary>What became of a seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Crashes">How many crashes there were.</param>
/// <param name="Replacements">How many times another machine replaced the second node while it lingered.</param>
/// <param name="Difference">In what the output differs; null where it is right.</param>
internal sealed record SimulationResult(int Seed, long Steps, int Crashes, int Replacements, string? Difference);
