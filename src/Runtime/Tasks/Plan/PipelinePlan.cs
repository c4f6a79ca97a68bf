using System.ComponentModel;
using System.Text;
using Penstock.Streams;
using Penstock.Tasks;

namespace Penstock;

/// <summary>A pipeline as data: its nodes, and the tasks into which they are fused.</summary>
/// <param name="Name">The name of the pipeline.</param>
/// <param name="Nodes">Sources, operators, side outputs and sinks, inputs first.</param>
/// <param name="Tasks">The fused chains, upstream first.</param>
public sealed record PipelinePlan(string Name, IReadOnlyList<PlanNode> Nodes, IReadOnlyList<PlanTask> Tasks)
{
    /// <summary>The ids of operators and sources that the pipeline had once, and whose saved state is dropped.</summary>
    public IReadOnlyList<string> RemovedState { get; init; } = [];

    /// <summary>
    /// How many subtasks each task has, as <see cref="PipelineAttribute"/> says; null where it does not. Configuration can say otherwise.
    /// </summary>
    public int? Parallelism { get; init; }

    /// <summary>
    /// How far the sources may be ahead of each other in event time, as <see cref="PipelineAttribute"/> says; null where it does not.
    /// Configuration can say otherwise.
    /// </summary>
    public TimeSpan? MaxDrift { get; init; }

    /// <summary>
    /// Draws the plan as a Mermaid flowchart: a box per node, grouped by task; a thick arrow is a keyed exchange. A parallelism other than
    /// 1 is written at the task, and at an arrow how rows are spread where that differs from what is usual there; both as attributes say,
    /// whatever configuration says. What an arrow carries is written at it where it is not new rows alone, such as <c>upsert by Shop,
    /// Start</c>.
    /// </summary>
    /// <returns>The text of the flowchart, without a code fence.</returns>
    public string ToMermaid()
    {
        var parallelism = new TaskParallelism(this, new PipelineOptions());
        var text = new StringBuilder("flowchart LR\n");
        for (var index = 0; index < Tasks.Count; index++)
        {
            text.Append("  subgraph task").Append(index).Append("[\"Task ").Append(index).Append(": ").Append(Escape(Tasks[index].Id));
            text.Append(parallelism.Of(Tasks[index].Id) is > 1 and var subtasks ? $", parallelism {subtasks}" : "").Append("\"]\n");
            foreach (var node in Tasks[index].Nodes.Select(Find))
            {
                var (open, close) = node.Kind switch
                {
                    PlanNodeKind.Source => ("([\"", "\"])"),
                    PlanNodeKind.Sink => ("[/\"", "\"/]"),
                    PlanNodeKind.Operator or PlanNodeKind.SideOutput => ("[\"", "\"]"),
                    _ => throw new InvalidOperationException($"A kind of nodes is not known: {node.Kind}."),
                };
                text.Append("    ").Append(Box(node.Id)).Append(open).Append(Escape(node.Label)).Append(close).Append('\n');
            }

            text.Append("  end\n");
        }

        foreach (var node in Nodes)
        {
            for (var input = 0; input < node.Inputs.Count; input++)
            {
                text.Append("  ").Append(Box(node.Inputs[input])).Append(Arrow(node, input, parallelism)).Append(Box(node.Id)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The tasks that read sources.</summary>
    internal IEnumerable<PlanTask> Sources => Tasks.Where(static task => task.Inputs.Count == 0);

    internal PlanTask Task(string id) => Tasks.First(task => task.Id == id);

    private string Arrow(PlanNode node, int input, TaskParallelism parallelism)
    {
        var edge = Tasks.FirstOrDefault(task => task.Id == node.Id)?.Inputs.FirstOrDefault(edge => edge.Input == input);
        var spread = edge == null ? "" : parallelism.Of(edge, node.Id) switch
        {
            Partitioning.Forward or Partitioning.Hash => "",
            Partitioning.Rebalance => "rebalance",
            Partitioning.Global => "global",
            var other => throw new InvalidOperationException($"A partitioning is not known: {other}."),
        };
        var changelog = Find(node.Inputs[input]).Changelog;
        string[] parts = [node.Key is { } key
            ? $"by {Escape(key)}"
            : "", spread, changelog.Mode == ChangelogMode.Append ? "" : Escape(changelog.ToString())];
        var text = string.Join(", ", parts.Where(static part => part.Length > 0));
        return node.Key != null ? $" ==>|\"{text}\"| "
            : node.Kind == PlanNodeKind.SideOutput ? " -.-> "
            : text.Length == 0 ? " --> "
            : $" -->|\"{text}\"| ";
    }

    private PlanNode Find(string id) => Nodes.First(node => node.Id == id);

    private string Box(string id) => "n" + Nodes.TakeWhile(node => node.Id != id).Count();

    private static string Escape(string text) => text.Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal)
        .Replace(">", "#gt;", StringComparison.Ordinal);
}

/// <summary>A node of a plan.</summary>
/// <param name="Id">The stable id: that of its stream, or of the sink.</param>
/// <param name="Kind">What the node is.</param>
/// <param name="Label">A short text for people.</param>
/// <param name="Inputs">The ids of the nodes it reads.</param>
/// <param name="RowType">The type of the rows it produces (of a sink: takes).</param>
/// <param name="Key">The key members, joined by commas, if the node is keyed.</param>
/// <param name="Time">Where event time comes from and how far rows may lag, if the stream has event time.</param>
public sealed record PlanNode(
    string Id,
    PlanNodeKind Kind,
    string Label,
    IReadOnlyList<string> Inputs,
    string RowType,
    string? Key = null,
    string? Time = null)
{
    /// <summary>What the rows of the stream mean: new rows alone, or also updates by a key.</summary>
    public Changelog Changelog { get; init; } = Changelog.Append;

    /// <summary>The files that the attribute of a source or sink names; null where it reads or writes none.</summary>
    public PlanFiles? Files { get; init; }
}

/// <summary>The files of a source or sink, as its attribute says.</summary>
/// <param name="Path">The path; configuration can override it.</param>
/// <param name="Format">The format of the rows.</param>
public sealed record PlanFiles(string Path, FileFormat Format);

/// <summary>The kinds of nodes of a plan.</summary>
public enum PlanNodeKind
{
    /// <summary>Reads rows from outside.</summary>
    Source,

    /// <summary>Turns rows into rows.</summary>
    Operator,

    /// <summary>Takes the late or bad rows of another node.</summary>
    SideOutput,

    /// <summary>Delivers rows to the outside.</summary>
    Sink,
}

/// <summary>A task of a plan: a chain of nodes fused into one loop.</summary>
/// <param name="Id">The id of its first node.</param>
/// <param name="Inputs">The edges over which rows come from other tasks, in the order of the inputs of its first node; none for a task that
/// begins with a source.</param>
/// <param name="Nodes">The ids of its nodes.</param>
public sealed record PlanTask(string Id, IReadOnlyList<PlanEdge> Inputs, IReadOnlyList<string> Nodes)
{
    /// <summary>
    /// How many subtasks it has, as an attribute of its first stream says; null where none does. Configuration can say otherwise.
    /// </summary>
    public int? Parallelism { get; init; }
}

/// <summary>A way of rows from a task to an input of another one.</summary>
/// <param name="From">The id of the task that sends them.</param>
/// <param name="Input">The input that takes them, from 0: its place among the inputs of the task's first node.</param>
/// <param name="Partitioning">
/// Which subtask gets which row: <see cref="Partitioning.Hash"/>, or <see cref="Partitioning.Forward"/>, which is another one where the two
/// tasks run with different numbers of subtasks.
/// </param>
public sealed record PlanEdge(string From, int Input, Partitioning Partitioning)
{
    /// <summary>Whether its rows go first where rows of several inputs wait.</summary>
    public bool IsPreferred { get; init; }

    /// <summary>Writes the rows where they go to another process; null where their type cannot be written.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public BatchCodec? Codec { get; init; }
}

/// <summary>How rows are spread over the subtasks of a task.</summary>
public enum Partitioning
{
    /// <summary>A subtask sends to the one that has its own index. Both tasks have the same parallelism.</summary>
    Forward,

    /// <summary>All rows of a key go to the subtask that owns its key group.</summary>
    Hash,

    /// <summary>
    /// A subtask sends one batch to each subtask in turn. So the load is even, and rows that one subtask has sent may overtake each other.
    /// </summary>
    Rebalance,

    /// <summary>All rows go to the only subtask.</summary>
    Global,
}
