using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>
/// Streams of updates: a window with AllowedLateness sends a new version of a row that it has sent before. Whatever reads such a stream must make of it
/// what is true again when the new version has come.
/// </summary>
internal static class ChangelogRules
{
    public static IEnumerable<Finding> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<OperatorNode>())
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (plan.Find(node.Inputs[i]) is { Changelog.IsUpsert: true } input
                    && node.Kind.ValidateUpdates(new Updates(node, node.Kind.PlaceOfInput(node, i), input, (OperatorNode)plan.Find(input.Changelog.Window)!)) is { } finding)
                {
                    yield return finding;
                }
            }
        }
    }
}
