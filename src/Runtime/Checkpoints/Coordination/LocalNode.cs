using Penstock.Network;
using Penstock.Tasks;

namespace Penstock.Checkpoints;

/// <summary>The node of a job that lies in this process: passes barriers to its subtasks, writes what they freeze, and describes it to the coordinator.</summary>
internal sealed class LocalNode : INodeControl
{
    private readonly PipelineGraph _graph;
    private readonly StateFiles _files;
    private readonly IJobControl _job;
    private readonly int _subtasks;
    private readonly Lock _gate = new();
    private readonly List<PreparedSink> _prepared = [];
    private List<SubtaskSnapshot> _snapshots = [];
    private TaskCompletionSource _aligned = new();
    private Task _writing = Task.CompletedTask;
    private long _current;
    private bool _isOpen;
    private bool _isClosed;

    /// <summary>Makes a node of the subtasks of a graph.</summary>
    /// <param name="number">Its number in the job.</param>
    /// <param name="graph">Its subtasks.</param>
    /// <param name="files">Where their state is written.</param>
    /// <param name="job">The coordinator.</param>
    public LocalNode(int number, PipelineGraph graph, StateFiles files, IJobControl job)
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

            (_current, _isOpen, _snapshots, _aligned) = (barrier.Checkpoint, true, [], new TaskCompletionSource(Environment.Background.Completion));
            _graph.Trigger(barrier);
            _writing = TakeAsync(barrier, _aligned.Task, _snapshots);
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
            if (_current == checkpoint)
            {
                _aligned.TrySetCanceled();
            }
        }
    }

    /// <summary>Gives up a checkpoint for which the node waits, and waits until nothing is written any more. No other one begins.</summary>
    public async Task CloseAsync()
    {
        Task writing;
        lock (_gate)
        {
            _isClosed = true;
            _aligned.TrySetCanceled();
            writing = _writing;
        }

        await writing;
    }

    // Called on the thread of the subtask.
    private void Add(long checkpoint, SubtaskSnapshot snapshot)
    {
        lock (_gate)
        {
            _prepared.AddRange(snapshot.Prepared);
            if (_isOpen && checkpoint == _current)
            {
                _snapshots.Add(snapshot);
                if (_snapshots.Count == _subtasks)
                {
                    _aligned.TrySetResult();
                }

                return;
            }
        }

        // Too late: the checkpoint has failed.
        snapshot.End();
    }

    private async Task TakeAsync(CheckpointBarrier barrier, Task aligned, List<SubtaskSnapshot> snapshots)
    {
        try
        {
            _job.Acknowledge(await WriteAsync(barrier, aligned, snapshots));
        }
        catch (Exception error)
        {
            _job.Decline(Number, barrier.Checkpoint, error);
        }
    }

    private async Task<CheckpointPart> WriteAsync(CheckpointBarrier barrier, Task aligned, List<SubtaskSnapshot> snapshots)
    {
        List<PreparedSink> sinks;
        StateFile file;
        List<SubtaskState> state;
        try
        {
            await ReachBarrierAsync(barrier.Checkpoint, aligned);
            lock (_gate)
            {
                sinks = [.. _prepared];
            }

            (file, state) = await Environment.Background.RunLong(() => Write(barrier, snapshots));
        }
        finally
        {
            End(snapshots);
        }

        var prepared = new Dictionary<string, List<byte[]>>();
        foreach (var sink in sinks)
        {
            prepared.TryAdd(sink.Id, []);
            if (await sink.Done is { Length: > 0 } bytes)
            {
                prepared[sink.Id].Add(bytes);
            }
        }

        return new CheckpointPart(Number, barrier.Checkpoint, file, state, prepared, Count(snapshots));
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
                $"Checkpoint {checkpoint}: not every subtask has reached the barrier within {timeout} (Checkpoints:Timeout). Look for the task that holds the others up (backpressure).", error);
        }
    }

    private (StateFile File, List<SubtaskState> State) Write(CheckpointBarrier barrier, List<SubtaskSnapshot> snapshots) =>
        CheckpointFailedException.Explained(barrier.Checkpoint, _files.Location, () => _files.Write(CheckpointNames.State(barrier.Checkpoint, Number), snapshots));

    private void End(List<SubtaskSnapshot> snapshots)
    {
        lock (_gate)
        {
            _isOpen = false;
            snapshots.ForEach(static snapshot => snapshot.End());
        }
    }

    private static Dictionary<string, TaskCounters> Count(List<SubtaskSnapshot> snapshots) => snapshots.GroupBy(static snapshot => snapshot.Task).ToDictionary(
        static task => task.Key,
        static task => task.Aggregate(TaskCounters.None, static (sum, snapshot) => sum + snapshot.Counters));
}
