using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks the form of a stream property and its attributes.</summary>
internal static class StreamRules
{
    public static IEnumerable<DiagnosticInfo> Validate(StreamDeclaration stream)
    {
        var name = DiagnosticAnchor.Name(stream.Property);
        if (stream.Row == null)
        {
            if (!stream.DeclaredType.IsNone)
            {
                yield return new DiagnosticInfo(
                    "PEN004",
                    DiagnosticAnchor.Type(stream.Property),
                    stream.Property,
                    stream.DeclaredType.FullName);
            }

            yield break;
        }

        if (!stream.IsPartial)
        {
            yield return new DiagnosticInfo("PEN002", name, stream.Property, "public partial Stream<T> Name { get; }");
        }

        if (stream.Problem != null)
        {
            yield return new DiagnosticInfo("PEN003", name, stream.Property, stream.Problem);
        }

        if (stream.Row.Access == TypeAccess.Unusable)
        {
            yield return ClassRules.ValidateAccess(stream.Row, DiagnosticAnchor.RowType(stream.Property))!;
        }

        if (stream.Producers.Count == 0)
        {
            yield return new DiagnosticInfo("PEN102", name, stream.Property);
        }

        for (var i = 1; i < stream.Producers.Count; i++)
        {
            yield return new DiagnosticInfo("PEN103", DiagnosticAnchor.Producer(stream.Property, i), stream.Property);
        }

        foreach (var finding in ValidateProducer(stream).Concat(ValidateTime(stream)))
        {
            yield return finding;
        }
    }

    public static bool HasUnknownTypes(StreamDeclaration stream) =>
        ClassRules.IsUnknown(stream.Row)
        || stream.Producers.Any(static producer => producer is ApplyDeclaration { Operator: null })
        || stream.Producers
            .OfType<ApplyDeclaration>()
            .Any(static apply => apply.Operator is { Contract: null } applied && !OperatorRules.CanEmit(applied))
        || stream.Producers.OfType<SourceDeclaration>().Select(static source => source.Connector).Concat(
            stream.Sinks.Select(static sink => sink.Connector))
            .Any(static connector => connector is CustomDeclaration custom
                && (ClassRules.IsUnknown(custom.Type) || custom.Creation.Problem == CreationProblem.Unknown));

    private static IEnumerable<DiagnosticInfo> ValidateProducer(StreamDeclaration stream)
    {
        for (var i = 0; i < stream.Producers.Count; i++)
        {
            if (stream.Producers[i] is StreamOperatorDeclaration declared)
            {
                foreach (var finding in declared.Kind.Validate(declared.On(stream, i)))
                {
                    yield return finding;
                }
            }

            if (stream.Producers[i] is ApplyDeclaration { Operator: { } taking } applied)
            {
                foreach (var finding in InputRules.Validate(stream, i, applied, taking))
                {
                    yield return finding;
                }
            }

            if (stream.Producers[i] is not ApplyDeclaration apply || apply.OperatorType == null || ClassRules.IsUnknown(apply.OperatorType))
            {
                continue;
            }

            if (apply.Operator == null)
            {
                yield return new DiagnosticInfo("PEN019", DiagnosticAnchor.ProducerType(stream.Property, i), apply.OperatorType.ShortName);
            }
            else if (apply.Operator is { Contract: not null, Referenced: null })
            {
                yield return new DiagnosticInfo("PEN020", DiagnosticAnchor.ProducerType(stream.Property, i), apply.OperatorType.ShortName);
            }
            else if (stream.Keys.Count > 0)
            {
                var kind = OperatorModels.KindOf(apply.Operator);
                if (kind is { IsKeyed: false })
                {
                    yield return new DiagnosticInfo(
                        "PEN111",
                        DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.KeyBy),
                        apply.OperatorType.ShortName,
                        kind.Name);
                }
                else if (apply.Operator.DeclaresKey)
                {
                    yield return new DiagnosticInfo(
                        "PEN116",
                        DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.KeyBy),
                        apply.OperatorType.ShortName);
                }
            }
        }

        if (stream.Keys.Count > 0
            && stream.Producers.Count > 0
            && !stream.Producers.Any(static producer => producer is ApplyDeclaration or StreamOperatorDeclaration
            {
                Kind.Partitioning: Partitioning.Hash
            }))
        {
            yield return new DiagnosticInfo("PEN016", DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.KeyBy), stream.Property);
        }
    }

    private static IEnumerable<DiagnosticInfo> ValidateTime(StreamDeclaration stream)
    {
        var isDerived = stream.Producers.Count > 0 && !stream.Producers.Any(static producer => producer is SourceDeclaration);
        if (stream.HasIngestionTime && (isDerived || stream.EventTime != null))
        {
            yield return new DiagnosticInfo(
                isDerived ? "PEN203" : "PEN218",
                DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.IngestionTime),
                isDerived ? [stream.Property, "IngestionTime"] : [stream.Property]);
        }

        if (stream.EventTime is not { } time)
        {
            yield break;
        }

        if (isDerived)
        {
            yield return new DiagnosticInfo(
                "PEN203",
                DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime),
                stream.Property,
                "EventTime");
            yield break;
        }

        if (stream.Row is { Access: not TypeAccess.Unknown } row)
        {
            if (time.MemberType == null)
            {
                var suggestion = Suggestions.For(time.Member ?? "", time.Candidates);
                yield return new DiagnosticInfo(
                    "PEN201",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "member"),
                    new EquatableArray<string>([time.Member ?? "", row.ShortName, Suggestions.Sentence(suggestion)]),
                    suggestion);
            }
            else if (!time.IsInstant)
            {
                yield return new DiagnosticInfo(
                    "PEN202",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "member"),
                    time.Member!,
                    time.MemberType);
            }
            else if (time.IsNullable && time.OnNull == null)
            {
                yield return new DiagnosticInfo(
                    "PEN213",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "member"),
                    time.Member!,
                    time.MemberType);
            }
            else if (!time.IsNullable && time.OnNull != null)
            {
                yield return new DiagnosticInfo(
                    "PEN214",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "OnNull"),
                    time.Member!,
                    time.MemberType);
            }
            else if (time.OnNull is { } policy && !Enum.IsDefined(typeof(NullTimeHandling), policy))
            {
                yield return new DiagnosticInfo(
                    "PEN215",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "OnNull"),
                    ((int)policy).ToString());
            }
            else if (time.HasUnit && !time.IsNumber)
            {
                yield return new DiagnosticInfo(
                    "PEN210",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "Unit"),
                    time.Member!,
                    time.MemberType);
            }
            else if (time.HasUnit && time.Unit == null)
            {
                yield return new DiagnosticInfo(
                    "PEN211",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "Unit"),
                    time.Member!);
            }
            else if (time.IsNumber && !time.HasUnit)
            {
                yield return new DiagnosticInfo(
                    "PEN208",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "member"),
                    time.Member!,
                    time.MemberType);
            }
        }

        foreach (var (text, argument, what) in new[]
        {
            (time.MaxDelay, "MaxDelay", "The maximum delay"),
            (time.Idle, "Idle", "The idle time")
        })
        {
            foreach (var finding in DurationRules.NotNegative(
                text,
                DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, argument),
                what))
            {
                yield return finding;
            }
        }
    }
}
