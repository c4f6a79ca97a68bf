using System.ComponentModel;
using System.Text;
using Penstock.Streams;
using Penstock.Tasks;

namespace Penstock;

/// <summary>A pipeline as data: its nodes, and the tasks into which they are fused.</summary>
/// <param name="Name">The name of the pipeline.</param>
/// <param name="Nodes">Sources, operators, side outputs and sinks, inputs first.</param>
/// <param name="Tasks">The fused tasks, upstream first.</param>
public sealed record PipelinePlan(string Name, IReadOnlyList<PlanNode> Nodes, IReadOnlyList<PlanTask> Tasks)
{
    /// <summary>The ids of former operators and sources of the pipeline whose saved state is dropped.</summary>
    public IReadOnlyList<string> RemovedState { get; init; } = [];

    /// <summary>
    /// The default parallelism of tasks in <see cref="PipelineAttribute"/>, or null if it is not set. Configuration can override it.
    /// </summary>
    public int? Parallelism { get; init; }

    /// <summary>
    /// The maximum drift between sources in event time in <see cref="PipelineAttribute"/>, or null if it is not set. Configuration can
    /// override it.
    /// </summary>
    public TimeSpan? MaxDrift { get; init; }

    /// <summary>
    /// Returns the plan as a Mermaid flowchart: a box per node, grouped by task; a thick arrow is a keyed exchange. A task shows its
    /// parallelism if that is not 1, and an arrow its partitioning if that is not the usual one; both according to attributes, regardless
    /// of configuration. An arrow of a stream other than an append stream shows its changelog, such as <c>upsert by Shop, Start</c>.
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
                    _ => throw new InvalidOperationException($"Unknown kind of node: {node.Kind}."),
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
            var other => throw new InvalidOperationException($"Unknown partitioning: {other}."),
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
/// <param name="Id">The stable id: that of the stream or the sink.</param>
/// <param name="Kind">The kind of the node.</param>
/// <param name="Label">A short human-readable text.</param>
/// <param name="Inputs">The ids of the upstream nodes.</param>
/// <param name="RowType">The type of the rows that the node produces; for a sink, that it accepts.</param>
/// <param name="Key">The key members, separated by commas, if the node is keyed.</param>
/// <param name="Time">The source of event time and the maximum delay, if the stream has event time.</param>
public sealed record PlanNode(
    string Id,
    PlanNodeKind Kind,
    string Label,
    IReadOnlyList<string> Inputs,
    string RowType,
    string? Key = null,
    string? Time = null)
{
    /// <summary>The changelog of the stream: only new rows, or also updates by key.</summary>
    public Changelog Changelog { get; init; } = Changelog.Append;

    /// <summary>The files in the attribute of a source or sink, or null if it does not use files.</summary>
    public PlanFiles? Files { get; init; }

    /// <summary>
    /// <c>true</c> if a connector of messages reads the options of the source or sink, <c>Path</c> among them, as its own settings.
    /// </summary>
    public bool HasOwnOptions { get; init; }
}

/// <summary>The files of a source or sink in its attribute.</summary>
/// <param name="Path">The path; configuration can override it.</param>
/// <param name="Format">The format of the rows.</param>
public sealed record PlanFiles(string Path, FileFormat Format);

/// <summary>The kinds of nodes of a plan.</summary>
public enum PlanNodeKind
{
    /// <summary>Reads rows from an external system.</summary>
    Source,

    /// <summary>Transforms rows.</summary>
    Operator,

    /// <summary>Receives rows of another node that are no main output: late, bad or untimed ones, or those of a named output.</summary>
    SideOutput,

    /// <summary>Writes rows to an external system.</summary>
    Sink,
}

/// <summary>A task of a plan: nodes that are fused into one loop.</summary>
/// <param name="Id">The id of its first node.</param>
/// <param name="Inputs">
/// The edges from other tasks, in the order of the inputs of its first node; empty for a task that begins with a source.
/// </param>
/// <param name="Nodes">The ids of its nodes.</param>
public sealed record PlanTask(string Id, IReadOnlyList<PlanEdge> Inputs, IReadOnlyList<string> Nodes)
{
    /// <summary>The parallelism in an attribute of its first stream, or null if it is not set. Configuration can override it.</summary>
    public int? Parallelism { get; init; }

    /// <summary>
    /// Indicates whether its first operator makes asynchronous calls. The task then runs apart from the tasks that send to it.
    /// </summary>
    public bool IsAsync { get; init; }
}

/// <summary>An edge from a task to an input of another one.</summary>
/// <param name="From">The id of the sending task.</param>
/// <param name="Input">The index of the input, from 0, among the inputs of the receiving task's first node.</param>
/// <param name="Partitioning">
/// The distribution of rows over subtasks: <see cref="Partitioning.Hash"/>, or <see cref="Partitioning.Forward"/>, which is replaced if the
/// two tasks run with different parallelism.
/// </param>
public sealed record PlanEdge(string From, int Input, Partitioning Partitioning)
{
    /// <summary>Indicates whether the rows of this edge are processed first if rows of several inputs wait.</summary>
    public bool IsPreferred { get; init; }

    /// <summary>The codec for sending rows to another process, or null if their type cannot be serialized.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public BatchCodec? Codec { get; init; }
}

/// <summary>The distribution of rows over the subtasks of a task.</summary>
public enum Partitioning
{
    /// <summary>A subtask sends to the subtask of the same index. Both tasks have the same parallelism.</summary>
    Forward,

    /// <summary>All rows of a key go to the subtask that owns its key group.</summary>
    Hash,

    /// <summary>
    /// A subtask sends one batch to each subtask in turn. The load is even, but rows of one sender may overtake each other.
    /// </summary>
    Rebalance,

    /// <summary>All rows go to the only subtask.</summary>
    Global,
}
