using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>An attribute of windows whose bounds depend only on the time: these, as durations.</summary>
/// <param name="step">The parameter for the distance between the ends of two windows; null if it is the size.</param>
/// <param name="offsetsStep">Whether the offset must be shorter than that distance; otherwise, than the size.</param>
internal abstract class WindowAttribute(string? step, bool offsetsStep) : KindAttribute
{
    private const string Size = "size";
    private const string Offset = "Offset";
    private const string Lateness = TimeWindowModel.LatenessName;

    public sealed override string Noun => "window";

    public sealed override EquatableArray<string> Parameters { get; } =
        new([.. new[] { Size, step, Offset, Lateness }.OfType<string>()]);

    public sealed override IEnumerable<DiagnosticInfo> Validate(WrittenAttribute written)
    {
        // Bounds that are wrong stay zero, and are not compared with others.
        var size = 0L;
        var distance = 0L;
        foreach (var parameter in Parameters)
        {
            // The C# compiler reports a parameter that is required.
            var text = written[parameter];
            if (parameter != Size && text == null)
            {
                continue;
            }

            if (!Durations.TryParse(text, out var micros))
            {
                yield return new DiagnosticInfo("PEN205", PlaceOf(parameter), text ?? "");
            }
            else if (parameter == Size || parameter == step)
            {
                if (micros <= 0)
                {
                    yield return Wrong(parameter, text!, "longer than zero");
                }
                else if (parameter == Size)
                {
                    size = micros;
                }
                else if (size > 0 && micros > size)
                {
                    yield return Wrong(parameter, text!, $"no longer than its size ({written[Size]})");
                }
                else if (size % micros != 0)
                {
                    yield return Wrong(Size, written[Size]!, $"a multiple of its {NounOf(parameter)} ({text})");
                }
                else
                {
                    distance = micros;
                }
            }
            else if (micros < 0)
            {
                yield return Wrong(parameter, text!, "zero or longer");
            }
            else if (parameter == Offset && (offsetsStep ? distance : size) is > 0 and var limit && micros >= limit)
            {
                var other = offsetsStep ? step! : Size;
                yield return Wrong(parameter, text!, $"shorter than its {NounOf(other)} ({written[other]})");
            }
        }
    }

    public sealed override KindValues ValuesOf(WrittenAttribute written)
    {
        Durations.TryParse(written[Size], out var size);
        Durations.TryParse(written[Offset], out var offset);
        Durations.TryParse(written[Lateness], out var lateness);
        var distance = size;
        if (step != null && Durations.TryParse(written[step], out var given) && given > 0)
        {
            distance = given;
        }

        return new WindowModel(size, distance, offset, lateness);
    }

    public sealed override KindValues? ValuesOf(Func<string, long?> contract)
    {
        var size = contract(WindowModel.SizeName) ?? 0;
        var distance = step == null ? size : contract(WindowModel.StepName) ?? size;
        return size > 0
            ? new WindowModel(size, distance, contract(WindowModel.OffsetName) ?? 0, contract(TimeWindowModel.LatenessName) ?? 0)
            : null;
    }

    private static string NounOf(string parameter) => parameter.ToLowerInvariant();

    private DiagnosticInfo Wrong(string parameter, string text, string limit) => new(
        "PEN206",
        PlaceOf(parameter),
        parameter == Lateness ? "The allowed lateness" : $"The {NounOf(parameter)} of a window",
        text,
        limit);
}
