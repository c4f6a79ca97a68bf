using Penstock.Checkpoints;

namespace Penstock.Hosting;

/// <content>The status of the pipeline.</content>
internal sealed partial class PipelineRunner
{
    public PipelineStatus Status()
    {
        var graph = _graph;
        var sum = new SubtaskCounters();
        var others = CountedOutside();
        var rows = SourceRows(others);
        foreach (var counted in others.Values)
        {
            sum.Late += counted.Late;
            sum.Bad += counted.Bad;
            sum.Untimed += counted.Untimed;
            sum.Windows += counted.Windows;
        }

        foreach (var subtask in graph?.Subtasks ?? [])
        {
            rows += subtask.Source != null ? subtask.Counters.RowsIn : 0;
            sum.Add(subtask.Counters);
        }

        var watch = _watch;
        var state = _state;
        var (health, reason) = _health.Judge(state, _error, graph, watch);
        return new PipelineStatus(
            Name,
            state,
            rows,
            _rowsRestored ?? 0,
            sum.Late,
            sum.Bad,
            sum.Windows,
            watch?.Watermark,
            _lastCheckpoint is { } last ? new CheckpointStatus(last.Id, last.At, last.Duration, last.StateBytes) : null,
            _restarts,
            _wasFinished,
            _error)
        {
            Health = health,
            HealthReason = reason,
            StateBytes = graph?.State.Bytes ?? 0,
            Untimed = sum.Untimed,
            SlowestSplit = watch?.Slowest,
            Sources = SourceRowCounts.Of(_definition.Plan, others, graph, watch),
        };
    }

    // The counts in the checkpoint that the attempt started from, or those of the other node as of its last checkpoint.
    private IReadOnlyDictionary<string, TaskCounters> CountedOutside() => _other
        is not { } other ? _countedBefore : _definition.Plan.Tasks.ToDictionary(
        static task => task.Id,
        task => (_countedBefore.GetValueOrDefault(task.Id) ?? TaskCounters.None)
            + (other.Counters.GetValueOrDefault(task.Id) ?? TaskCounters.None));

    private long SourceRows(IReadOnlyDictionary<string, TaskCounters> counted) =>
        _definition.Plan.Sources.Sum(task => counted.GetValueOrDefault(task.Id)?.RowsIn ?? 0);
}
