using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>
/// No two parts of a pipeline may save under one id. That of a map or list has a dot behind that of its stream, as ids of streams may have.
/// </summary>
internal static class StateIdRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        var taken = new Dictionary<string, (string Stream, string State)>(StringComparer.Ordinal);
        foreach (var node in plan.Nodes.OfType<OperatorNode>().Where(static node => node.Key != null))
        {
            // What was saved under a former name is looked for under it.
            foreach (var part in node.Applied.States
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
