using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;
using Penstock.Generator.Text;

namespace Penstock.Generator.Validation;

/// <summary>The form of a stream property, and the attributes that it carries.</summary>
internal static class StreamRules
{
    public static IEnumerable<Finding> Validate(StreamDeclaration stream)
    {
        var name = Place.Name(stream.Property);
        if (stream.Row == null)
        {
            if (stream.DeclaredType.Length > 0)
            {
                yield return new Finding("PEN004", Place.Type(stream.Property), stream.Property, stream.DeclaredType.Replace("global::", ""));
            }

            yield break;
        }

        if (!stream.IsPartial)
        {
            yield return new Finding("PEN002", name, stream.Property, "public partial Stream<T> Name { get; }");
        }

        if (stream.Obstacle != null)
        {
            yield return new Finding("PEN003", name, stream.Property, stream.Obstacle);
        }

        if (stream.Row.Access == TypeAccess.Unusable)
        {
            yield return ClassRules.ValidateAccess(stream.Row, Place.RowType(stream.Property))!;
        }

        if (stream.Producers.Count == 0)
        {
            yield return new Finding("PEN102", name, stream.Property);
        }

        for (var i = 1; i < stream.Producers.Count; i++)
        {
            yield return new Finding("PEN103", Place.Producer(stream.Property, i), stream.Property);
        }

        foreach (var finding in ValidateProducer(stream).Concat(ValidateTime(stream)))
        {
            yield return finding;
        }
    }

    public static bool HasUnknownTypes(StreamDeclaration stream) =>
        ClassRules.IsUnknown(stream.Row)
        || stream.Producers.Any(static producer => producer is ApplyDeclaration { Operator: null })
        || stream.Producers.OfType<ApplyDeclaration>().Any(static apply => apply.Operator is { Contract: null } applied && !OperatorRules.CanEmit(applied))
        || stream.Producers.OfType<SourceDeclaration>().Select(static source => source.Connector).Concat(stream.Sinks.Select(static sink => sink.Connector))
            .Any(static connector => connector is CustomDeclaration custom && (ClassRules.IsUnknown(custom.Type) || custom.Creation.Obstacle == CreationObstacle.Unknown));

    private static IEnumerable<Finding> ValidateProducer(StreamDeclaration stream)
    {
        for (var i = 0; i < stream.Producers.Count; i++)
        {
            if (stream.Producers[i] is StreamOperatorDeclaration declared)
            {
                foreach (var finding in declared.Kind.Validate(stream.Property, i, declared.Inputs, declared.Preferred))
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
                yield return new Finding("PEN019", Place.ProducerType(stream.Property, i), apply.OperatorType.ShortName);
            }
            else if (apply.Operator is { Contract: not null, Referenced: null })
            {
                yield return new Finding("PEN020", Place.ProducerType(stream.Property, i), apply.OperatorType.ShortName);
            }
            else if (stream.Key != null)
            {
                var kind = OperatorModels.KindOf(apply.Operator);
                if (kind is { IsKeyed: false })
                {
                    yield return new Finding("PEN111", Place.AttributeOf(stream.Property, KnownNames.KeyBy), apply.OperatorType.ShortName, kind.Name);
                }
                else if (apply.Operator.Key != null)
                {
                    yield return new Finding("PEN116", Place.AttributeOf(stream.Property, KnownNames.KeyBy), apply.OperatorType.ShortName);
                }
            }
        }

        if (stream.Key != null && stream.Producers.Count > 0 && !stream.Producers.Any(static producer => producer is ApplyDeclaration))
        {
            yield return new Finding("PEN016", Place.AttributeOf(stream.Property, KnownNames.KeyBy), stream.Property);
        }
    }

    private static IEnumerable<Finding> ValidateTime(StreamDeclaration stream)
    {
        if (stream.EventTime is not { } time)
        {
            yield break;
        }

        if (stream.Producers.Count > 0 && !stream.Producers.Any(static producer => producer is SourceDeclaration))
        {
            yield return new Finding("PEN203", Place.AttributeOf(stream.Property, KnownNames.EventTime), stream.Property);
            yield break;
        }

        if (stream.Row is { Access: not TypeAccess.Unknown } row)
        {
            if (time.MemberType == null)
            {
                var suggestion = Suggestions.For(time.Member ?? "", time.Candidates);
                yield return new Finding("PEN201", Place.AttributeOf(stream.Property, KnownNames.EventTime, "member"), new EquatableArray<string>([time.Member ?? "", row.ShortName, Suggestions.Sentence(suggestion)]), suggestion);
            }
            else if (!time.IsInstant)
            {
                yield return new Finding("PEN202", Place.AttributeOf(stream.Property, KnownNames.EventTime, "member"), time.Member!, time.MemberType);
            }
            else if (time.HasUnit && !time.IsNumber)
            {
                yield return new Finding("PEN210", Place.AttributeOf(stream.Property, KnownNames.EventTime, "Unit"), time.Member!, time.MemberType);
            }
            else if (time.HasUnit && time.Unit == null)
            {
                yield return new Finding("PEN211", Place.AttributeOf(stream.Property, KnownNames.EventTime, "Unit"), time.Member!);
            }
            else if (time.IsNumber && !time.HasUnit)
            {
                yield return new Finding("PEN208", Place.AttributeOf(stream.Property, KnownNames.EventTime, "member"), time.Member!, time.MemberType);
            }
        }

        foreach (var (text, argument, what) in new[] { (time.MaxDelay, "MaxDelay", "The maximum delay"), (time.Idle, "Idle", "The idle time") })
        {
            foreach (var finding in DurationRules.NotNegative(text, Place.AttributeOf(stream.Property, KnownNames.EventTime, argument), what))
            {
                yield return finding;
            }
        }
    }
}
