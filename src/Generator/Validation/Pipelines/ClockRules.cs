using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks that the results of a pipeline that is declared deterministic do not depend on the clock.</summary>
internal static class ClockRules
{
    public static IEnumerable<DiagnosticInfo> Validate(PipelineDeclaration pipeline)
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
                    && applied.States.FirstOrDefault(ExpiresByClock) is { } state)
                {
                    yield return new DiagnosticInfo(
                        "PEN219",
                        DiagnosticAnchor.ProducerType(stream.Property, i),
                        pipeline.Class.Name,
                        $"state '{state.Name}' of '{applied.Class.Name}' expires by the clock",
                        "let it expire by TtlTime.EventTime");
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

    private static bool ExpiresByClock(StateDeclaration state) => state is { Ttl: not null, TtlTime: TtlTime.ProcessingTime };
}
