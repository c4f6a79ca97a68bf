using Penstock.Generator.Findings;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>
/// Checks upsert streams. A window with AllowedLateness, or an operator that keeps one row of each key, emits new versions of earlier rows,
/// and all operators that read them must still produce correct results.
/// </summary>
internal static class ChangelogRules
{
    /// <summary>The error that rows contain the whole key, but a sink does not write all of it.</summary>
    public static DiagnosticInfo UnwrittenKey(LogicalNode stream, ChangelogModel written, RowModel rows, DiagnosticAnchor place)
    {
        var hidden = stream.Changelog.Key.Zip(written.Key, static (part, seen) => (Part: part, IsSeen: seen.Identifiers.Count > 0))
            .Where(static part => !part.IsSeen)
            .Select(static part => part.Part)
            .ToList();
        var members = hidden.SelectMany(static part => part.Identifiers).ToList();
        var faults = from member in members
                     from column in rows.Columns
                     where column.Member == member.Name
                     select $"'{member.Name}' {KeyText.FindProblem(column, member)}";
        return new DiagnosticInfo("PEN131", place, stream.Name, ChangelogModel.Names(hidden), faults.FirstOrDefault()
            ?? $"add a column to the sink for {string.Join(" or ", members.Select(static member => $"'{member.Name}'").Distinct())}");
    }

    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<OperatorNode>())
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (plan.Find(node.Inputs[i]) is { Changelog.IsUpsert: true } input
                    && node.Kind.ValidateUpdates(new Updates(
                        node,
                        i,
                        node.Kind.PlaceOfInput(node, i),
                        input,
                        (OperatorNode)plan.Find(input.Changelog.Origin)!)) is { } finding)
                {
                    yield return finding;
                }
            }
        }
    }
}
