using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>
/// What a pipeline does, whether attributes or SQL declare it. Everything later is a function of this plan.
/// </summary>
/// <param name="nodes">The nodes in the order of their declaration; inputs may come later.</param>
internal sealed class LogicalPlan(EquatableArray<LogicalNode> nodes) : IEquatable<LogicalPlan>
{
    // Made when they are first asked for; plans are equal by their nodes alone.
    private Dictionary<string, LogicalNode>? _byId;
    private ILookup<string, LogicalNode>? _readers;

    /// <summary>The nodes in the order of their declaration; inputs may come later.</summary>
    public EquatableArray<LogicalNode> Nodes { get; } = nodes;

    /// <summary>The node of an id, the first one where several have it; null when there is none.</summary>
    public LogicalNode? Find(string id) => (_byId ??= Index()).TryGetValue(id, out var node) ? node : null;

    /// <summary>The nodes that read a node, in the order of their declaration.</summary>
    public IEnumerable<LogicalNode> ReadersOf(string id) =>
        (_readers ??= Nodes
            .SelectMany(static node => node.Inputs.Distinct().Select(input => (input, node)))
            .ToLookup(static read => read.input, static read => read.node))[id];

    /// <summary>All nodes, each behind its inputs; in a cycle somewhere in it.</summary>
    public IEnumerable<LogicalNode> InputsFirst()
    {
        var ordered = new List<LogicalNode>();
        var seen = new HashSet<LogicalNode>(ReferenceComparer<LogicalNode>.Instance);
        var path = new Stack<(LogicalNode Node, int Next)>();
        foreach (var start in Nodes)
        {
            Enter(start);
            while (path.Count > 0)
            {
                var (node, next) = path.Pop();
                if (next == node.Inputs.Count)
                {
                    ordered.Add(node);
                    continue;
                }

                path.Push((node, next + 1));
                if (Find(node.Inputs[next]) is { } input)
                {
                    Enter(input);
                }
            }
        }

        return ordered;

        void Enter(LogicalNode node)
        {
            if (seen.Add(node))
            {
                path.Push((node, 0));
            }
        }
    }

    public bool Equals(LogicalPlan? other) => other != null && Nodes.Equals(other.Nodes);

    public override bool Equals(object? obj) => Equals(obj as LogicalPlan);

    public override int GetHashCode() => Nodes.GetHashCode();

    private Dictionary<string, LogicalNode> Index()
    {
        var byId = new Dictionary<string, LogicalNode>();
        foreach (var node in Nodes)
        {
            if (!byId.ContainsKey(node.Id))
            {
                byId.Add(node.Id, node);
            }
        }

        return byId;
    }
}

/// <summary>A node of the plan. Where the declaration is broken, parts are missing; validation says so.</summary>
/// <param name="Id">The stable identity: declared, or from the name.</param>
/// <param name="Name">The name that people gave it.</param>
/// <param name="Inputs">The ids of the nodes that it reads; an unknown one keeps the text that was written.</param>
/// <param name="Row">The type of its rows, or null when it is not known.</param>
internal abstract record LogicalNode(string Id, string Name, EquatableArray<string> Inputs, TypeRef? Row)
{
    /// <summary>The event time of its rows, or null when they have none.</summary>
    public TimeModel? Time { get; init; }

    /// <summary>How its rows relate to those before them.</summary>
    public ChangelogModel Changelog { get; init; } = ChangelogModel.Append;

    /// <summary>How its rows are written; null when that is not known. Not of a sink, which has those of its stream.</summary>
    public ValueModel? RowValue { get; init; }

    /// <summary>How many subtasks the task has that begins with it; null where it does not say.</summary>
    public int? Parallelism { get; init; }

    /// <summary>Where its id is given.</summary>
    public DiagnosticAnchor IdPlace { get; init; } = DiagnosticAnchor.Name(Name);

    /// <summary>What declares it, as people wrote it, for comments; empty when nothing does.</summary>
    public string Written { get; init; } = "";
}

/// <summary>A stream that is read from outside.</summary>
internal sealed record SourceNode(string Id, string Name, TypeRef? Row, ConnectorModel Connector)
    : LogicalNode(Id, Name, EquatableArray<string>.Empty, Row);

/// <summary>A stream that an operator makes of others.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Operator">The class that is applied; null for kinds without one.</param>
/// <param name="Key">The key by which its input is partitioned; null for operators without keyed state.</param>
internal sealed record OperatorNode(
    string Id,
    string Name,
    EquatableArray<string> Inputs,
    TypeRef? Row,
    OperatorKind Kind,
    OperatorModel? Operator,
    KeyModel? Key)
    : LogicalNode(Id, Name, Inputs, Row)
{
    /// <summary>The class that is applied, of a kind that has one.</summary>
    public OperatorModel Applied => Operator ?? throw new InvalidOperationException($"A {Kind} applies no class.");

    /// <summary>Whether a task begins with it, so that its rows come from other tasks; else it is a call in the loop of another.</summary>
    public bool BeginsTask => Kind.BeginsTask || Parallelism != null;

    /// <summary>The input whose rows go first where rows of several wait; null where they go as they come.</summary>
    public int? Preferred { get; init; }

    /// <summary>Whether rows come to it that replace or delete earlier ones.</summary>
    public bool HasUpdates { get; init; }

    /// <summary>Whether its input has to be partitioned by a key.</summary>
    public bool IsKeyed => Kind.Partitioning == Partitioning.Hash;
}

/// <summary>A stream of the rows that another node put aside.</summary>
/// <param name="Output">The name of the side output.</param>
internal sealed record SideOutputNode(string Id, string Name, string Of, TypeRef? Row, string Output)
    : LogicalNode(Id, Name, new EquatableArray<string>([Of]), Row);

/// <summary>A delivery of a stream to the outside.</summary>
/// <param name="SinkId">The identity among the sinks of the stream.</param>
/// <param name="Index">Its place among the sinks of the stream.</param>
internal sealed record SinkNode(string Id, string Stream, TypeRef? Row, string SinkId, int Index, ConnectorModel Connector)
    : LogicalNode(Id, Stream, new EquatableArray<string>([Stream]), Row);

/// <summary>A stream whose producer is missing or broken: it exists, and nothing more is known.</summary>
/// <param name="Reads">The ids of the nodes that its producers read.</param>
internal sealed record BrokenNode(string Id, string Name, TypeRef? Row, EquatableArray<string> Reads)
    : LogicalNode(Id, Name, Reads, Row);

/// <summary>How rows come from one task to the next: the values of the runtime's enum that operators need.</summary>
internal enum Partitioning
{
    /// <summary>Each subtask sends to that of the same number.</summary>
    Forward,

    /// <summary>By the hash of a key, so that all rows of a key come to one subtask.</summary>
    Hash,
}

/// <summary>The event time of a stream.</summary>
/// <param name="Member">The member of the source's row that holds it.</param>
/// <param name="MaxDelay">How far rows may lag behind, in microseconds.</param>
/// <param name="Idle">After how long at its end a split stops holding time back, in microseconds; -1 for never.</param>
/// <param name="Unit">What a member that is a number counts since 1970, as the enum names it; null where it counts microseconds, or is an
/// instant.</param>
internal sealed record TimeModel(string Member, long MaxDelay, long Idle, string? Unit);

/// <summary>The key of an operator.</summary>
/// <param name="Members">The members of the input row, in order.</param>
/// <param name="Value">The key itself: the one member, or a tuple of several.</param>
internal sealed record KeyModel(EquatableArray<KeyMember> Members, ValueModel Value)
{
    /// <summary>Whether code of the row's runs when it is read, which may throw.</summary>
    public bool IsComputed => Members.Any(static member => member.IsComputed);

    /// <summary>The types of its members as checkpoints name them.</summary>
    public string Schema => string.Join(",", Members.Select(static member => ValueSchema.Plain.Of(member.Value)));
}

/// <summary>A member of a key.</summary>
/// <param name="IsNullable">Whether it is declared as a reference that can be null.</param>
/// <param name="IsComputed">Whether code of the row's runs when it is read, which may throw.</param>
internal sealed record KeyMember(string Name, ValueModel Value, bool IsNullable, bool IsComputed);
