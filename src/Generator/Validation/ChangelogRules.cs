using Penstock.Generator.Declarations;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>
/// Streams of updates: a window with AllowedLateness sends a new version of a row that it has sent before. Whatever reads such a stream must make of it
/// what is true again when the new version has come.
/// </summary>
internal static class ChangelogRules
{
    /// <summary>The rows of a stream of updates do not show all of the key by which one replaces another.</summary>
    public static Finding HiddenKey(LogicalNode stream, Place place)
    {
        // Where the rows have all of it, a sink does not: some of the members are no columns.
        var hidden = stream.Changelog.Key.Where(part => part.Members.Count == 0 || stream.Changelog.ShowsKey);
        return new Finding("PEN131", place, stream.Name, string.Join(" and ", hidden.Select(static part => part.Name).Distinct()));
    }

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
