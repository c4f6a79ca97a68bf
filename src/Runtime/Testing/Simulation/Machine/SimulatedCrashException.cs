namespace Penstock.Testing.Simulation;

/// <summary>Thrown in a simulated process that is dead, so that its remaining work has no effect.</summary>
internal sealed class SimulatedCrashException() : Exception("The simulated process is dead.");
