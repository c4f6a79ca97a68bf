using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Validation;

/// <summary>Checks the graph: inputs must exist, there must be no cycles, and every stream must have a reader.</summary>
internal static class TopologyRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        var streams = plan.Nodes.Where(static node => node is not SinkNode).ToList();
        foreach (var node in streams)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (plan.Find(node.Inputs[i]) == null)
                {
                    var suggestion = Suggestions.For(
                        node.Inputs[i],
                        streams.Where(other => other != node).Select(static other => other.Name));
                    yield return new DiagnosticInfo(
                        "PEN101",
                        InputPlace(node, i),
                        new EquatableArray<string>([node.Inputs[i], Suggestions.Sentence(suggestion)]),
                        suggestion);
                }
            }
        }

        foreach (var cycle in FindCycles(plan, streams))
        {
            var (first, input) = cycle[0];
            yield return new DiagnosticInfo(
                "PEN104",
                InputPlace(first, input),
                string.Join(" → ", cycle.Select(static step => step.Node.Name)) + " → " + first.Name);
        }

        // A stream whose reader misspells its name is not reported as unused.
        var isComplete = !streams.Any(node =>
            node is BrokenNode { LacksInputs: true } || node.Inputs.Any(input => plan.Find(input) == null));
        foreach (var node in streams.Where(node => isComplete && node is not BrokenNode && !ClassRules.IsUnknown(node.Row)))
        {
            // A side output counts as used by its stream, but does not count as a reader of the stream that it belongs to.
            if (!plan.ReadersOf(node.Id).Any(reader => reader is not SideOutputNode))
            {
                yield return new DiagnosticInfo("PEN107", DiagnosticAnchor.Name(node.Name), node.Name);
            }
        }
    }

    /// <summary>The place where a node names one of its inputs.</summary>
    public static DiagnosticAnchor InputPlace(LogicalNode node, int input = 0) => node switch
    {
        OperatorNode applied => applied.Kind.PlaceOfInput(applied, input),
        SideOutputNode => DiagnosticAnchor.Producer(node.Name, 0, "stream"),
        _ => DiagnosticAnchor.ProducerElement(node.Name, 0, "input", input),
    };

    /// <summary>Each cycle once: its nodes, each with the input through which the cycle continues.</summary>
    private static IEnumerable<List<(LogicalNode Node, int Input)>> FindCycles(LogicalPlan plan, List<LogicalNode> streams)
    {
        var settled = new HashSet<string>();
        foreach (var start in streams.Where(start => !settled.Contains(start.Id)))
        {
            var path = new List<(LogicalNode Node, int Input)> { (start, -1) };
            while (path.Count > 0)
            {
                var (node, last) = path[path.Count - 1];
                var input = last + 1;
                if (input == node.Inputs.Count)
                {
                    settled.Add(node.Id);
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                path[path.Count - 1] = (node, input);
                if (plan.Find(node.Inputs[input]) is not { } next || settled.Contains(next.Id))
                {
                    continue;
                }

                var seen = path.FindIndex(step => step.Node.Id == next.Id);
                if (seen >= 0)
                {
                    yield return path.GetRange(seen, path.Count - seen);
                }
                else
                {
                    path.Add((next, -1));
                }
            }
        }
    }
}
