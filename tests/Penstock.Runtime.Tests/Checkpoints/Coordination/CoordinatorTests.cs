using System.Text.Json;
using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Runtime.Tests.Sources.Files;
using Penstock.Sinks;
using Penstock.Tasks;

namespace Penstock.Runtime.Tests.Checkpoints.Coordination;

/// <summary>
/// Tests the coordinator of a job with two nodes, of which only the messages exist. Each message is serialized and parsed.
/// </summary>
public sealed class CoordinatorTests : IDisposable
{
    private const string Sink = "out";

    private readonly ExecutionEnvironment _environment = TestEnvironment.Create("Ledger") with
    {
        // Code that waits for a message continues while it is handled.
        Background = AtOnce.Instance,
    };

    private readonly CheckpointStore _store;
    private readonly CommittedOutput _output = new();
    private readonly JobMaster _job;
    private readonly Node _a;
    private readonly Node _b;

    public CoordinatorTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _store = new CheckpointStore(new FolderStorage(_environment.Files, "/checkpoints", "Ledger"), Guid.NewGuid);
        var sinks = new SinkCommitters(new ConnectorHealth("the commit", TimeProvider.System), _environment.Background);
        sinks.Add(Sink, () => _output);
        var counted = new Manifest
        {
            Job = _store.OpenJob(),
            Pipeline = "Ledger",
            Id = 4,
            TakenAt = default,
            PenstockVersion = "",
            Terminal = false,
            Subtasks = [],
            KeyGroups = 128,
            Files = [],
            State = [],
            Sinks = [],
            Counters = new() { [Task] = new(100, 0, 0, 0, 0) },
        };
        _job = new JobMaster(_environment, LedgerPipeline.Plan, _store, sinks, new RestoredStart(counted, 5, null, Secret: 7));
        (_a, _b) = (new Node(0), new Node(1));
        _job.Join(_a);
        _job.Join(_b);
    }

    private static string Task => LedgerPipeline.Plan.Tasks[0].Id;

    [Fact]
    public async Task A_checkpoint_is_published_and_committed_when_all_nodes_have_written_their_part()
    {
        var taking = TakeAsync();
        Assert.Equal(["trigger 5 whole"], _a.Heard);
        Acknowledge(1, 5, rows: 20, prepared: 2);
        Acknowledge(1, 5, rows: 20, prepared: 2);
        Assert.Empty(_store.List());
        Assert.False(taking.IsCompleted);

        Acknowledge(0, 5, rows: 1, prepared: 1);
        await await taking;
        var manifest = _store.Read(5)!;
        Assert.Equal(new TaskCounters(121, 0, 0, 0, 0), manifest.Counters[Task]);
        Assert.Equal(7UL, manifest.Secret);
        Assert.Equal(["0000000005-1.state", "0000000005.state"], manifest.Files.Select(static file => file.Name));
        Assert.Equal(
            LedgerPipeline.Plan.Tasks.Select(static (task, index) => $"{task.Id} in {1 - (index % 2)}").Order(StringComparer.Ordinal),
            manifest.State.Select(static subtask => $"{subtask.Task} in {subtask.Pieces.Single().File}").Order(StringComparer.Ordinal));
        Assert.Equal(["5: 2 1"], _output.Commits);
        Assert.Equal(["trigger 5 whole", "complete 5"], _a.Heard);
        Assert.Equal(_a.Heard, _b.Heard);
    }

    [Fact]
    public async Task A_checkpoint_that_one_node_has_not_written_fails_on_all_and_the_next_one_is_whole()
    {
        await TakeAsync(5);
        var taking = TakeAsync();
        Acknowledge(0, 6, rows: 1, prepared: 1);
        _job.Decline(1, 6, new CheckpointFailedException(ErrorCodes.CheckpointNotWritten, "No space", new IOException()));
        await Assert.ThrowsAsync<CheckpointFailedException>(() => taking);
        Assert.Equal([5], _store.List());

        // A message that is too late belongs to no checkpoint.
        var next = TakeAsync();
        Acknowledge(1, 6, rows: 2, prepared: 9);
        Acknowledge(0, 7, rows: 1, prepared: 1);
        _job.Decline(1, 6, new CheckpointFailedException(ErrorCodes.CheckpointNotWritten, "Once more", new IOException()));
        Assert.False(next.IsCompleted);
        Acknowledge(1, 7, rows: 2, prepared: 2);
        await await next;
        string[] heard = ["trigger 5 whole", "complete 5", "trigger 6", "abort 6", "trigger 7 whole", "complete 7"];
        Assert.Equal(heard, _a.Heard);
        Assert.Equal(heard, _b.Heard);
        Assert.Equal(["5: 1 1", "7: 1 2"], _output.Commits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_checkpoint_begins_when_no_node_writes_the_one_that_has_failed_any_more(bool isWritten)
    {
        var taking = TakeAsync();
        SourceReading.Add(_environment.Files, "/checkpoints/0000000005-1.state", [1]);
        _job.Decline(0, 5, new CheckpointFailedException(ErrorCodes.CheckpointNotWritten, "No space", new IOException()));

        // The failure is known at once.
        await Assert.ThrowsAsync<CheckpointFailedException>(() => taking);
        var next = TakeAsync();
        Assert.Equal(["trigger 5 whole", "abort 5"], _a.Heard);
        Assert.True(_environment.Files.FileExists("/checkpoints/0000000005-1.state"));
        if (isWritten)
        {
            Acknowledge(1, 5, rows: 1, prepared: 1);
        }
        else
        {
            _job.Decline(1, 5, new CheckpointFailedException(ErrorCodes.CheckpointNotWritten, "No space here, too", new IOException()));
        }

        Assert.Equal(["trigger 5 whole", "abort 5", "trigger 6 whole"], _a.Heard);
        Assert.Equal(_a.Heard, _b.Heard);
        Assert.False(_environment.Files.FileExists("/checkpoints/0000000005-1.state"));
        Acknowledge(0, 6, rows: 1, prepared: 1);
        Acknowledge(1, 6, rows: 1, prepared: 1);
        Assert.Equal(6, (await await next).Id);
    }

    [Fact]
    public async Task A_checkpoint_that_waits_for_a_node_that_does_not_answer_is_given_up_with_the_attempt()
    {
        var taking = TakeAsync();
        SourceReading.Add(_environment.Files, "/checkpoints/0000000005-1.state", [1]);
        _job.Decline(0, 5, new CheckpointFailedException(ErrorCodes.CheckpointNotWritten, "No space", new IOException()));
        await Assert.ThrowsAsync<CheckpointFailedException>(() => taking);
        var next = TakeAsync();
        await _job.Checkpoints.AbandonAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(["trigger 5 whole", "abort 5"], _a.Heard);

        // The checkpoint may still be in progress on the other node.
        Assert.True(_environment.Files.FileExists("/checkpoints/0000000005-1.state"));
    }

    [Fact]
    public async Task A_published_checkpoint_stays_when_a_node_fails_on_its_completion()
    {
        _a.Completing = static () => throw new PipelineException(PipelineErrorCode.Custom, "The source cannot note it");
        await Assert.ThrowsAsync<PipelineException>(() => TakeAsync(5));
        Assert.Equal([5], _store.List());
        Assert.Equal(["trigger 5 whole", "complete 5"], _a.Heard);
        Assert.Empty(_output.Commits);
    }

    [Fact]
    public async Task A_checkpoint_that_is_given_up_is_not_published()
    {
        var taking = TakeAsync();
        Acknowledge(0, 5, rows: 1, prepared: 1);
        await _job.Checkpoints.AbandonAsync();
        Acknowledge(1, 5, rows: 1, prepared: 1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.Throws<OperationCanceledException>(() => { _ = TakeAsync(); });
        Assert.Empty(_store.List());
        Assert.Empty(_output.Commits);
    }

    [Fact]
    public async Task The_next_checkpoint_is_taken_beside_a_commit_and_published_behind_it()
    {
        _output.CommitsDuringCheckpoints = true;
        _output.MayContinue = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await TakeDurableAsync(5);
        await _output.Begun.Task;
        var second = TakeDurableAsync(6);
        Assert.Equal(["trigger 5 whole", "complete 5", "trigger 6"], _a.Heard);

        // A start would commit only the newest one.
        Assert.False(second.IsCompleted);
        Assert.Equal([5], _store.List());
        Assert.Empty(_output.Commits);
        Assert.False(first.IsCompleted);

        _output.MayContinue.SetResult();
        Assert.Equal(5, (await first).Id);
        Assert.Equal(6, (await await second).Id);
        Assert.Equal(["5: 1 1", "6: 1 1"], _output.Commits);
    }

    [Fact]
    public async Task Where_a_sink_does_not_commit_beside_checkpoints_the_next_one_begins_behind_the_commit()
    {
        _output.MayContinue = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var publishing = TakeDurableAsync(5);
        await _output.Begun.Task;
        Assert.Equal([5], _store.List());
        Assert.False(publishing.IsCompleted);
        _output.MayContinue.SetResult();
        await await publishing;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_that_waits_is_cancelled_when_the_attempt_is_given_up(bool isBeside)
    {
        _output.CommitsDuringCheckpoints = isBeside;
        _output.MayContinue = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var publishing = TakeDurableAsync(5);
        await _output.Begun.Task;
        var next = isBeside ? TakeDurableAsync(6) : null;
        await _job.Checkpoints.AbandonAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await await publishing);
        if (next != null)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        }

        Assert.Equal([5], _store.List());
        Assert.Empty(_output.Commits);
        Assert.False(_job.Failed.IsCompleted);
    }

    [Fact]
    public async Task A_commit_that_fails_beside_a_checkpoint_fails_the_attempt()
    {
        _output.CommitsDuringCheckpoints = true;
        _output.MayContinue = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var committing = await TakeDurableAsync(5);
        var next = TakeDurableAsync(6);
        _output.MayContinue.SetException(new IOException("The catalog is down"));
        Assert.Equal("The catalog is down", (await Assert.ThrowsAsync<IOException>(() => _job.Failed)).Message);
        await Assert.ThrowsAsync<IOException>(() => committing);
        await Assert.ThrowsAsync<IOException>(() => next);
        Assert.Equal([5], _store.List());
    }

    [Fact]
    public async Task A_job_has_ended_when_all_its_nodes_have_and_fails_with_the_first_of_them()
    {
        _job.End(0);
        _job.End(0);
        Assert.False(_job.Ended.IsCompleted);
        _job.End(1);
        await _job.Ended;

        Assert.False(_job.Failed.IsCompleted);
        _job.Fail(1, new IOException("gone"));
        _job.Fail(0, new IOException("gone, too"));
        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => _job.Failed)).Message);
    }

    public void Dispose() => _store.Dispose();

    private async Task TakeAsync(long checkpoint) => await await TakeDurableAsync(checkpoint);

    private Task<Task<CompletedCheckpoint>> TakeDurableAsync(long checkpoint)
    {
        var publishing = TakeAsync();
        Acknowledge(0, checkpoint, rows: 1, prepared: 1);
        Acknowledge(1, checkpoint, rows: 1, prepared: 1);
        return publishing;
    }

    private Task<Task<CompletedCheckpoint>> TakeAsync() => _job.Checkpoints.TakeAsync(CheckpointMode.Ordinary);

    private void Acknowledge(int node, long checkpoint, long rows, byte prepared)
    {
        // Each task has one subtask. Those with even numbers are on one node, the others on the other node.
        var state = LedgerPipeline.Plan.Tasks
            .Where((_, index) => index % 2 == node)
            .Select(static task => new SubtaskState(task.Id, 0, [new StatePiece(0, 0, 0, [], [])]));
        var part = new CheckpointPart(
            node,
            checkpoint,
            new StateFile(CheckpointNames.State(checkpoint, node), 0),
            [.. state],
            new() { [Sink] = [[prepared]] },
            new() { [Task] = new(rows, 0, 0, 0, 0) });
        _job.Acknowledge(JsonSerializer.Deserialize<CheckpointPart>(JsonSerializer.Serialize(part))!);
    }

    private sealed class Node(int number) : INodeControl
    {
        public List<string> Heard { get; } = [];

        public int Number => number;

        public void Trigger(CheckpointBarrier barrier)
        {
            var sent = JsonSerializer.Deserialize<CheckpointBarrier>(JsonSerializer.Serialize(barrier));
            Heard.Add($"trigger {sent.Checkpoint}{(sent.IsWhole ? " whole" : "")}");
        }

        public Action Completing { get; set; } = static () => { };

        public void Complete(long checkpoint)
        {
            Heard.Add($"complete {checkpoint}");
            Completing();
        }

        public void Abort(long checkpoint) => Heard.Add($"abort {checkpoint}");
    }

    private sealed class CommittedOutput : ISinkCommitter
    {
        public List<string> Commits { get; } = [];

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource? MayContinue { get; set; }

        public bool CommitsDuringCheckpoints { get; set; }

        public bool CanRevoke => true;

        public ValueTask<long?> LastCommittedAsync() => new((long?)0);

        public async ValueTask CommitAsync(long checkpoint, IReadOnlyList<byte[]> prepared, CancellationToken stop)
        {
            Begun.TrySetResult();
            await (MayContinue?.Task ?? System.Threading.Tasks.Task.CompletedTask).WaitAsync(stop);
            Commits.Add($"{checkpoint}: {string.Join(' ', prepared.Select(static bytes => bytes.Single()))}");
        }

        public ValueTask RevokeAfterAsync(long checkpoint) => default;

        public void Dispose()
        {
            // There are no resources.
        }
    }
}
