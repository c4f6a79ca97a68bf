using Penstock.Connectors;
using Penstock.Tasks;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Checkpoints.Coordination;

/// <summary>A sink whose commit waits for something that does not happen.</summary>
public sealed class WaitingCommitTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stop_waits_for_it_no_longer_than_its_timeout()
    {
        var options = new PipelineOptions { ShutdownTimeout = TimeSpan.FromMilliseconds(20) };
        options.Checkpoints.Interval = TimeSpan.FromMilliseconds(1);
        var connectors = new Connectors();
        var environment = TestEnvironment.Create("Clicks", options) with { Connectors = connectors };
        var runner = environment.RunnerOf<ClicksPipeline>();
        using var stop = new CancellationTokenSource();
        var running = runner.RunAsync(stop.Token);
        await PipelineWaiting.UntilAsync(running, () => connectors.Waits.Task.IsCompletedSuccessfully);
        await stop.CancelAsync();
        await running.WaitAsync(Timeout);
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, runner.Status().State);

        // It is abandoned, and releases its resources when it ends.
        Assert.False(connectors.IsDisposed.Task.IsCompleted);
        connectors.Comes.SetResult();
        await connectors.IsDisposed.Task.WaitAsync(Timeout);
    }

    private sealed class Connectors : IConnectorOverrides
    {
        private readonly TestConnectors _connectors = new(1);

        public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Comes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource IsDisposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ISource<T> Source<T>(string id) => _connectors.Source<T>(id);

        public ISink<T> Sink<T>(string stream, string id) => new WaitingSink<T>(this);
    }

    private sealed class WaitingSink<T>(Connectors connectors) : ISink<T>, ISinkWriter<T>, ISinkCommitter
    {
        public bool CanRevoke => true;

        public ISinkWriter<T> OpenWriter(int subtask) => this;

        public ISinkCommitter CreateCommitter() => this;

        public void Write(Batch<T> batch, long checkpoint)
        {
            // The written rows do not matter.
        }

        public ValueTask<byte[]> PrepareAsync(long checkpoint) => new([1]);

        public ValueTask<long?> LastCommittedAsync() => new((long?)0);

        public ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
        {
            connectors.Waits.TrySetResult();
            return new(connectors.Comes.Task);
        }

        public ValueTask RevokeAfterAsync(long checkpoint) => default;

        public void Dispose() => connectors.IsDisposed.TrySetResult();
    }
}
