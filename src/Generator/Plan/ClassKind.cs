using Penstock.Generator.Equality;
using Penstock.Generator.Findings;

namespace Penstock.Generator.Plan;

/// <summary>A kind of operator that users write as a class and apply to one stream with <c>[Apply]</c>.</summary>
internal abstract class ClassKind : OperatorKind
{
    /// <summary>The methods of such a class, each at most once. The first one takes the rows, the last one emits them.</summary>
    public abstract EquatableArray<MethodForm> Methods { get; }

    /// <summary>Whether its rows are partitioned by a key, so that it can have state.</summary>
    public abstract bool IsKeyed { get; }

    /// <summary>Whether it has windows. State then belongs to a key and window by default.</summary>
    public abstract bool IsWindowed { get; }

    /// <summary>What a class of this kind must contain, for messages.</summary>
    public string Behaviour =>
        (Methods.Count == 1 ? "a method with " : "methods with ")
            + string.Join(" and ", Methods.Select(static form => $"[{form}]"))
            + (IsWindowed ? " and a window" : "");

    /// <summary>The method that takes the rows.</summary>
    public MethodForm Main => Methods[0];

    /// <summary>The method that emits the rows.</summary>
    public MethodForm Last => Methods[Methods.Count - 1];

    public sealed override Partitioning Partitioning => IsKeyed ? Partitioning.Hash : Partitioning.Forward;

    public sealed override TypeRef RowOf(OperatorNode node) => node.Applied.Input;

    public sealed override DiagnosticAnchor PlaceOfInput(OperatorNode node, int input) => DiagnosticAnchor.Producer(node.Name, 0, "input");

    public sealed override IEnumerable<DiagnosticInfo> ValidateRows(OperatorNode node, LogicalPlan plan)
    {
        if (plan.Find(node.Inputs[0]) is { Row: { } given } input && given.DiffersFrom(node.Applied.Input))
        {
            yield return new DiagnosticInfo(
                "PEN105",
                DiagnosticAnchor.ProducerType(node.Name),
                node.Applied.Name,
                node.Applied.Input.ShortName,
                input.Name,
                given.ShortName);
        }

        if (node.Row != null && node.Row.DiffersFrom(node.Applied.Output))
        {
            yield return new DiagnosticInfo(
                "PEN106",
                DiagnosticAnchor.RowType(node.Name),
                node.Name,
                node.Row.ShortName,
                node.Applied.Name,
                node.Applied.Output.ShortName);
        }
    }

    /// <summary>The members that the operator itself reads, including those of its key.</summary>
    protected static RowReads OwnReads(OperatorNode node) =>
        node.Key == null ? node.Applied.Reads : node.Applied.Reads.With(RowReads.Of(node.Key.Members.Select(static member => member.Name)));

    /// <summary>The steps at which the watermark must advance so that state expires in time.</summary>
    protected static IEnumerable<WatermarkGrid> TtlGrids(OperatorNode node)
    {
        if (node is { Time: not null, Applied.Ttl.Grid: > 0 and var grid })
        {
            yield return new WatermarkGrid(grid, 0, 0);
        }
    }
}
