using Microsoft.Extensions.Logging;

namespace Penstock.Testing.Simulation;

/// <summary>The log of a simulated process, which keeps only the message about a damaged checkpoint.</summary>
internal sealed class SimulatedLog : ILogger
{
    /// <summary>The message about a damaged checkpoint; null if there was none.</summary>
    public string? Damage { get; private set; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == nameof(Telemetry.Log.CheckpointDamaged))
        {
            Damage ??= formatter(state, exception);
        }
    }
}
