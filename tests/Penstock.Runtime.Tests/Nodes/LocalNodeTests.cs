using Penstock.Checkpoints;
using Penstock.Connectors;
using Penstock.Network;
using Penstock.Network.Links;
using Penstock.Tasks;
using Penstock.Testing;
using Penstock.Threads;

namespace Penstock.Runtime.Tests.Nodes;

/// <summary>A node of a job: which subtasks it has, and its part in checkpoints.</summary>
public sealed class LocalNodeTests : IDisposable
{
    private readonly DelayedBackground _background = new();
    private readonly Job _job = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly ExecutionGraph _graph;
    private readonly LocalNode _node;

    public LocalNodeTests()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _graph = Environment(parallelism: 2).GraphOf<LedgerPipeline>();
        var storage = new FolderStorage(new MemoryFileSystem(), "/checkpoints", "Ledger");
        storage.Open();
        _node = new LocalNode(0, _graph, new StateFiles(storage), _job);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_subtask_runs_on_one_node_and_the_first_one_has_templates_of_the_others(int parallelism)
    {
        var (near, far) = MemoryLink.Create(("far", "near"));
        using var peers = new Peer("test", near, 1, TimeProvider.System);
        using var others = new Peer("test", far, 1, TimeProvider.System);
        using var first = Environment(parallelism).GraphOf<LedgerPipeline>(new NodeMembership(new Placement(0, 2), peers));
        using var second = Environment(parallelism).GraphOf<LedgerPipeline>(new NodeMembership(new Placement(1, 2), others));
        List<string> here = [.. first.Subtasks.Select(Name)];
        List<string> there = [.. second.Subtasks.Select(Name)];
        Assert.Equal(
            LedgerPipeline.Plan.Tasks
                .SelectMany(task => Enumerable.Range(0, parallelism).Select(index => $"{task.Id} {index}"))
                .Order(StringComparer.Ordinal),
            here.Concat(there).Order(StringComparer.Ordinal));
        Assert.NotEmpty(here);
        Assert.NotEmpty(there);
        Assert.Equal(
            LedgerPipeline.Plan.Tasks.Select(static task => task.Id).Order(StringComparer.Ordinal),
            first.WithTemplates.Select(static subtask => subtask.Context.TaskId).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(there, second.WithTemplates.Select(Name));

        // The coordinator commits for all.
        Assert.Equal(_graph.Sinks.All.Keys.Order(StringComparer.Ordinal), first.Sinks.All.Keys.Order(StringComparer.Ordinal));
        Assert.NotEmpty(first.Sinks.All);
        Assert.Empty(second.Sinks.All);
    }

    [Fact]
    public void A_barrier_from_another_node_may_arrive_before_the_coordinator_announces_the_checkpoint()
    {
        Freeze(5, _graph.Subtasks);
        Assert.Empty(_job.Heard);
        _node.Trigger(new CheckpointBarrier(5, CheckpointMode.Ordinary, IsWhole: true));
        Assert.Equal([$"acknowledge 5: {_graph.Subtasks.Count()}"], _job.Heard);
    }

    [Fact]
    public void A_checkpoint_that_has_failed_elsewhere_is_answered_when_it_is_not_written_any_more()
    {
        _background.IsDelayed = true;
        _node.Trigger(new CheckpointBarrier(5, CheckpointMode.Ordinary, IsWhole: true));
        Freeze(5, _graph.Subtasks);
        _node.Abort(5);
        Assert.Empty(_job.Heard);
        _background.Release();
        Assert.Equal([$"acknowledge 5: {_graph.Subtasks.Count()}"], _job.Heard);
    }

    [Fact]
    public void A_checkpoint_that_has_failed_elsewhere_waits_for_no_subtask()
    {
        _node.Trigger(new CheckpointBarrier(5, CheckpointMode.Ordinary, IsWhole: true));
        Freeze(5, _graph.Subtasks.Skip(1));
        Assert.Empty(_job.Heard);
        _node.Abort(5);
        Assert.Equal(["decline 5"], _job.Heard);
        Freeze(5, _graph.Subtasks.Take(1));
        Assert.Equal(["decline 5"], _job.Heard);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_written_for_longer_than_the_checkpoint_timeout_is_awaited_and_logged(bool isAborted)
    {
        _background.IsDelayed = true;
        _node.Trigger(new CheckpointBarrier(5, CheckpointMode.Ordinary, IsWhole: true));
        Freeze(5, _graph.Subtasks);
        if (isAborted)
        {
            _node.Abort(5);
        }

        var timeout = _graph.Environment.Options.Checkpoints.Timeout;
        _time.Advance(timeout - TimeSpan.FromSeconds(1));
        Assert.Empty(_logs.Entries);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            "Checkpoint 5 of pipeline Ledger has been writing the state in '/checkpoints' for 00:10:00 (Checkpoints:Timeout), and is still waiting. No other checkpoint starts before it ends or fails, and output stays invisible.",
            Assert.Single(_logs.Entries).Text);
        _time.Advance(timeout);
        Assert.Empty(_job.Heard);
        _background.Release();
        Assert.Equal([$"acknowledge 5: {_graph.Subtasks.Count()}"], _job.Heard);
        Assert.Single(_logs.Entries);
    }

    [Fact]
    public void Output_prepared_for_longer_than_the_checkpoint_timeout_is_awaited_and_logged()
    {
        var prepared = new TaskCompletionSource<byte[]>();
        _node.Trigger(new CheckpointBarrier(5, CheckpointMode.Ordinary, IsWhole: true));
        Freeze(5, _graph.Subtasks, new PreparedSink("Counts", 5, prepared.Task));
        _time.Advance(_graph.Environment.Options.Checkpoints.Timeout);
        Assert.StartsWith(
            "Checkpoint 5 of pipeline Ledger has been writing the output of sink 'Counts' for 00:10:00",
            Assert.Single(_logs.Entries).Text,
            StringComparison.Ordinal);
        Assert.Empty(_job.Heard);
        prepared.SetResult([1]);
        Assert.Equal([$"acknowledge 5: {_graph.Subtasks.Count()}"], _job.Heard);
    }

    [Fact]
    public void Barriers_of_two_checkpoints_are_never_taken_for_one()
    {
        var subtask = _graph.Subtasks.First(static subtask => subtask.Inputs.Length == 2);
        Assert.False(subtask.Align(new CheckpointBarrier(5, CheckpointMode.Ordinary, IsWhole: true)));
        var error =
            Assert.Throws<InvalidOperationException>(() => subtask.Align(new CheckpointBarrier(6, CheckpointMode.Ordinary, IsWhole: true)));
        Assert.Equal("The barrier of checkpoint 6 has come while others of the same subtask are at checkpoint 5.", error.Message);
    }

    [Fact]
    public void What_comes_of_an_older_checkpoint_is_no_part_of_the_next_one()
    {
        _node.Trigger(new CheckpointBarrier(6, CheckpointMode.Ordinary, IsWhole: true));
        Freeze(5, _graph.Subtasks.Take(1));
        Freeze(6, _graph.Subtasks.Skip(1));
        Assert.Empty(_job.Heard);
        Freeze(6, _graph.Subtasks.Take(1));
        Assert.Equal([$"acknowledge 6: {_graph.Subtasks.Count()}"], _job.Heard);
    }

    public void Dispose()
    {
        _graph.Dispose();
        _logs.Dispose();
    }

    private static string Name(Subtask subtask) => $"{subtask.Context.TaskId} {subtask.Context.Subtask}";

    private ExecutionEnvironment Environment(int parallelism) => TestEnvironment.Create(
        "Ledger",
        new PipelineOptions { Parallelism = parallelism }) with
    {
        Log = _logs,
        Background = _background,
        Time = _time,
        Connectors = new TestConnectors(1),
        CreateMailbox = new ManualScheduler().CreateMailbox,
    };

    private void Freeze(long checkpoint, IEnumerable<Subtask> subtasks, params IEnumerable<PreparedSink> prepared)
    {
        foreach (var subtask in subtasks)
        {
            var snapshot = new SubtaskSnapshot(subtask.Context.TaskId, subtask.Context.Subtask, TaskCounters.None);
            snapshot.Prepared.AddRange(prepared);
            _graph.OnAcknowledged(checkpoint, snapshot);
        }
    }

    private sealed class Job : IJobControl
    {
        public List<string> Heard { get; } = [];

        public void Acknowledge(CheckpointPart part) => Heard.Add($"acknowledge {part.Checkpoint}: {part.State.Count}");

        public void Decline(int node, long checkpoint, Exception cause) => Heard.Add($"decline {checkpoint}");

        public void Fail(int node, Exception cause) => Heard.Add("fail");

        public void End(int node) => Heard.Add("end");
    }

    // Work that takes long is delayed until it is released.
    private sealed class DelayedBackground : IBackground
    {
        private Action? _delayed;

        public bool IsDelayed { get; set; }

        public TaskCreationOptions Completion => TaskCreationOptions.None;

        public int Threads => 1;

        public void Release()
        {
            IsDelayed = false;
            _delayed!();
        }

        public Task<T> Run<T>(Func<T> work)
        {
            try
            {
                return Task.FromResult(work());
            }
            catch (Exception error)
            {
                return Task.FromException<T>(error);
            }
        }

        public Task<T> RunLong<T>(Func<T> work)
        {
            if (!IsDelayed)
            {
                return Run(work);
            }

            var done = new TaskCompletionSource<T>();
            _delayed = () => done.SetResult(work());
            return done.Task;
        }
    }
}
