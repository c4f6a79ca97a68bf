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
