namespace Penstock.Generator.Plan;

/// <summary>
/// What a pipeline does, whether attributes or SQL declare it. Everything later is a function of this plan.
/// </summary>
/// <param name="Nodes">The nodes in the order of their declaration; inputs may come later.</param>
internal sealed record LogicalPlan(EquatableArray<LogicalNode> Nodes)
{
    public LogicalNode? Find(string id)
    {
        foreach (var node in Nodes)
        {
            if (node.Id == id)
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>The nodes that read a node, in the order of their declaration.</summary>
    public IEnumerable<LogicalNode> ReadersOf(string id) => Nodes.Where(node => node.Inputs.Contains(id));
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
    public ChangelogMode Changelog { get; init; }
}

/// <summary>A stream that is read from outside.</summary>
internal sealed record SourceNode(string Id, string Name, TypeRef? Row, ConnectorModel Connector)
    : LogicalNode(Id, Name, EquatableArray<string>.Empty, Row);

/// <summary>A stream that an operator makes of another.</summary>
/// <param name="Key">The key by which its input is partitioned; null for operators without keyed state.</param>
internal sealed record OperatorNode(string Id, string Name, string Input, TypeRef? Row, OperatorModel Operator, KeyModel? Key)
    : LogicalNode(Id, Name, new EquatableArray<string>([Input]), Row);

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

/// <summary>How the rows of a stream relate to those before them.</summary>
internal enum ChangelogMode
{
    /// <summary>Every row is new.</summary>
    Append,

    /// <summary>A row replaces the one that was sent before with the same key.</summary>
    Upsert,
}

/// <summary>The event time of a stream.</summary>
/// <param name="Member">The member of the source's row that holds it.</param>
/// <param name="MaxDelay">How far rows may lag behind, in microseconds.</param>
/// <param name="Idle">After how long at its end a split stops holding time back, in microseconds; -1 for never.</param>
/// <param name="Unit">What a member that is a number counts since 1970, as the enum names it; null where it counts microseconds, or is an instant.</param>
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
