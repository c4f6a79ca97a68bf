namespace Penstock.Testing.Simulation;

/// <summary>The simulated process is dead: what is still being done in it comes to nothing.</summary>
internal sealed class SimulatedCrashException() : Exception("The simulated process is dead.");
