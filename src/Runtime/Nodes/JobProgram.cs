using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Penstock.Tasks;

namespace Penstock.Nodes;

/// <summary>
/// The properties that must be equal on all nodes of a job for them to be compatible: the release; the builds of the program and of the
/// assemblies of its row types, since only their code defines the format of a row in a channel; the plan; and the options that determine
/// where data go and what they mean.
/// </summary>
internal static class JobProgram
{
    /// <summary>Returns a hash of these properties.</summary>
    public static string Of(PipelineDefinition definition, PipelineOptions options)
    {
        var plan = definition.Plan;
        var rows = plan.Tasks.SelectMany(static task => task.Inputs).Select(static edge => edge.Codec?.RowType.Module);
        var builds = string.Join(' ', rows.Prepend(definition.CreateTask.Method.Module).Select(static module => module?.ModuleVersionId));
        var nodes = string.Join('\n', plan.Nodes.Select(static node => $"{node.Id} {node.RowType} {node.Key} {node.Time}"));
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{PenstockTelemetry.Version}\n{builds}\n{plan.Name}\n{plan.ToMermaid()}\n{nodes}\n{new TaskParallelism(plan, options)}\n{options.KeyGroups} {options.BatchSize} {options.ChannelCapacity} {options.MaxDrift}\n{string.Join('\n', TextOf(options))}");
        return XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)).ToString("x16", CultureInfo.InvariantCulture);
    }

    // Names of sources and sinks ignore case. The rate may differ, because it changes no result.
    private static IEnumerable<string> TextOf(PipelineOptions options)
    {
        foreach (var (id, source) in options.Sources.OrderBy(static source => source.Key, StringComparer.OrdinalIgnoreCase))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{id.ToUpperInvariant()} {source.Path} {source.MaxDelay} {source.Idle} {source.SplitSize} {source.MultiLine} {source.Poll} {source.OnBadRow}");
            foreach (var line in (source.SkipFiles ?? []).Concat(source.Settings.Lines))
            {
                yield return line;
            }
        }

        foreach (var (id, sink) in options.Sinks.OrderBy(static sink => sink.Key, StringComparer.OrdinalIgnoreCase))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{id.ToUpperInvariant()} {sink.Path} {sink.RollSize}");
            foreach (var line in sink.Settings.Lines)
            {
                yield return line;
            }
        }
    }
}
