using Penstock.Connectors;

namespace Penstock.Sinks;

/// <summary>The writer of a subtask that does not write.</summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class NullSinkWriter<T> : ISinkWriter<T>
{
    public void Write(Batch<T> batch, long checkpoint) => throw NoWork();

    public ValueTask<byte[]> PrepareAsync(long checkpoint) => throw NoWork();

    public void Dispose()
    {
        // There is nothing to dispose.
    }

    private static InvalidOperationException NoWork() => new("A subtask that does no work was to write something.");
}
