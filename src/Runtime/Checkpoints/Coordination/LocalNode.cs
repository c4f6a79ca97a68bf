using Penstock.Network;
using Penstock.Tasks;
using Penstock.Telemetry;

namespace Penstock.Checkpoints;

/// <summary>
/// The node of a job in this process: passes barriers to its subtasks, writes their frozen state, and describes it to the coordinator.
/// </summary>
internal sealed class LocalNode : INodeControl
{
    private readonly ExecutionGraph _graph;
    private readonly StateFiles _files;
    private readonly IJobControl _job;
    private readonly int _subtasks;
    private readonly Lock _gate = new();
    private readonly List<PreparedSink> _prepared = [];
    private NodeCheckpoint? _current;
    private Task _writing = Task.CompletedTask;
    private bool _isClosed;

    /// <summary>Creates a node from the subtasks of a graph.</summary>
    /// <param name="number">The number of the node in the job.</param>
    /// <param name="graph">The subtasks of the node.</param>
    /// <param name="files">The state files to write.</param>
    /// <param name="job">The coordinator.</param>
    public LocalNode(int number, ExecutionGraph graph, StateFiles files, IJobControl job)
    {
        Number = number;
        _graph = graph;
        _files = files;
        _job = job;
        _subtasks = graph.Subtasks.Count();
        graph.Acknowledged = Add;
        graph.Failed = error => job.Fail(number, error);
        graph.AllEnded = () => job.End(number);
    }

    public int Number { get; }

    private ExecutionEnvironment Environment => _graph.Environment;

    public void Trigger(CheckpointBarrier barrier)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            var current = Current(barrier.Checkpoint);
            current.CompleteIfAligned(_subtasks);
            _graph.Trigger(barrier);
            _writing = TakeAsync(barrier, current);
        }
    }

    public void Complete(long checkpoint)
    {
        lock (_gate)
        {
            _prepared.RemoveAll(sink => sink.Checkpoint <= checkpoint);
        }

        _graph.OnCheckpointCompleted();
    }

    public void Abort(long checkpoint)
    {
        lock (_gate)
        {
            if (_current?.Id == checkpoint)
            {
                _current.Cancel();
            }
        }
    }

    /// <summary>
    /// Abandons a checkpoint that the node is waiting for, and waits until nothing is being written. No other checkpoint is started.
    /// </summary>
    public async Task CloseAsync()
    {
        Task writing;
        lock (_gate)
        {
            _isClosed = true;
            _current?.Cancel();
            writing = _writing;
        }

        await writing;
        lock (_gate)
        {
            // It was not triggered yet.
            _current?.End();
        }
    }

    // Called on the thread of the subtask. A barrier from another node may arrive before the coordinator has notified this one of the
    // checkpoint.
    private void Add(long checkpoint, SubtaskSnapshot snapshot)
    {
        lock (_gate)
        {
            _prepared.AddRange(snapshot.Prepared);
            if (!_isClosed && !(checkpoint < _current?.Id) && Current(checkpoint) is var current && current.TryAdd(snapshot))
            {
                current.CompleteIfAligned(_subtasks);
                return;
            }
        }

        // Too late: the checkpoint has failed.
        snapshot.End();
    }

    // Only one at a time: this node has answered the previous one.
    private NodeCheckpoint Current(long checkpoint) =>
        _current?.Id == checkpoint ? _current : _current = new NodeCheckpoint(checkpoint, Environment.Background.Completion);

    private async Task TakeAsync(CheckpointBarrier barrier, NodeCheckpoint checkpoint)
    {
        try
        {
            _job.Acknowledge(await WriteAsync(barrier, checkpoint));
        }
        catch (Exception error)
        {
            _job.Decline(Number, barrier.Checkpoint, error);
        }
    }

    private async Task<CheckpointPart> WriteAsync(CheckpointBarrier barrier, NodeCheckpoint checkpoint)
    {
        List<PreparedSink> sinks;
        StateFile file;
        List<SubtaskState> state;
        try
        {
            await ReachBarrierAsync(barrier.Checkpoint, checkpoint.Aligned);
            lock (_gate)
            {
                sinks = [.. _prepared];
            }

            var writing = Environment.Background.RunLong(() => Write(barrier, checkpoint.Snapshots));
            (file, state) = await LogIfSlowAsync(writing, barrier.Checkpoint, $"the state in '{_files.Location}'");
        }
        finally
        {
            lock (_gate)
            {
                checkpoint.End();
            }
        }

        var prepared = new Dictionary<string, List<byte[]>>();
        foreach (var sink in sinks)
        {
            prepared.TryAdd(sink.Id, []);
            if (await LogIfSlowAsync(sink.Done, barrier.Checkpoint, $"the output of sink '{sink.Id}'") is { Length: > 0 } bytes)
            {
                prepared[sink.Id].Add(bytes);
            }
        }

        return new CheckpointPart(Number, barrier.Checkpoint, file, state, prepared, Count(checkpoint.Snapshots));
    }

    private async Task ReachBarrierAsync(long checkpoint, Task aligned)
    {
        var timeout = Environment.Options.Checkpoints.Timeout;
        try
        {
            await aligned.WaitAsync(timeout, Environment.Time);
        }
        catch (TimeoutException error)
        {
            throw new CheckpointFailedException(
                ErrorCodes.CheckpointTimedOut,
                $"Checkpoint {checkpoint}: not every subtask has reached the barrier within {timeout} (Checkpoints:Timeout). Look for the "
                    + $"task that causes backpressure.",
                error);
        }
    }

    // It is always awaited, because an abandoned write would run concurrently with the next checkpoint.
    private async Task<T> LogIfSlowAsync<T>(Task<T> writing, long checkpoint, string what)
    {
        var timeout = Environment.Options.Checkpoints.Timeout;
        using var wake = new CancellationTokenSource();
        if (await Task.WhenAny(writing, Task.Delay(timeout, Environment.Time, wake.Token)) != writing)
        {
            Environment.Log.CheckpointHangs(Environment.Name, checkpoint, timeout, what);
        }

        wake.Cancel();
        return await writing;
    }

    private (StateFile File, List<SubtaskState> State) Write(CheckpointBarrier barrier, List<SubtaskSnapshot> snapshots) =>
        CheckpointFailedException.Explained(
            barrier.Checkpoint,
            _files.Location,
            () => _files.Write(CheckpointNames.State(barrier.Checkpoint, Environment.Writer), snapshots));

    private static Dictionary<string, TaskCounters> Count(
        List<SubtaskSnapshot> snapshots) => snapshots.GroupBy(static snapshot => snapshot.Task).ToDictionary(
        static task => task.Key,
        static task => task.Aggregate(TaskCounters.None, static (sum, snapshot) => sum + snapshot.Counters));
}
