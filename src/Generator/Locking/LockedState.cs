using Penstock.Generator.Plan;
using Penstock.Generator.Schemas;

namespace Penstock.Generator.Locking;

/// <summary>A part of the state that a pipeline saves, as the build knows it.</summary>
/// <param name="Id">The id under which it is saved.</param>
/// <param name="FormerIds">Its former ids.</param>
/// <param name="Schema">Its schema, with former names and upgrades.</param>
/// <param name="Node">The source or operator.</param>
internal sealed record LockedState(string Id, IReadOnlyList<string> FormerIds, StateSchema Schema, LogicalNode Node)
{
    // The build does not know the content of a source's positions, only that they exist.
    private static readonly StateSchema Splits = StateSchema.Parse("splits{}");

    /// <summary>The name of the map or list; null for the fields of an operator.</summary>
    public string? Collection => Id.Length > Node.Id.Length + 1 && Id[Node.Id.Length] == '.' ? Id.Substring(Node.Id.Length + 1) : null;

    public static IReadOnlyList<LockedState> Of(LogicalPlan plan) =>
    [
        .. plan.Nodes.SelectMany(static node => node switch
        {
            SourceNode => [new LockedState(node.Id, [], Splits, node)],
            OperatorNode { Key: { } key } keyed => keyed.Kind.StatesOf(keyed).Select(part => new LockedState(
                node.Id + part.Id,
                [.. part.FormerIds.Select(former => node.Id + former)],
                StateSchema.Parse(part.Schema.Replace("$", key.Schema)),
                node)),
            OperatorNode { Kind.IsAsync: true } applied => applied.Kind.StatesOf(applied)
                .Select(part => new LockedState(node.Id + part.Id, [], StateSchema.Parse(part.Schema), node)),
            _ => Enumerable.Empty<LockedState>(),
        }),
    ];
}
