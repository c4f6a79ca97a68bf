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
        var parts = stream.Changelog.Key.Where(static part => part.Identifiers.Count == 0).ToList();
        var hidden = Names(parts);
        var other = parts.Exists(static part => part.CanBeNull) ? ", also null as it can be null" : "";
        return new Finding("PEN131", place, stream.Name, hidden, $"make the row in one place, by 'new(…)' or 'with', and give it a member that is the {hidden} itself, so that no two are the same in it{other}");
    }

    /// <summary>The rows have all of the key, and what a sink writes of them has not.</summary>
    public static Finding UnwrittenKey(LogicalNode stream, ChangelogModel written, RowModel rows, Place place)
    {
        var hidden = stream.Changelog.Key.Zip(written.Key, static (part, seen) => (Part: part, IsSeen: seen.Identifiers.Count > 0)).Where(static part => !part.IsSeen).Select(static part => part.Part).ToList();
        var members = hidden.SelectMany(static part => part.Identifiers).ToList();
        var faults = from member in members
                     from column in rows.Columns
                     where column.Member == member.Name
                     select $"'{member.Name}' {KeyText.FaultOf(column, member)}";
        return new Finding("PEN131", place, stream.Name, Names(hidden), faults.FirstOrDefault()
            ?? $"let the sink have a column of {string.Join(" or ", members.Select(static member => $"'{member.Name}'").Distinct())}");
    }

    private static string Names(IEnumerable<KeyPart> parts) => string.Join(" and ", parts.Select(static part => part.Name).Distinct());

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
