using Penstock.Connectors;

namespace Penstock;

/// <summary>
/// Passes rows to the program itself, as soon as they are there. After a restart within the process, rows since the last checkpoint are
/// passed a second time.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public abstract class MemorySink<T> : ISink<T>
{
    private protected MemorySink()
    {
    }

    /// <inheritdoc/>
    public ISinkWriter<T> OpenWriter(int subtask) => new Writer(this);

    /// <inheritdoc/>
    public ISinkCommitter CreateCommitter() => new Committer(this);

    /// <summary>Passes rows on. Waits while the program has no room for them.</summary>
    /// <exception cref="PipelineException">The program accepts no more rows.</exception>
    private protected abstract void Write(ReadOnlySpan<T> rows, CancellationToken stop);

    /// <summary>Tells the program that there are no more rows. May be called several times.</summary>
    private protected abstract void Complete();

    private sealed class Writer(MemorySink<T> sink) : ISinkWriter<T>
    {
        private readonly CancellationTokenSource _stop = new();

        public void Write(Batch<T> batch, long checkpoint) => sink.Write(batch.Rows.AsSpan(0, batch.Count), _stop.Token);

        // Rows are passed on when they are written, so nothing is left to commit.
        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([]);

        public void Interrupt() => _stop.Cancel();

        public void Dispose() => _stop.Cancel();
    }

    private sealed class Committer(MemorySink<T> sink) : ISinkCommitter
    {
        public bool CanRevoke => true;

        public bool CommitsDuringCheckpoints => true;

        public ValueTask<long?> LastCommittedAsync() => new((long?)0);

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop) => default;

        public ValueTask RevokeAfterAsync(long checkpoint) => default;

        public ValueTask ReleaseAsync()
        {
            sink.Complete();
            return default;
        }

        public void Dispose()
        {
            // There is nothing to dispose.
        }
    }
}
