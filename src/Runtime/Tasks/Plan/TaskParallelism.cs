using System.Globalization;

namespace Penstock.Tasks;

/// <summary>How many subtasks each task of a plan has, and how rows are spread over them.</summary>
internal sealed class TaskParallelism
{
    private readonly int _usual;
    private readonly Dictionary<string, int> _ofTask = [];

    /// <param name="plan">The plan.</param>
    /// <param name="options">What configuration says. The number of a stream counts before that of the pipeline, whoever says it; of the
    /// same, configuration counts before attributes.</param>
    public TaskParallelism(PipelinePlan plan, PipelineOptions options)
    {
        _usual = options.Parallelism ?? plan.Parallelism ?? 1;
        foreach (var task in plan.Tasks)
        {
            _ofTask[task.Id] = options.Streams.GetValueOrDefault(task.Id)?.Parallelism ?? task.Parallelism ?? _usual;
        }
    }

    /// <summary>How many subtasks a task has.</summary>
    public int Of(string task) => _ofTask[task];

    /// <summary>Whether a task has another number of subtasks than the pipeline says of all.</summary>
    public bool IsUnusual(string task) => Of(task) != _usual;

    /// <summary>How rows are spread that come over an edge of the plan.</summary>
    /// <param name="edge">The edge.</param>
    /// <param name="to">The task that it leads to.</param>
    public Partitioning Of(PlanEdge edge, string to) => (edge.Partitioning, From: Of(edge.From), To: Of(to)) switch
    {
        (_, 1, 1) => Partitioning.Forward,
        (_, _, 1) => Partitioning.Global,
        (Partitioning.Hash, _, _) => Partitioning.Hash,
        (Partitioning.Forward, var from, var subtasks) => from == subtasks ? Partitioning.Forward : Partitioning.Rebalance,
        _ => throw new InvalidOperationException($"A plan does not have such edges: {edge.Partitioning}."),
    };

    /// <summary>In words: what all have in common, and in brackets the tasks that differ.</summary>
    public override string ToString()
    {
        var others = _ofTask.Where(task => IsUnusual(task.Key))
            .Select(static task => string.Create(CultureInfo.InvariantCulture, $"{task.Key}: {task.Value}"))
            .ToList();
        return _usual.ToString(CultureInfo.InvariantCulture) + (others.Count == 0 ? "" : $" ({string.Join(", ", others)})");
    }
}
