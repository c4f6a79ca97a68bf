using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Penstock.Tasks;

namespace Penstock.Nodes;

/// <summary>
/// The properties that must be equal on all nodes of a job for them to be compatible: the release; the builds of the program and of the
/// assemblies of its row types, since only their code defines the format of a row in a channel; the plan; and the options that determine
/// where data go.
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
            $"{PenstockTelemetry.Version}\n{builds}\n{plan.Name}\n{plan.ToMermaid()}\n{nodes}\n{new TaskParallelism(plan, options)}\n{options.KeyGroups} {options.BatchSize} {options.ChannelCapacity}");
        return XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)).ToString("x16", CultureInfo.InvariantCulture);
    }
}
