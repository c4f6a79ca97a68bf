namespace Penstock.Sinks.Memory;

/// <summary>
/// The program accepts no more rows, and a restart within the process would not help. The engine adds the name of the sink.
/// </summary>
internal sealed class MemoryOutputException(string message, Exception? cause = null) : Exception(message, cause);
