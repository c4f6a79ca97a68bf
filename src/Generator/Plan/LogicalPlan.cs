using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>What a pipeline does, whether it is declared by attributes or SQL. All later steps depend only on this plan.</summary>
/// <param name="nodes">The nodes in the order of declaration; a node may come before its inputs.</param>
internal sealed class LogicalPlan(EquatableArray<LogicalNode> nodes) : IEquatable<LogicalPlan>
{
    // Computed on first use. Equality of plans depends only on the nodes.
    private Dictionary<string, LogicalNode>? _byId;
    private ILookup<string, LogicalNode>? _readers;

    /// <summary>The nodes in the order of declaration; a node may come before its inputs.</summary>
    public EquatableArray<LogicalNode> Nodes { get; } = nodes;

    /// <summary>The node with an id, or the first of several; null if there is none.</summary>
    public LogicalNode? Find(string id) => (_byId ??= Index()).TryGetValue(id, out var node) ? node : null;

    /// <summary>The nodes that read a node, in the order of declaration.</summary>
    public IEnumerable<LogicalNode> ReadersOf(string id) =>
        (_readers ??= Nodes
            .SelectMany(static node => node.Inputs.Distinct().Select(input => (input, node)))
            .ToLookup(static read => read.input, static read => read.node))[id];

    /// <summary>All nodes, each after its inputs, except within a cycle.</summary>
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

/// <summary>A node of the plan. If the declaration is invalid, parts are missing; validation reports it.</summary>
/// <param name="Id">The stable identity: declared, or derived from the name.</param>
/// <param name="Name">The name in the source code.</param>
/// <param name="Inputs">The ids of the nodes that it reads; an unknown one is the name as written.</param>
/// <param name="Row">The type of its rows; null if unknown.</param>
internal abstract record LogicalNode(string Id, string Name, EquatableArray<string> Inputs, TypeRef? Row)
{
    /// <summary>The event time of its rows; null if they have none.</summary>
    public TimeModel? Time { get; init; }

    /// <summary>How its rows relate to earlier ones.</summary>
    public ChangelogModel Changelog { get; init; } = ChangelogModel.Append;

    /// <summary>How its rows are serialized; null if unknown. Sinks do not have it: use that of their stream.</summary>
    public ValueModel? RowValue { get; init; }

    /// <summary>The number of subtasks of the task that begins with it; null if not declared.</summary>
    public int? Parallelism { get; init; }

    /// <summary>The place where its id is declared.</summary>
    public DiagnosticAnchor IdPlace { get; init; } = DiagnosticAnchor.Name(Name);

    /// <summary>Its declaration as written, for comments; empty if there is none.</summary>
    public string Written { get; init; } = "";
}

/// <summary>A stream that is read from a source.</summary>
internal sealed record SourceNode(string Id, string Name, TypeRef? Row, ConnectorModel Connector)
    : LogicalNode(Id, Name, EquatableArray<string>.Empty, Row);

/// <summary>A stream that an operator computes from other streams.</summary>
/// <param name="Kind">The kind of the operator.</param>
/// <param name="Operator">The class that is applied; null for kinds without a class.</param>
/// <param name="Key">The key by which its (first) input is partitioned; null for an operator without keyed state.</param>
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
    /// <summary>The class that is applied, for a kind that has one.</summary>
    public OperatorModel Applied => Operator ?? throw new InvalidOperationException($"A {Kind} applies no class.");

    /// <summary>Whether it begins a task and gets its rows from other tasks; otherwise it is a call in the loop of another task.</summary>
    public bool BeginsTask => Kind.BeginsTask || Parallelism != null;

    /// <summary>
    /// The index of the preferred input, which is read first when several have rows; null if rows are taken in the order of arrival.
    /// </summary>
    public int? Preferred { get; init; }

    /// <summary>How long a kind without a class keeps the state of a key; null if the kind has no state of its own.</summary>
    public RetentionModel? Retention { get; init; }

    /// <summary>
    /// The member by which a kind without a class orders the rows of a key; null if it orders them by event time, or not at all.
    /// </summary>
    public KeyMember? Order { get; init; }

    /// <summary>Whether such a member is named, even if there is no such member.</summary>
    public bool HasOrder { get; init; }

    /// <summary>The inputs with rows that replace or delete earlier ones.</summary>
    public EquatableArray<int> UpdatedInputs { get; init; } = EquatableArray<int>.Empty;

    /// <summary>The event time of the rows that it takes, and of those that are late; null if they have none.</summary>
    public TimeModel? TimeOfInput { get; init; }

    /// <summary>For a kind that saves rows in flight, how they are serialized; null if unknown.</summary>
    public ValueModel? InputRows { get; init; }

    /// <summary>For a class that keeps rows, how those of each input are serialized; empty if one is unknown.</summary>
    public EquatableArray<ValueModel> KeptRows { get; init; } = EquatableArray<ValueModel>.Empty;

    /// <summary>The event time of late rows of the second input, for a kind with a side output for them; null if they have none.</summary>
    public TimeModel? TimeOfSecondInput { get; init; }

    /// <summary>The keys of further inputs, which have the same type as that of the first one.</summary>
    public EquatableArray<KeyModel> FurtherKeys { get; init; } = EquatableArray<KeyModel>.Empty;

    /// <summary>Whether its inputs are partitioned by key.</summary>
    public bool IsKeyed => Kind.Partitioning == Partitioning.Hash;

    /// <summary>Whether an input has rows that replace or delete earlier ones.</summary>
    public bool HasUpdates(int input) => UpdatedInputs.Contains(input);

    /// <summary>The key by which the rows of an input are partitioned, for an operator with a key.</summary>
    public KeyModel KeyOf(int input) =>
        input > 0 && FurtherKeys.Count > 0 ? FurtherKeys[input - 1] : Key ?? throw new InvalidOperationException($"A {Kind} has no key.");
}

/// <summary>A stream of the rows that another node emits to a side output.</summary>
/// <param name="Output">The name of the side output.</param>
internal sealed record SideOutputNode(string Id, string Name, string Of, TypeRef? Row, string Output)
    : LogicalNode(Id, Name, new EquatableArray<string>([Of]), Row);

/// <summary>A sink of a stream.</summary>
/// <param name="Index">Its index among the sinks of the stream.</param>
internal sealed record SinkNode(string Id, string Stream, TypeRef? Row, int Index, ConnectorModel Connector)
    : LogicalNode(Id, Stream, new EquatableArray<string>([Stream]), Row);

/// <summary>A stream whose producer is missing or invalid. Nothing else is known about it.</summary>
/// <param name="Reads">The ids of the nodes that its producers read.</param>
internal sealed record BrokenNode(string Id, string Name, TypeRef? Row, EquatableArray<string> Reads)
    : LogicalNode(Id, Name, Reads, Row)
{
    /// <summary>Whether a producer names fewer inputs than it needs, so that it is not known what it reads.</summary>
    public bool LacksInputs { get; init; }
}

/// <summary>How rows get from one task to the next. The values equal those of the runtime's enum that operators use.</summary>
internal enum Partitioning
{
    /// <summary>Each subtask sends to the subtask with the same number.</summary>
    Forward,

    /// <summary>By the hash of a key, so that all rows with a key go to one subtask.</summary>
    Hash,
}

/// <summary>The event time of a stream.</summary>
/// <param name="Member">The member of the source's row that contains it.</param>
/// <param name="MaxDelay">How far rows may be out of order, in microseconds.</param>
/// <param name="Idle">The time without rows after which a split no longer holds back the watermark, in microseconds; -1 for never.</param>
/// <param name="Unit">For a numeric member, the unit since 1970 by its name in the enum; null if it counts microseconds or is not a
/// number.</param>
internal sealed record TimeModel(string Member, long MaxDelay, long Idle, string? Unit)
{
    /// <summary>What happens to a row whose member is null; null if the member cannot be null.</summary>
    public NullTimeHandling? OnNull { get; init; }

    /// <summary>Whether the source stamps each row with the time at which it reads it; then there is no member.</summary>
    public bool IsIngestion { get; init; }

    /// <summary>The method of the pipeline that decides the watermarks; null if they follow from the maximum delay.</summary>
    public WatermarkModel? Watermark { get; init; }

    private const string Or = " or ";

    /// <summary>The event time of the rows of several streams together.</summary>
    public static TimeModel OfAll(IReadOnlyList<TimeModel> times) => times[0] with
    {
        Member = string.Join(Or, times.SelectMany(static time => time.Member.Split([Or], StringSplitOptions.None)).Distinct()),
        MaxDelay = times.Max(static time => time.MaxDelay),
        Watermark = times.Select(static time => time.Watermark).FirstOrDefault(static watermark => watermark != null),
        IsIngestion = times.All(static time => time.IsIngestion),
    };

    /// <summary>The event time of rows that the source stamps.</summary>
    public static TimeModel Ingestion { get; } = new("ingestion time", 0, -1, null) { IsIngestion = true };
}

/// <summary>A static method of the pipeline that decides the watermarks of a stream.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Reads">The members of the row that it reads.</param>
internal sealed record WatermarkModel(string Method, RowReads Reads);

/// <summary>What a source does with a row without event time. The values are those of <c>NullTimePolicy</c>.</summary>
internal enum NullTimeHandling
{
    Fail,
    Skip,
    SideOutput,
}

/// <summary>The key of an operator.</summary>
/// <param name="Members">The members of the input row, in order.</param>
/// <param name="Value">The key: the member, or a tuple of several.</param>
internal sealed record KeyModel(EquatableArray<KeyMember> Members, ValueModel Value)
{
    /// <summary>The key of rows that all have the same, so that one subtask gets them.</summary>
    public static KeyModel None { get; } = new(EquatableArray<KeyMember>.Empty, ValueModel.Tuple([]));

    /// <summary>Whether all rows have the same key.</summary>
    public bool IsNone => Members.Count == 0;

    /// <summary>Whether reading the key runs code of the row type, which may throw.</summary>
    public bool IsComputed => Members.Any(static member => member.IsComputed);

    /// <summary>The types of its members as they are named in checkpoints.</summary>
    public string Schema => IsNone ? "none" : string.Join(",", Members.Select(static member => ValueSchema.Plain.Of(member.Value)));
}

/// <summary>A member of a key.</summary>
/// <param name="IsNullable">Whether it is declared as a nullable reference.</param>
/// <param name="IsComputed">Whether reading it runs code of the row type, which may throw.</param>
internal sealed record KeyMember(string Name, ValueModel Value, bool IsNullable, bool IsComputed);
