namespace Penstock.Testing.Simulation;

/// <summary>An operation on files that fails because a seed has it so.</summary>
internal sealed class SimulatedDiskException(string message) : IOException(message)
{
    /// <summary>How each message begins.</summary>
    public const string Begin = "The simulated disk";
}
