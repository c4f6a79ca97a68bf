using Microsoft.Extensions.Logging;

namespace Penstock.Testing.Simulation;

/// <summary>What a process of a simulation logs: of that it keeps whether it has found a checkpoint that is damaged.</summary>
internal sealed class SimulatedLog : ILogger
{
    /// <summary>What was said of a checkpoint that is damaged; null where there was none.</summary>
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
