using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>The graph: inputs that exist, no cycles, no stream that nothing reads.</summary>
internal static class TopologyRules
{
    public static IEnumerable<Finding> Validate(LogicalPlan plan)
    {
        var streams = plan.Nodes.Where(static node => node is not SinkNode).ToList();
        foreach (var node in streams)
        {
            foreach (var input in node.Inputs)
            {
                if (plan.Find(input) == null)
                {
                    var suggestion = Suggestions.For(input, streams.Where(other => other != node).Select(static other => other.Name));
                    yield return new Finding("PEN101", InputPlace(node), new EquatableArray<string>([input, Suggestions.Sentence(suggestion)]), suggestion);
                }
            }
        }

        foreach (var cycle in FindCycles(plan, streams))
        {
            yield return new Finding("PEN104", InputPlace(cycle[0]), string.Join(" → ", cycle.Select(static node => node.Name)) + " → " + cycle[0].Name);
        }

        // A stream that is called by a wrong name is read all the same.
        var isComplete = !streams.Any(node => node.Inputs.Any(input => plan.Find(input) == null));
        foreach (var node in streams.Where(node => isComplete && node is not BrokenNode && !ClassRules.IsUnknown(node.Row)))
        {
            // A side output is taken to be delivered; that of a stream does not make the stream itself read.
            if (!plan.ReadersOf(node.Id).Any(reader => reader is not SideOutputNode))
            {
                yield return new Finding("PEN107", Place.Name(node.Name), node.Name);
            }
        }
    }

    /// <summary>Where a node names its input.</summary>
    public static Place InputPlace(LogicalNode node) => Place.Producer(node.Name, 0, node is SideOutputNode ? "stream" : "input");

    private static IEnumerable<List<LogicalNode>> FindCycles(LogicalPlan plan, List<LogicalNode> streams)
    {
        var settled = new HashSet<string>();
        foreach (var start in streams)
        {
            var path = new List<LogicalNode>();
            for (var node = start; node != null && !settled.Contains(node.Id);)
            {
                var seen = path.FindIndex(other => other.Id == node.Id);
                if (seen >= 0)
                {
                    yield return path.GetRange(seen, path.Count - seen);
                    break;
                }

                path.Add(node);
                node = node.Inputs.Count > 0 ? plan.Find(node.Inputs[0]) : null;
            }

            settled.UnionWith(path.Select(static node => node.Id));
        }
    }
}
