using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>
/// Checks that no two parts of a pipeline save under the same id. The id of a map or list is the id of its stream, a dot and its name; ids
/// of streams may contain dots too.
/// </summary>
internal static class StateIdRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        var taken = new Dictionary<string, (string Stream, string State)>(StringComparer.Ordinal);
        foreach (var node in plan.Nodes.OfType<OperatorNode>().Where(static node => node.Key != null))
        {
            // State is also looked up under its former names.
            foreach (var part in node.Kind.StatesOf(node)
                .SelectMany(static part => part.FormerIds.Prepend(part.Id))
                .Where(static part => part.StartsWith(".", StringComparison.Ordinal)))
            {
                taken[node.Id + part] = (node.Id, part.Substring(1));
            }
        }

        foreach (var node in plan.Nodes.Where(static node => node is not SinkNode))
        {
            if (taken.TryGetValue(node.Id, out var other))
            {
                yield return new DiagnosticInfo("PEN326", node.IdPlace, node.Id, other.Stream, other.State);
            }
        }
    }
}
