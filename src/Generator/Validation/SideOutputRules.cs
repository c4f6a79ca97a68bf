using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Side outputs: each has a producer, and what is put aside has a consumer.</summary>
internal static class SideOutputRules
{
    private static readonly string[] Known = [SideOutputs.Late, SideOutputs.BadRows];

    public static IEnumerable<Finding> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<SideOutputNode>())
        {
            if (Validate(plan, node) is { } finding)
            {
                yield return finding;
            }
        }

        foreach (var source in plan.Nodes.OfType<SourceNode>())
        {
            if (source.Connector.BadRows == BadRowHandling.SideOutput
                && !plan.ReadersOf(source.Id).OfType<SideOutputNode>().Any(static node => node.Output == SideOutputs.BadRows))
            {
                yield return new Finding("PEN506", Place.Producer(source.Name, 0, "OnBadRow"), source.Name);
            }
        }
    }

    private static Finding? Validate(LogicalPlan plan, SideOutputNode node)
    {
        var place = Place.Producer(node.Name, 0, "output");
        var producer = plan.Find(node.Inputs[0]);
        if (!Known.Contains(node.Output))
        {
            var suggestion = Suggestions.For(node.Output, Known);
            return new Finding("PEN114", place, new EquatableArray<string>([node.Output, Suggestions.Sentence(suggestion)]), suggestion);
        }

        return (node.Output, producer) switch
        {
            (_, null or BrokenNode) => null,
            (_, OperatorNode applied) when applied.Kind.SideOutputOf(applied, node.Output) != null => null,
            (SideOutputs.Late, _) => new Finding("PEN207", TopologyRules.InputPlace(node), node.Name, producer.Name),
            (SideOutputs.BadRows, SourceNode { Connector.BadRows: BadRowHandling.SideOutput }) => null,
            (_, SourceNode { Connector: ReadSourceModel }) => new Finding("PEN505", TopologyRules.InputPlace(node), node.Name, producer.Name),
            (_, SourceNode { Connector: CustomConnectorModel }) => null,
            _ => new Finding("PEN119", TopologyRules.InputPlace(node), node.Name, producer.Name),
        };
    }
}
