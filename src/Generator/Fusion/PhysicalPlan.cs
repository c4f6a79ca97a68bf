using Penstock.Generator.Equality;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>How a pipeline runs: its nodes fused into tasks, with exchanges between them.</summary>
/// <param name="Logical">The plan that it runs, without the columns that nothing reads.</param>
/// <param name="Tasks">The tasks, upstream first.</param>
internal sealed record PhysicalPlan(LogicalPlan Logical, EquatableArray<PhysicalTask> Tasks)
{
    /// <summary>The types of the rows that go from task to task, each once.</summary>
    public IEnumerable<ValueModel> RowsBetweenTasks => Tasks.SelectMany(static task => task.Inputs)
        .Select(static edge => edge.Rows).OfType<ValueModel>()
        .GroupBy(static rows => rows.Type).Select(static same => same.First());
}

/// <summary>How a pipeline runs in a test that reads every stream.</summary>
/// <param name="Plan">All of it.</param>
/// <param name="Tasks">The tasks that are not those of production.</param>
/// <param name="Readers">The sources whose rows are read otherwise: where production leaves out a column that nothing reads, a test reads
/// it.</param>
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
/// <param name="Index">Its place among the tasks.</param>
/// <param name="Inputs">What feeds it, by input; none when it begins with a source.</param>
/// <param name="Head">Its first node and all that follows.</param>
/// <param name="Grids">For a source: the instants that its watermark must not skip, since operators downstream wait for them.</param>
internal sealed record PhysicalTask(int Index, EquatableArray<TaskEdge> Inputs, Stage Head, EquatableArray<WatermarkGrid> Grids)
{
    public string Id => Head.Node.Id;

    /// <summary>The stages of the task, without the exchanges out of it.</summary>
    public IEnumerable<Stage> Stages() => Head.SelfAndDescendants().Where(static stage => stage.Kind != StageKind.Exchange);
}

/// <summary>A way by which rows come into a task.</summary>
/// <param name="From">The id of the task that sends them.</param>
/// <param name="Input">The input of the task's first node.</param>
/// <param name="Partitioning">Which subtask gets a row.</param>
/// <param name="Rows">How the rows are written where they go to another process; null where they cannot be.</param>
internal sealed record TaskEdge(string From, int Input, Partitioning Partitioning, ValueModel? Rows)
{
    /// <summary>Whether its rows go before those of other edges.</summary>
    public bool IsPreferred { get; init; }
}

/// <summary>A node in its task.</summary>
/// <param name="Kind">What the loop does here.</param>
/// <param name="Next">What follows with its rows.</param>
/// <param name="SideOutputs">What follows with the rows that it puts aside.</param>
internal sealed record Stage(StageKind Kind, LogicalNode Node, EquatableArray<Stage> Next, EquatableArray<Stage> SideOutputs)
{
    /// <summary>Of an exchange: the input of the node to which it leads.</summary>
    public int Input { get; init; }

    /// <summary>The stage and all that follow; not the input of a task, which does nothing.</summary>
    public IEnumerable<Stage> SelfAndDescendants() =>
        (Kind == StageKind.Input
            ? Enumerable.Empty<Stage>()
            : [this]).Concat(Next.Concat(SideOutputs).SelectMany(static stage => stage.SelfAndDescendants()));
}

internal enum StageKind
{
    Source,

    /// <summary>What comes from other tasks to a task whose first operator is a call in its loop.</summary>
    Input,

    /// <summary>A call of an operator.</summary>
    Operator,

    /// <summary>A stream of rows that another stage put aside.</summary>
    SideOutput,
    Sink,

    /// <summary>The way to another task.</summary>
    Exchange,
}
