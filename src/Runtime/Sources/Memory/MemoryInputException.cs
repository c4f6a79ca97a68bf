namespace Penstock.Sources.Memory;

/// <summary>
/// Rows in memory cannot be read, and a restart within the process would not help. The engine adds the name of the source.
/// </summary>
internal sealed class MemoryInputException(string message, Exception? cause = null) : Exception(message, cause);
