using System.Text;
using Penstock.Generator.Declarations;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Planning;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks a pipeline: first its declaration, then its plan.</summary>
internal static class PipelineRules
{
    public static IReadOnlyList<DiagnosticInfo> Validate(PipelineDeclaration pipeline, LogicalPlan plan)
    {
        var findings = new List<DiagnosticInfo>();
        findings.AddRange(ClassRules.Validate(pipeline.Class, "change its type to 'Stream<T>', or write the body yourself"));
        findings.AddRange(ValidateNames(pipeline));
        foreach (var stream in pipeline.Streams)
        {
            findings.AddRange(StreamRules.Validate(stream));
            findings.AddRange(ConnectorRules.Validate(stream));
        }

        // An error in a row type that several streams have is reported once.
        findings = [.. findings
            .GroupBy(static finding => finding.Place.Part == AnchorPart.Column ? (object)(finding.Id, finding.Arguments) : finding)
            .Select(static group => group.First())];
        findings.AddRange(MessageRules.ValidateWritten(pipeline));
        findings.AddRange(PlanKeyRules.ValidateDeclared(pipeline));
        findings.AddRange(ParallelismRules.Validate(pipeline));
        findings.AddRange(DurationRules.NotNegative(
            pipeline.MaxDrift,
            DiagnosticAnchor.ClassAttribute(KnownNames.Pipeline, "MaxDrift"),
            "The maximum drift"));
        findings.AddRange(ClockRules.Validate(pipeline, plan));
        findings.AddRange(WatermarkRules.Validate(pipeline));
        findings.AddRange(PlanRules.Validate(plan));
        return findings;
    }

    /// <summary>Whether the pipeline can be generated: it and its operators are valid, and every type in it exists.</summary>
    public static bool CanEmit(PipelineDeclaration pipeline, LogicalPlan plan) =>
        PlanRules.IsWhole(plan)
        && !pipeline.Streams.Any(StreamRules.HasUnknownTypes)
        && !Validate(pipeline, plan).Any(static finding => finding.IsError);

    // Two names that differ only in an unpaired surrogate would become equal when they are written.
    private static bool IsName(string text) =>
        text.Trim().Length > 0
            && text.IndexOfAny([':', '/', '\\']) < 0
            && !text.Any(char.IsControl)
            && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static IEnumerable<DiagnosticInfo> ValidateNames(PipelineDeclaration pipeline)
    {
        if (pipeline.Streams.Count == 0)
        {
            yield return new DiagnosticInfo("PEN014", DiagnosticAnchor.Class, pipeline.Class.Name);
        }

        if (!IsName(pipeline.Name))
        {
            yield return new DiagnosticInfo("PEN018", DiagnosticAnchor.ClassAttribute(KnownNames.Pipeline, "Name"), pipeline.Name);
        }

        if (pipeline.StrayMember != null)
        {
            yield return new DiagnosticInfo("PEN015", DiagnosticAnchor.Name(pipeline.StrayMember), pipeline.StrayMember, "[Operator]");
        }

        foreach (var reserved in pipeline.TakenNames
            .Concat(pipeline.Streams.Select(static stream => stream.Property))
            .Where(static name => name is "Plan" or "CreateTask"))
        {
            yield return new DiagnosticInfo("PEN012", DiagnosticAnchor.Name(reserved), reserved);
        }

        // Ids are also configuration keys, which ignore case.
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var stream in pipeline.Streams)
        {
            var place = PlanBuilder.IdPlace(stream);
            if (!IsName(stream.Id))
            {
                yield return new DiagnosticInfo("PEN018", place, stream.Id);
            }
            else if (!ids.Add(stream.Id))
            {
                yield return new DiagnosticInfo("PEN017", place, stream.Id);
            }
        }

        for (var i = 0; i < pipeline.RemovedState.Count; i++)
        {
            if (pipeline.Streams.Any(stream => stream.Id == pipeline.RemovedState[i]))
            {
                yield return new DiagnosticInfo(
                    "PEN312",
                    DiagnosticAnchor.ClassAttribute(KnownNames.RemovedState, i, "id"),
                    pipeline.RemovedState[i]);
            }
        }
    }
}
