using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks keys as a pipeline applies them.</summary>
internal static class PlanKeyRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<OperatorNode>().Where(static node => node.IsKeyed))
        {
            if (node.Key != null && node.Applied.WindowKey is { } named && named != node.Key.Value.Type)
            {
                var form = node.Applied.Kind.Methods.First(static method => method.TakesKey);
                yield return new DiagnosticInfo(
                    "PEN113",
                    DiagnosticAnchor.ProducerType(node.Name),
                    node.Applied.Name,
                    named.Readable,
                    node.Key.Value.Type.Readable,
                    form.Name,
                    $"{form.Takes}");
            }
        }
    }

    /// <summary>Checks the keys that streams declare for their operators, and that keyed operators have one.</summary>
    public static IEnumerable<DiagnosticInfo> ValidateDeclared(PipelineDeclaration pipeline)
    {
        foreach (var stream in pipeline.Streams)
        {
            if (stream.Producers.Count != 1 || stream.Producers[0] is not ApplyDeclaration { Operator: { } applied } apply
                || OperatorModels.KindOf(applied) is not { IsKeyed: true })
            {
                continue;
            }

            if (stream.Key == null && applied.Key == null)
            {
                yield return new DiagnosticInfo(
                    "PEN110",
                    DiagnosticAnchor.ProducerType(stream.Property),
                    applied.Class.Name,
                    stream.Property);
            }
            else if (stream.Key != null
                && pipeline.Streams.FirstOrDefault(other => other.Property == apply.Input)
                    is { Row: { Access: not TypeAccess.Unknown } row })
            {
                foreach (var finding in KeyRules.ValidateMembers(
                    stream.Key,
                    row,
                    element => DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.KeyBy, "members", element)))
                {
                    yield return finding;
                }
            }
        }
    }
}
