using Penstock.Generator.Plan;

namespace Penstock.Generator.Fusion;

/// <summary>How a pipeline runs: its nodes fused into tasks, with a keyed exchange before each task but the first ones.</summary>
/// <param name="Logical">The plan that it runs, without the columns that nothing reads.</param>
/// <param name="Tasks">The tasks, upstream first.</param>
internal sealed record PhysicalPlan(LogicalPlan Logical, EquatableArray<PhysicalTask> Tasks);

/// <summary>A chain of nodes in one loop.</summary>
/// <param name="Index">Its place among the tasks.</param>
/// <param name="Input">The id of the task that feeds it, or null when it begins with a source.</param>
/// <param name="Head">Its first node and all that follows.</param>
/// <param name="Noticed">For a source: the windows downstream, whose ends its watermark must not skip.</param>
internal sealed record PhysicalTask(int Index, string? Input, Stage Head, EquatableArray<WindowModel> Noticed)
{
    public string Id => Head.Node.Id;

    /// <summary>The stages of the task, without the exchanges out of it.</summary>
    public IEnumerable<Stage> Stages() => Head.WithAllBehind().Where(static stage => stage.Kind != StageKind.Exchange);
}

/// <summary>A node in its task.</summary>
/// <param name="Kind">What the loop does here.</param>
/// <param name="Next">What follows with its rows.</param>
/// <param name="Aside">What follows with the rows that it puts aside.</param>
internal sealed record Stage(StageKind Kind, LogicalNode Node, EquatableArray<Stage> Next, EquatableArray<Stage> Aside)
{
    public IEnumerable<Stage> WithAllBehind() => new[] { this }.Concat(Next.Concat(Aside).SelectMany(static stage => stage.WithAllBehind()));
}

internal enum StageKind
{
    Source,

    /// <summary>A call of an operator.</summary>
    Operator,

    /// <summary>A stream of rows that another stage put aside.</summary>
    SideOutput,
    Sink,

    /// <summary>The way to the task of a keyed operator.</summary>
    Exchange,
}
