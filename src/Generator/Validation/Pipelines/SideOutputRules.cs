using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks side outputs: each stream must read one that exists, and each one with rows must have a reader.</summary>
internal static class SideOutputRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<SideOutputNode>())
        {
            if (Validate(plan, node) is { } finding)
            {
                yield return finding;
            }
        }

        foreach (var node in plan.Nodes.OfType<OperatorNode>())
        {
            var taken = plan.ReadersOf(node.Id).OfType<SideOutputNode>().Select(static reader => reader.Output).ToList();
            var own = node.Operator?.SideOutputs ?? EquatableArray<SideOutputModel>.Empty;

            // A stream that reads a side output with a wrong name may be meant for this one.
            var isTold = taken.All(output => own.Any(side => side.Name == output));
            foreach (var side in own.Where(side => isTold && !taken.Contains(side.Name)))
            {
                yield return new DiagnosticInfo(
                    "PEN125",
                    DiagnosticAnchor.ProducerType(node.Name),
                    node.Applied.Name,
                    side.Name,
                    node.Name,
                    side.Row.ShortName);
            }
        }

        foreach (var source in plan.Nodes.OfType<SourceNode>())
        {
            if (source.Connector.BadRows == BadRowHandling.SideOutput
                && !plan.ReadersOf(source.Id).OfType<SideOutputNode>().Any(static node => node.Output == SideOutputs.BadRows))
            {
                yield return new DiagnosticInfo("PEN506", DiagnosticAnchor.Producer(source.Name, 0, "OnBadRow"), source.Name);
            }

            if (source.Time?.OnNull == NullTimeHandling.SideOutput
                && !plan.ReadersOf(source.Id).OfType<SideOutputNode>().Any(static node => node.Output == SideOutputs.Untimed))
            {
                yield return new DiagnosticInfo(
                    "PEN216",
                    DiagnosticAnchor.AttributeOf(source.Name, KnownNames.EventTime, "OnNull"),
                    source.Name);
            }
        }
    }

    private static DiagnosticInfo? Validate(LogicalPlan plan, SideOutputNode node)
    {
        var place = DiagnosticAnchor.Producer(node.Name, 0, "output");
        if (plan.Find(node.Inputs[0]) is not { } producer || producer is BrokenNode)
        {
            return null;
        }

        var named = producer is OperatorNode applied ? applied.Kind.SideOutputsOf(applied).Select(static side => side.Name).ToList() : [];
        if (named.Contains(node.Output))
        {
            return null;
        }

        string[] known = [SideOutputs.Late, SideOutputs.BadRows, SideOutputs.Untimed];
        if (!known.Contains(node.Output) || (node.Output == SideOutputs.Late && named.Contains(SideOutputs.LateLeft)))
        {
            var suggestion = Suggestions.For(node.Output, [.. named.Where(name => !known.Contains(name)), .. known]);
            return new DiagnosticInfo(
                "PEN114",
                place,
                new EquatableArray<string>([node.Output, producer.Name, Suggestions.Sentence(suggestion)]),
                suggestion);
        }

        return (node.Output, producer) switch
        {
            (SideOutputs.Late, _) => new DiagnosticInfo("PEN207", TopologyRules.InputPlace(node), node.Name, producer.Name),
            (SideOutputs.Untimed, SourceNode { Time.OnNull: NullTimeHandling.SideOutput }) => null,
            (SideOutputs.Untimed, _) => new DiagnosticInfo(
                "PEN217",
                TopologyRules.InputPlace(node),
                node.Name,
                producer.Name,
                producer is SourceNode { Time.OnNull: not null }
                    ? "set OnNull = NullTimePolicy.SideOutput there"
                    : "only a source whose event time has OnNull = NullTimePolicy.SideOutput emits them"),
            (SideOutputs.BadRows, SourceNode { Connector.BadRows: BadRowHandling.SideOutput }) => null,
            (_, SourceNode { Connector: ReadSourceModel }) =>
                new DiagnosticInfo("PEN505", TopologyRules.InputPlace(node), node.Name, producer.Name),
            (_, SourceNode { Connector: CustomConnectorModel }) => null,
            _ => new DiagnosticInfo("PEN119", TopologyRules.InputPlace(node), node.Name, producer.Name),
        };
    }
}
