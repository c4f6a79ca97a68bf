using Microsoft.Extensions.Logging;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>Collects log messages.</summary>
internal sealed class CollectedLogs : ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, string Text, Exception? Error)> _entries = [];

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<(LogLevel Level, string Text, Exception? Error)> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _entries.Add((logLevel, formatter(state, exception), exception));
        }
    }

    public void Dispose() => IsDisposed = true;
}
