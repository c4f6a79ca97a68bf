using System.Globalization;

namespace Penstock.Tasks;

/// <summary>The parallelism of each task of a plan, and the partitioning between tasks.</summary>
internal sealed class TaskParallelism
{
    private readonly int _usual;
    private readonly Dictionary<string, int> _ofTask = [];

    /// <param name="plan">The plan.</param>
    /// <param name="options">
    /// The configuration. The parallelism of a stream takes precedence over that of the pipeline, wherever it is set; for each of them,
    /// configuration takes precedence over attributes.
    /// </param>
    public TaskParallelism(PipelinePlan plan, PipelineOptions options)
    {
        _usual = options.Parallelism ?? plan.Parallelism ?? 1;
        foreach (var task in plan.Tasks)
        {
            _ofTask[task.Id] = options.Streams.GetValueOrDefault(task.Id)?.Parallelism ?? task.Parallelism ?? _usual;
        }
    }

    /// <summary>Returns the parallelism of a task.</summary>
    public int Of(string task) => _ofTask[task];

    /// <summary>Determines whether the parallelism of a task differs from the default of the pipeline.</summary>
    public bool IsUnusual(string task) => Of(task) != _usual;

    /// <summary>Returns the partitioning of an edge of the plan.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="to">The receiving task.</param>
    public Partitioning Of(PlanEdge edge, string to) => (edge.Partitioning, From: Of(edge.From), To: Of(to)) switch
    {
        (_, 1, 1) => Partitioning.Forward,
        (_, _, 1) => Partitioning.Global,
        (Partitioning.Hash, _, _) => Partitioning.Hash,
        (Partitioning.Forward, var from, var subtasks) => from == subtasks ? Partitioning.Forward : Partitioning.Rebalance,
        _ => throw new InvalidOperationException($"A plan does not have such edges: {edge.Partitioning}."),
    };

    /// <summary>Returns the default parallelism as text, with the tasks that differ in parentheses.</summary>
    public override string ToString()
    {
        var others = _ofTask.Where(task => IsUnusual(task.Key))
            .Select(static task => string.Create(CultureInfo.InvariantCulture, $"{task.Key}: {task.Value}"))
            .ToList();
        return _usual.ToString(CultureInfo.InvariantCulture) + (others.Count == 0 ? "" : $" ({string.Join(", ", others)})");
    }
}
