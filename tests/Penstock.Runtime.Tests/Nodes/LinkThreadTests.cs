using System.Threading.Channels;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Nodes;
using Penstock.Runtime.Tests.Network.Links;
using Penstock.Tasks;
using Penstock.Testing;
using Penstock.Testing.Simulation;
using Penstock.Time;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>
/// The thread on which a node reads its link calls no user code: a blocking call would make the coordinator look dead, and an exception
/// would look like a broken link.
/// </summary>
public sealed class LinkThreadTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(20);

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_a_source_blocks_a_node_receives_messages_and_handles_them_in_order_later()
    {
        using var blocks = new ManualResetEventSlim();
        using var mayContinue = new ManualResetEventSlim();
        var (coordinator, heard, manager) = await StartAsync(() =>
        {
            blocks.Set();
            mayContinue.Wait(Stop);
        });
        using (coordinator)
        {
            try
            {
                // Over this link, the sending thread also reads at the other end.
                var sent = Task.Run(() => coordinator.Send(new ControlMessage.Complete(1)), Stop);
                await sent.WaitAsync(LongEnough, Stop);
                blocks.Wait(Stop);
                for (var passed = TimeSpan.Zero; passed < 3 * Peer.Timeout; passed += Peer.Timeout / 10)
                {
                    _time.Advance(Peer.Timeout / 10);
                }

                coordinator.Send(new ControlMessage.Trigger(new CheckpointBarrier(2, CheckpointMode.Ordinary, IsWhole: true)));
                coordinator.Send(new ControlMessage.Abort(2));
                Assert.False(manager.AttemptEnded.IsCompleted);
                Assert.False(heard.Reader.TryRead(out _));
            }
            finally
            {
                mayContinue.Set();
            }

            Assert.Equal(2, Assert.IsType<ControlMessage.Decline>(await heard.Reader.ReadAsync(Stop)).Checkpoint);
        }

        manager.Close();
        await manager.Closed.WaitAsync(Stop);
    }

    [Fact]
    public async Task What_a_source_throws_is_a_failure_of_the_node_and_not_of_the_link()
    {
        var (coordinator, heard, manager) =
            await StartAsync(static () => throw new InvalidOperationException("The server forgets nothing."));
        using (coordinator)
        {
            coordinator.Send(new ControlMessage.Complete(1));
            var failure = Assert.IsType<ControlMessage.Fail>(await heard.Reader.ReadAsync(Stop)).Cause;
            Assert.Equal(FailureKind.Source, failure.Kind);
            Assert.Contains("The server forgets nothing.", failure.Message, StringComparison.Ordinal);
            Assert.False(manager.AttemptEnded.IsCompleted);
        }

        manager.Close();
        await manager.Closed.WaitAsync(Stop);
    }

    // A blocking source is interrupted too, and pending work is not started any more.
    [Fact]
    public async Task A_node_whose_attempt_is_over_ignores_further_requests()
    {
        using var blocks = new ManualResetEventSlim();
        using var mayContinue = new ManualResetEventSlim();
        var calls = 0;
        var (coordinator, _, manager) = await StartAsync(() =>
        {
            Interlocked.Increment(ref calls);
            blocks.Set();
            mayContinue.Wait(Stop);
        });
        using (coordinator)
        {
            await Task.Run(() => coordinator.Send(new ControlMessage.Complete(1)), Stop).WaitAsync(LongEnough, Stop);
            coordinator.Send(new ControlMessage.Complete(2));
            blocks.Wait(Stop);
        }

        manager.Close();
        await manager.AttemptEnded.WaitAsync(Stop);
        Assert.False(manager.Closed.IsCompleted);
        mayContinue.Set();
        await manager.Closed.WaitAsync(Stop);
        Assert.Equal(1, calls);
    }

    // The node runs when it has answered.
    private async Task<(Peer Coordinator, Channel<ControlMessage> Heard, TaskManager Manager)> StartAsync(Action completed)
    {
        var (near, far) = SilentLink.Create();
        var files = new SimulatedFiles();
        var options = new PipelineOptions { Parallelism = 2 };
        var definition = PipelineDefinition.Of<NodePipeline>();
        var job = new CheckpointStore(Place(files), Guid.NewGuid).OpenJob();
        var environment = TestEnvironment.Create("NodePipeline", options) with
        {
            Time = _time,
            Files = files,
            Connectors = new Overridden(completed),
            Spool = Place(files),
        };
        var manager = new TaskManager(definition, environment, far);
        var heard = System.Threading.Channels.Channel.CreateUnbounded<ControlMessage>();
        var coordinator = new Peer("NodePipeline", near, 1, _time);
        coordinator.Start(new Owner(heard.Writer));
        ControlMessage[] questions =
        [
            new ControlMessage.Join(ControlMessage.Version, JobProgram.Of(definition, options), job, 1, 2, 5, false),
            new ControlMessage.Load(null, null, 1),
            new ControlMessage.OpenSources(new() { ["Rides"] = [new SourceSplit("a"), new SourceSplit("b")] }, false),
            new ControlMessage.Start(1, definition.Plan.Tasks.ToDictionary(static task => task.Id, static _ => Watermarks.None)),
        ];
        foreach (var question in questions)
        {
            coordinator.Send(question);
            Assert.Null(Assert.IsType<ControlMessage.Answer>(await heard.Reader.ReadAsync(Stop)).Failure);
        }

        return (coordinator, heard, manager);
    }

    private static FolderStorage Place(SimulatedFiles files)
    {
        var storage = new FolderStorage(files, "/checkpoints", "NodePipeline", isLocked: false);
        storage.Open();
        return storage;
    }

    private sealed class Owner(ChannelWriter<ControlMessage> heard) : IPeerOwner
    {
        public void Receive(ReadOnlySpan<byte> message) => heard.TryWrite(ControlFormat.Read(message));

        public void Break(PipelineException error) => heard.TryComplete(error);
    }

    private sealed class Overridden(Action completed) : IConnectorOverrides
    {
        public ISource<T>? Source<T>(string id) => new Quiet<T>(completed);

        public ISink<T> Sink<T>(string stream, string id) => null!;
    }

    /// <summary>A source without rows. The test provides the call that it makes when a checkpoint is complete.</summary>
    private sealed class Quiet<T>(Action completed) : IStreamingSource<T>
    {
        public bool IsUnbounded => true;

        public IReadOnlyList<SourceSplit> Discover() => [new SourceSplit("a"), new SourceSplit("b")];

        public int SlotOf(SourceSplit split) => split.Id == "a" ? 0 : 1;

        public ISplitReader<T> Open(SourceSplit split, ReadOnlySpan<byte> position, IBadRowHandler badRows) => new Reader();

        public ISplitReader<T> OpenNewSplit(SourceSplit split, IBadRowHandler badRows) => new Reader();

        public void Start(Action available)
        {
            // It returns no rows.
        }

        public ISplitReader<T>? Next() => null;

        public IReadOnlyList<SourceSplit> TakeNewSplits() => [];

        public void CheckpointCompleted(IReadOnlyList<SplitPosition> positions) => completed();

        public void Dispose()
        {
            // There are no resources.
        }

        private sealed class Reader : ISplitReader<T>
        {
            public ReadStatus Read(RowAppender<T> rows) => ReadStatus.CaughtUp;

            public void SavePosition(System.Buffers.IBufferWriter<byte> position)
            {
                // There is one split.
            }

            public string Describe(int index) => "nothing";

            public void Dispose()
            {
                // There are no resources.
            }
        }
    }
}
