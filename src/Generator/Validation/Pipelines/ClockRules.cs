using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks that the results of a pipeline that is declared deterministic do not depend on the clock.</summary>
internal static class ClockRules
{
    public static IEnumerable<DiagnosticInfo> Validate(PipelineDeclaration pipeline, LogicalPlan plan)
    {
        foreach (var stream in pipeline.Streams.Where(_ => pipeline.IsDeterministic))
        {
            if (stream.HasIngestionTime)
            {
                yield return new DiagnosticInfo(
                    "PEN219",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.IngestionTime),
                    pipeline.Class.Name,
                    $"the event times of stream '{stream.Property}' are those of the clock",
                    "use [EventTime] with a member of the row");
            }

            for (var i = 0; i < stream.Producers.Count; i++)
            {
                if (stream.Producers[i] is ApplyDeclaration { Operator: { } applied }
                    && FindExpiry(stream, applied, plan) is { } expiry)
                {
                    yield return new DiagnosticInfo(
                        "PEN219",
                        DiagnosticAnchor.ProducerType(stream.Property, i),
                        pipeline.Class.Name,
                        expiry.Problem,
                        expiry.Remedy);
                }

                if (plan.Nodes.OfType<OperatorNode>().FirstOrDefault(node => node.Name == stream.Property) is { } node
                    && node.Kind.ClockDependenceOf(node) is { } dependence)
                {
                    yield return new DiagnosticInfo(
                        "PEN219",
                        DiagnosticAnchor.ProducerType(stream.Property, i),
                        pipeline.Class.Name,
                        dependence.Problem,
                        dependence.Remedy);
                }

                if (stream.Producers[i] is StreamOperatorDeclaration { Kind: KeyedStreamKind } declared
                    && KeyedStreamKind.ClockOf(declared.On(stream, i)) is { } place)
                {
                    yield return new DiagnosticInfo(
                        "PEN219",
                        place,
                        pipeline.Class.Name,
                        $"the state of '{stream.Property}' expires by the clock",
                        "let it expire by TtlTime.EventTime");
                }
            }
        }
    }

    // State that expires by the clock: by declaration, or because its time is not declared and the rows have none.
    private static (string Problem, string Remedy)? FindExpiry(StreamDeclaration stream, OperatorDeclaration applied, LogicalPlan plan)
    {
        if (applied.States.FirstOrDefault(static state => state is { Ttl: not null, TtlTime: TtlTime.ProcessingTime }) is { } state)
        {
            return ($"{NameOf(state, applied)} expires by the clock", "let it expire by TtlTime.EventTime");
        }

        // Without a known source, or if the operator needs event time, there is another error.
        var node = plan.Nodes.OfType<OperatorNode>().FirstOrDefault(node => node.Name == stream.Property);
        if (node is not { Operator.Ttl: not null, Time: null }
            || plan.SourceWithoutTime(node) == null
            || node.Kind.ValidateTime(node, plan).Any())
        {
            return null;
        }

        var (without, remedy) = plan.StreamWithoutTime(node);
        var expiring = applied.States.FirstOrDefault(static state => state.Ttl != null);
        return ($"{NameOf(expiring, applied)} expires by the clock, because stream '{without}' has no event time", remedy);
    }

    // The states of an operator of another assembly are not known.
    private static string NameOf(StateDeclaration? state, OperatorDeclaration applied) =>
        state == null ? $"state of '{applied.Class.Name}'" : $"state '{state.Name}' of '{applied.Class.Name}'";
}
