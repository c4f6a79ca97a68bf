using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks the parallelism of tasks, and where a task can begin.</summary>
internal static class ParallelismRules
{
    // The maximum number of key groups at run time.
    private const int Most = 32_768;

    public static IEnumerable<DiagnosticInfo> Validate(PipelineDeclaration pipeline)
    {
        if (pipeline.Parallelism is { } all and not (>= 1 and <= Most))
        {
            yield return new DiagnosticInfo(
                "PEN126",
                DiagnosticAnchor.ClassAttribute(KnownNames.Pipeline, "Parallelism"),
                $"pipeline '{pipeline.Name}'",
                $"{all}");
        }
    }

    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes)
        {
            if (node.Parallelism is not { } subtasks)
            {
                continue;
            }

            var place = DiagnosticAnchor.AttributeOf(node.Name, KnownNames.Parallelism);
            if (subtasks is not (>= 1 and <= Most))
            {
                yield return new DiagnosticInfo("PEN126", place with { Argument = "subtasks" }, $"stream '{node.Name}'", $"{subtasks}");
            }

            if (node is SideOutputNode side)
            {
                yield return new DiagnosticInfo("PEN127", place, node.Name, plan.Find(side.Of)?.Name ?? side.Of);
            }
            else if (node is OperatorNode { Kind.BeginsTask: false, Changelog: { IsUpsert: true } changelog } applied)
            {
                yield return new DiagnosticInfo(
                    "PEN128",
                    place,
                    node.Name,
                    plan.Find(applied.Inputs[0])!.Name,
                    plan.Find(changelog.Origin)!.Name,
                    changelog.Keeper == null ? ", or remove AllowedLateness" : "");
            }
        }
    }
}
