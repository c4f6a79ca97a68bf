using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>The attribute of tumbling windows: their bounds, as durations.</summary>
internal sealed class TumblingWindow : KindAttribute
{
    private const string Size = "size";
    private const string Offset = "Offset";
    private const string Lateness = "AllowedLateness";

    public override string Name => "TumblingWindowAttribute";

    public override string Noun => "window";

    public override string Example => "[TumblingWindow(\"1h\")]";

    public override EquatableArray<string> Parameters { get; } = new([Size, Offset, Lateness]);

    public override IEnumerable<DiagnosticInfo> Validate(WrittenAttribute written)
    {
        var size = 0L;
        foreach (var parameter in Parameters)
        {
            var text = written[parameter];
            if (parameter != Size && text == null)
            {
                continue;
            }

            var place = PlaceOf(parameter);
            if (!Durations.TryParse(text, out var micros))
            {
                yield return new DiagnosticInfo("PEN205", place, text ?? "");
            }
            else if (parameter == Size && (size = micros) <= 0)
            {
                yield return new DiagnosticInfo("PEN206", place, "The size of a window", text!, "longer than zero");
            }
            else if (parameter != Size && micros < 0)
            {
                yield return new DiagnosticInfo(
                    "PEN206",
                    place,
                    parameter == Offset ? "The offset of a window" : "The allowed lateness",
                    text!,
                    "zero or longer");
            }
            else if (parameter == Offset && size > 0 && micros >= size)
            {
                yield return new DiagnosticInfo("PEN206", place, "The offset of a window", text!, $"shorter than its size ({written[Size]})");
            }
        }
    }

    public override KindValues ValuesOf(WrittenAttribute written)
    {
        Durations.TryParse(written[Size], out var size);
        Durations.TryParse(written[Offset], out var offset);
        Durations.TryParse(written[Lateness], out var lateness);
        return new WindowModel(size, offset, lateness);
    }

    public override KindValues? ValuesOf(Func<string, long?> contract) =>
        contract(WindowModel.SizeName) is > 0 and var size
            ? new WindowModel(size, contract(WindowModel.OffsetName) ?? 0, contract(WindowModel.LatenessName) ?? 0)
            : null;
}
