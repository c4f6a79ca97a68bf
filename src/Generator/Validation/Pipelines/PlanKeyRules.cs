using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks keys as a pipeline applies them.</summary>
internal static class PlanKeyRules
{
    public static IEnumerable<DiagnosticInfo> Validate(LogicalPlan plan)
    {
        foreach (var node in plan.Nodes.OfType<OperatorNode>().Where(static node => node.IsKeyed))
        {
            if (node.Key != null && node.Operator?.WindowKey is { } named && named != node.Key.Value.Type)
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
    public static IEnumerable<DiagnosticInfo> ValidateDeclared(PipelineDeclaration pipeline) =>
        pipeline.Streams.Where(static stream => stream.Producers.Count == 1).SelectMany(stream => stream.Producers[0] switch
        {
            ApplyDeclaration { Operator: { } applied } apply when OperatorModels.KindOf(applied) is { IsKeyed: true } =>
                ValidateApplied(stream, applied, [.. apply.Inputs.Select(input => RowOf(pipeline, input))]),
            StreamOperatorDeclaration { Kind: KeyedStreamKind kind } declared when RowOf(pipeline, declared.Inputs[0]) is { } row =>
                ValidateOwn(stream, kind, row).Concat(ValidateOrder(stream, kind, row)),
            StreamOperatorDeclaration { Kind.KeyIsOptional: true } declared
                when stream.Keys.Count > 0 && RowOf(pipeline, declared.Inputs[0]) is { } row =>
                ValidateMembers(stream, stream.Keys[0], row),
            _ => [],
        });

    private static TypeRef? RowOf(PipelineDeclaration pipeline, string? input) =>
        pipeline.Streams.FirstOrDefault(other => other.Property == input) is { Row: { Access: not TypeAccess.Unknown } row } ? row : null;

    private static IEnumerable<DiagnosticInfo> ValidateApplied(
        StreamDeclaration stream,
        OperatorDeclaration applied,
        IReadOnlyList<TypeRef?> rows)
    {
        if (stream.Keys.Count == 0)
        {
            return applied.DeclaresKey || applied.LacksPair
                ? []
                : [new DiagnosticInfo("PEN110", DiagnosticAnchor.ProducerType(stream.Property), applied.Class.Name, stream.Property)];
        }

        // With one key for all inputs, a problem of several of them is one problem.
        var findings = rows.SelectMany((row, i) => row == null ? [] : ValidateMembers(stream, stream.Keys[i], row)).Distinct().ToList();
        return findings.Count > 0 || rows.Contains(null) ? findings : KeyRules.ValidateTypes(
            applied.Class.Name,
            stream.Keys,
            i => rows[i]!.ShortName,
            _ => DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.KeyBy));
    }

    private static IEnumerable<DiagnosticInfo> ValidateOwn(StreamDeclaration stream, KeyedStreamKind kind, TypeRef row) =>
        stream.Keys.Count > 0 ? ValidateMembers(stream, stream.Keys[0], row)
        : !kind.KeyCanBeRow ? [new DiagnosticInfo("PEN110", DiagnosticAnchor.Producer(stream.Property), kind.Name, stream.Property)]
        : stream.OperatorKeys is [var whole, ..] && KeyRules.FindProblem(whole) is { } problem
            ? [new DiagnosticInfo("PEN133", DiagnosticAnchor.Producer(stream.Property), stream.Property, row.ShortName, problem)]
        : [];

    private static IEnumerable<DiagnosticInfo> ValidateOrder(StreamDeclaration stream, KeyedStreamKind kind, TypeRef row)
    {
        if (stream.Order is not { Members: [var member] })
        {
            yield break;
        }

        var place = DiagnosticAnchor.Producer(stream.Property, 0, kind.OrderParameter);
        if (member.Value == null)
        {
            var suggestion = Suggestions.For(member.Name, member.Candidates);
            yield return new DiagnosticInfo(
                "PEN134",
                place,
                new EquatableArray<string>([member.Name, row.ShortName, Suggestions.Sentence(suggestion)]),
                suggestion);
        }
        else if (!member.Value.HasStableHash || IsTuple(member.Value))
        {
            yield return new DiagnosticInfo("PEN135", place, member.Name, member.Value.Type.Readable);
        }
    }

    private static bool IsTuple(ValueModel value) =>
        value.Kind == ValueKind.Tuple || value.Kind == ValueKind.Nullable && IsTuple(value.Parts[0]);

    private static IEnumerable<DiagnosticInfo> ValidateMembers(StreamDeclaration stream, KeyDeclaration key, TypeRef row) =>
        KeyRules.ValidateMembers(
            key,
            row,
            element => DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.KeyBy, "members", element));
}
