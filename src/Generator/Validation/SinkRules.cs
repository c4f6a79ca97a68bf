using Penstock.Generator.Declarations;
using Penstock.Generator.Plan;

namespace Penstock.Generator.Validation;

/// <summary>Sinks: no two share an identity or a place.</summary>
internal static class SinkRules
{
    public static IEnumerable<Finding> Validate(LogicalPlan plan)
    {
        var ids = new HashSet<string>(plan.Nodes.Where(static node => node is not SinkNode).Select(static node => node.Id));
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var sink in plan.Nodes.OfType<SinkNode>())
        {
            var stream = plan.Find(sink.Inputs[0])?.Name ?? sink.Name;
            if (sink.Connector is FileSinkModel { Path: { Length: > 0 } path })
            {
                if (paths.TryGetValue(path, out var other))
                {
                    yield return new Finding("PEN517", Place.Sink(stream, sink.Index, "path"), path, other);
                    continue;
                }

                paths.Add(path, stream);
            }

            if (sink.SinkId.Trim().Length == 0 || !ids.Add(sink.SinkId))
            {
                yield return new Finding("PEN513", Place.Sink(stream, sink.Index, "Id"), sink.SinkId);
            }
        }
    }
}
