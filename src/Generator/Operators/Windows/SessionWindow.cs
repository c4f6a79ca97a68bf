using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>The attribute of session windows.</summary>
internal sealed class SessionWindow : KindAttribute
{
    private const string Gap = "gap";

    public override string Name => "SessionWindowAttribute";

    public override string Noun => "window";

    public override string Example => "[SessionWindow(\"30m\")]";

    public override EquatableArray<string> Parameters { get; } = new([Gap, TimeWindowModel.LatenessName]);

    public override IEnumerable<DiagnosticInfo> Validate(WrittenAttribute written)
    {
        foreach (var parameter in Parameters)
        {
            // The C# compiler reports a gap that is missing.
            var text = written[parameter];
            if (parameter != Gap && text == null)
            {
                continue;
            }

            if (!Durations.TryParse(text, out var micros))
            {
                yield return new DiagnosticInfo("PEN205", PlaceOf(parameter), text ?? "");
            }
            else if (parameter == Gap && micros <= 0)
            {
                yield return new DiagnosticInfo("PEN206", PlaceOf(parameter), "The gap of a session", text!, "longer than zero");
            }
            else if (micros < 0)
            {
                yield return new DiagnosticInfo("PEN206", PlaceOf(parameter), "The allowed lateness", text!, "zero or longer");
            }
        }
    }

    public override KindValues ValuesOf(WrittenAttribute written)
    {
        Durations.TryParse(written[Gap], out var gap);
        Durations.TryParse(written[TimeWindowModel.LatenessName], out var lateness);
        return new SessionModel(gap, lateness);
    }

    public override KindValues? ValuesOf(Func<string, long?> contract) =>
        contract(SessionModel.GapName) is > 0 and var gap ? new SessionModel(gap, contract(TimeWindowModel.LatenessName) ?? 0) : null;
}
