using Penstock.Generator.Equality;

namespace Penstock.Generator.Plan;

/// <summary>Finds the sources of a stream's event time.</summary>
internal static class TimeSources
{
    /// <summary>
    /// The source to which event time could be added, for a stream without it; null if the path to it has another error that must be fixed
    /// first.
    /// </summary>
    public static SourceNode? SourceWithoutTime(this LogicalPlan plan, LogicalNode node) =>
        SourcesOf(plan, node) is { } sources ? sources.Find(static source => source.Time == null) ?? sources.FirstOrDefault() : null;

    /// <summary>
    /// The stream because of which a stream has no event time, with the remedy: a source without it, or a side output whose rows never have
    /// one. For a stream whose sources are known.
    /// </summary>
    public static (string Stream, string Remedy) StreamWithoutTime(this LogicalPlan plan, LogicalNode node)
    {
        while (node.Inputs.Select(plan.Find).FirstOrDefault(static input => input is { Time: null }) is { } input)
        {
            node = input;
        }

        return (node.Name, node is SourceNode
            ? $"add [EventTime(nameof(Row.Member))] to '{node.Name}'"
            : "use another stream, because the rows of this side output have none");
    }

    /// <summary>The sources of a stream; null if a path to them is broken or ends in a cycle.</summary>
    private static List<SourceNode>? SourcesOf(LogicalPlan plan, LogicalNode node)
    {
        var sources = new List<SourceNode>();
        var isOnPath = new Dictionary<LogicalNode, bool>(ReferenceComparer<LogicalNode>.Instance);
        return IsWhole(node) ? sources : null;

        bool IsWhole(LogicalNode? current)
        {
            if (current is null or BrokenNode)
            {
                return false;
            }

            if (isOnPath.TryGetValue(current, out var isCycle))
            {
                return !isCycle;
            }

            if (current is SourceNode source)
            {
                sources.Add(source);
            }

            isOnPath.Add(current, true);
            var isWhole = current.Inputs.All(input => IsWhole(plan.Find(input)));
            isOnPath[current] = false;
            return isWhole;
        }
    }
}
