namespace Penstock.Testing.Simulation;

/// <summary>The error of a file operation that fails because of the seed.</summary>
internal sealed class SimulatedDiskException(string message) : IOException(message)
{
    /// <summary>How each message begins.</summary>
    public const string Begin = "The simulated disk";
}
