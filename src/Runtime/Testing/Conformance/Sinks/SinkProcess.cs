using Penstock.Connectors;
using Penstock.Streams;

namespace Penstock.Testing;

/// <summary>
/// A process that writes to a sink like the engine: with a sink object and a writer for each subtask, and one committer.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
internal sealed class SinkProcess<T> : IAsyncDisposable
{
    private readonly CheckRun _run;
    private readonly SinkSetup<T> _setup;
    private readonly List<ISink<T>> _sinks = [];
    private readonly Dictionary<int, ISinkWriter<T>> _writers = [];
    private bool _isDisposed;

    public SinkProcess(CheckRun run, SinkSetup<T> setup)
    {
        (_run, _setup) = (run, setup);
        var sink = CreateSink();
        run.Begin("creates its committer");
        Committer = sink.CreateCommitter() ?? throw run.Broken(
            "it has returned null.",
            $"Return a committer; {nameof(SinkCommitter)}.{nameof(SinkCommitter.None)} where rows are visible as they are written.");
    }

    public ISinkCommitter Committer { get; }

    public async Task ClaimAsync(SinkOwner owner, bool isKnown)
    {
        _run.Begin($"takes its place for the job of pipeline '{owner.Pipeline}'");
        await Committer.ClaimAsync(owner, isKnown);
    }

    /// <summary>Writes rows in a separate batch, which is reused for other rows afterwards.</summary>
    public void Write(int subtask, long checkpoint, IReadOnlyList<T> rows)
    {
        var batch = new BatchPool<T>(Math.Max(1, rows.Count)).Rent();
        Write(subtask, checkpoint, rows, batch);
    }

    /// <summary>Writes rows in a batch, and then clears the batch.</summary>
    public void Write(int subtask, long checkpoint, IReadOnlyList<T> rows, Batch<T> batch)
    {
        foreach (var row in rows)
        {
            batch.Add(in row, TimeOf(row));
        }

        var writer = Writer(subtask);
        _run.Begin($"writes {rows.Count} rows of checkpoint {checkpoint} in subtask {subtask}");
        writer.Write(batch, checkpoint);
        batch.Empty();
    }

    private long TimeOf(T row) =>
        _setup.TimeOf is { } timeOf ? (timeOf(row) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : 0;

    public Task<byte[]> BeginToPrepare(int subtask, long checkpoint)
    {
        var writer = Writer(subtask);
        _run.Begin($"prepares checkpoint {checkpoint} in subtask {subtask}");
        return writer.PrepareAsync(checkpoint).AsTask();
    }

    public async Task<byte[]> PrepareAsync(int subtask, long checkpoint) => await BeginToPrepare(subtask, checkpoint)
        ?? throw _run.Broken("PrepareAsync has returned null.", "Return an empty array where nothing was written.");

    public async Task<byte[]> WriteAndPrepareAsync(long checkpoint, IReadOnlyList<T> rows)
    {
        Write(0, checkpoint, rows);
        return await PrepareAsync(0, checkpoint);
    }

    public async Task CommitAsync(long checkpoint, params byte[][] prepared)
    {
        _run.Begin($"commits checkpoint {checkpoint}");
        await Committer.CommitAsync(checkpoint, [.. prepared.Where(static one => one.Length > 0)], CancellationToken.None);
    }

    public async Task RevokeAfterAsync(long checkpoint)
    {
        _run.Begin($"takes back what is later than checkpoint {checkpoint}");
        await Committer.RevokeAfterAsync(checkpoint);
    }

    public async Task<long?> LastCommittedAsync()
    {
        _run.Begin("is asked for the newest checkpoint with visible output");
        return await Committer.LastCommittedAsync();
    }

    public ISinkWriter<T> Writer(int subtask)
    {
        if (!_writers.TryGetValue(subtask, out var writer))
        {
            var sink = subtask == 0 ? _sinks[0] : CreateSink();
            _run.Begin($"opens the writer of subtask {subtask}");
            writer = sink.OpenWriter(subtask) ?? throw _run.Broken("it has returned null.", "Return a writer.");
            _writers[subtask] = writer is not IColumnWriter<T> ? writer
                : throw _run.Broken(
                    "it has returned a writer of columns.",
                    "The compiler writes what makes columns of rows: check a sink of columns by a pipeline.");
        }

        return writer;
    }

    /// <summary>Ends the process, even if it has unfinished work.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await CloseAsync();
        }
    }

    /// <summary>Closes everything that is open.</summary>
    public async Task CloseAsync()
    {
        _run.Begin("closes its writers");
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }

        _run.Begin("closes its committer");
        Committer.Dispose();
        foreach (var sink in _sinks.Where(static sink => sink is not (ISinkWriter<T> or ISinkCommitter)))
        {
            await CheckRun.CloseAsync(sink);
        }
    }

    private ISink<T> CreateSink()
    {
        var sink = _setup.Create() ?? throw _run.Broken("Create has returned null.", "Return a sink.");
        _run.Check(sink);
        _sinks.Add(sink);
        return sink;
    }
}
