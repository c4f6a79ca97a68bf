using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>The tasks of a pipeline: its nodes fused into loops, with exchanges between them.</summary>
/// <param name="Logical">The logical plan, without the columns that nothing reads.</param>
/// <param name="Tasks">The tasks, upstream first.</param>
internal sealed record PhysicalPlan(LogicalPlan Logical, EquatableArray<PhysicalTask> Tasks)
{
    /// <summary>The types of the rows that go from task to task, each once.</summary>
    public IEnumerable<ValueModel> RowsBetweenTasks => Tasks.SelectMany(static task => task.Inputs)
        .Select(static edge => edge.Rows).OfType<ValueModel>()
        .GroupBy(static rows => rows.Type).Select(static same => same.First());
}

/// <summary>The tasks of a pipeline in a test that reads every stream.</summary>
/// <param name="Plan">The whole plan.</param>
/// <param name="Tasks">The tasks that differ from those of production.</param>
/// <param name="Readers">The sources with other readers than in production, because a test reads columns that nothing else reads.</param>
internal sealed record TestedPlan(PhysicalPlan Plan, EquatableArray<PhysicalTask> Tasks, EquatableArray<SourceNode> Readers)
{
    public static TestedPlan Of(PhysicalPlan production, PhysicalPlan tested) => new(
        tested,
        tested.Tasks.Where(task => !production.Tasks.Contains(task)).ToEquatableArray(),
        tested.Logical.Nodes.OfType<SourceNode>()
            .Where(source => !source.Connector.Equals(((SourceNode)production.Logical.Find(source.Id)!).Connector))
            .ToEquatableArray());
}

/// <summary>A tree of nodes in one loop.</summary>
/// <param name="Index">Its index among the tasks.</param>
/// <param name="Inputs">The edges that lead to it, by input; empty if it begins with a source.</param>
/// <param name="Head">Its first node, with all following stages.</param>
/// <param name="Grids">For a source, the times that its watermark must not skip, because operators downstream observe them.</param>
internal sealed record PhysicalTask(int Index, EquatableArray<TaskEdge> Inputs, Stage Head, EquatableArray<WatermarkGrid> Grids)
{
    public string Id => Head.Node.Id;

    /// <summary>The stages of the task, without the exchanges out of it.</summary>
    public IEnumerable<Stage> Stages() => Head.WorkingStages().Where(static stage => stage.Kind != StageKind.Exchange);
}

/// <summary>An edge by which rows enter a task.</summary>
/// <param name="From">The id of the task that sends them.</param>
/// <param name="Input">The input of the task's first node.</param>
/// <param name="Partitioning">How rows are assigned to subtasks.</param>
/// <param name="Rows">How rows are serialized for another process; null if they cannot be.</param>
internal sealed record TaskEdge(string From, int Input, Partitioning Partitioning, ValueModel? Rows)
{
    /// <summary>Whether its rows are taken before those of other edges.</summary>
    public bool IsPreferred { get; init; }
}

/// <summary>A node in its task.</summary>
/// <param name="Kind">The role of the node in the loop.</param>
/// <param name="Next">The stages that follow with its rows.</param>
/// <param name="SideOutputs">The stages that follow with the rows of its side outputs.</param>
internal sealed record Stage(StageKind Kind, LogicalNode Node, EquatableArray<Stage> Next, EquatableArray<Stage> SideOutputs)
{
    /// <summary>For an exchange, the input of the node to which it leads.</summary>
    public int Input { get; init; }

    /// <summary>The stage and all following stages, except the input of a task, which does nothing.</summary>
    public IEnumerable<Stage> WorkingStages() =>
        (Kind == StageKind.Input
            ? Enumerable.Empty<Stage>()
            : [this]).Concat(Next.Concat(SideOutputs).SelectMany(static stage => stage.WorkingStages()));
}

internal enum StageKind
{
    Source,

    /// <summary>The rows from other tasks, if the first operator of the task is a call in its loop.</summary>
    Input,

    /// <summary>A call of an operator.</summary>
    Operator,

    /// <summary>A side output of another stage.</summary>
    SideOutput,
    Sink,

    /// <summary>An exchange to another task.</summary>
    Exchange,
}
