using Penstock.Generator.Declarations;
using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Shared;
using Penstock.Generator.Words;

namespace Penstock.Generator.Validation;

/// <summary>Checks the methods that decide watermarks.</summary>
internal static class WatermarkRules
{
    public static IEnumerable<DiagnosticInfo> Validate(PipelineDeclaration pipeline)
    {
        var taken = new HashSet<string>();
        foreach (var method in pipeline.Watermarks)
        {
            var place = DiagnosticAnchor.AttributeOf(method.Method, KnownNames.Watermark, "stream") with { Overload = method.Overload };
            var stream = pipeline.Streams.FirstOrDefault(stream => stream.Property == method.Stream);
            if (stream == null)
            {
                var suggestion = Suggestions.For(method.Stream ?? "", [.. pipeline.Streams.Select(static stream => stream.Property)]);
                yield return new DiagnosticInfo(
                    "PEN101",
                    place,
                    new EquatableArray<string>([method.Stream ?? "", Suggestions.Sentence(suggestion)]),
                    suggestion);
                continue;
            }

            if (stream.EventTime == null)
            {
                yield return new DiagnosticInfo("PEN220", place, method.Method, stream.Property);
            }
            else if (!taken.Add(stream.Property))
            {
                yield return new DiagnosticInfo("PEN221", place, stream.Property);
            }
            else if (stream.EventTime.MaxDelay is { } delay)
            {
                yield return new DiagnosticInfo(
                    "PEN222",
                    DiagnosticAnchor.AttributeOf(stream.Property, KnownNames.EventTime, "MaxDelay"),
                    delay,
                    stream.Property,
                    method.Method);
            }

            if (FindProblem(method, stream) is var (problem, anchor))
            {
                yield return new DiagnosticInfo(
                    "PEN223",
                    anchor,
                    method.Method,
                    problem,
                    $"static DateTimeOffset? {method.Method}(in {stream.Row?.ShortName ?? "Row"} row, DateTimeOffset time)");
            }
        }
    }

    private static (string Problem, DiagnosticAnchor Place)? FindProblem(WatermarkDeclaration method, StreamDeclaration stream)
    {
        if (method.Problem != null)
        {
            return (method.Problem, method.Place switch
            {
                -2 => DiagnosticAnchor.Method(method.Method, method.Overload),
                -1 => DiagnosticAnchor.Return(method.Method, method.Overload),
                _ => DiagnosticAnchor.Parameter(method.Method, method.Overload, method.Place),
            });
        }

        return stream.Row != null && method.Row != null && method.Row.DiffersFrom(stream.Row)
            ? ($"it takes rows of type '{method.Row.ShortName}'", DiagnosticAnchor.Parameter(method.Method, method.Overload, 0))
            : null;
    }
}
