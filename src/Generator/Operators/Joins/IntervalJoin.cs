using Penstock.Generator.Equality;
using Penstock.Generator.Findings;
using Penstock.Generator.Plan;
using Penstock.Generator.Shared;

namespace Penstock.Generator.Operators;

/// <summary>The attribute of joins by key and time.</summary>
internal sealed class IntervalJoin : KindAttribute
{
    private const string Lower = "lower";
    private const string Upper = "upper";
    private const string Once = "Once";

    public override string Name => "IntervalJoinAttribute";

    public override string Noun => "interval";

    public override string Example => "[IntervalJoin(\"-1h\", \"1h\")]";

    public override EquatableArray<string> Parameters { get; } = new([Lower, Upper, Once]);

    public override IEnumerable<DiagnosticInfo> Validate(WrittenAttribute written)
    {
        var lower = 0L;
        var areValid = true;
        foreach (var parameter in new[] { Lower, Upper })
        {
            if (!Durations.TryParse(written[parameter], out var micros))
            {
                areValid = false;
                yield return new DiagnosticInfo("PEN205", PlaceOf(parameter), written[parameter] ?? "");
            }
            else if (Math.Abs(micros) > JoinModel.Longest)
            {
                areValid = false;
                yield return new DiagnosticInfo(
                    "PEN206",
                    PlaceOf(parameter),
                    "A bound of the interval",
                    written[parameter]!,
                    $"between -{Durations.Format(JoinModel.Longest)} and {Durations.Format(JoinModel.Longest)}");
            }
            else if (parameter == Lower)
            {
                lower = micros;
            }
            else if (areValid && lower > micros)
            {
                yield return new DiagnosticInfo("PEN230", PlaceOf(Lower), written[Lower]!, written[Upper]!);
            }
        }
    }

    public override KindValues ValuesOf(WrittenAttribute written)
    {
        Durations.TryParse(written[Lower], out var lower);
        Durations.TryParse(written[Upper], out var upper);
        return new JoinModel(lower, upper, written[Once] == "True");
    }

    public override KindValues? ValuesOf(Func<string, long?> contract) =>
        contract(JoinModel.LowerName) is { } lower && contract(JoinModel.UpperName) is { } upper
            ? new JoinModel(lower, upper, contract(JoinModel.OnceName) == 1)
            : null;
}

/// <summary>What a join does beside emitting a result for each pair of rows. The runtime has the same names and values.</summary>
[Flags]
internal enum JoinMode
{
    None = 0,
    UnmatchedLeft = 1,
    UnmatchedRight = 2,
    Once = 4,
    NoPairs = 8,
}

/// <summary>
/// When two rows meet: the time of the right one is at least that of the left one plus the lower bound, and at most that plus the upper
/// bound. In microseconds.
/// </summary>
/// <param name="Once">Whether a left row has at most one result.</param>
internal sealed record JoinModel(long Lower, long Upper, bool Once) : KindValues
{
    public const string LowerName = "JoinLower";
    public const string UpperName = "JoinUpper";
    public const string OnceName = "JoinOnce";

    /// <summary>The longest time between two rows that meet.</summary>
    public const long Longest = 36_500L * 86_400 * Durations.Second;

    /// <summary>The interval, for people.</summary>
    public string Text => $"{Durations.Format(Lower)} to {Durations.Format(Upper)}";

    public override IEnumerable<(string Name, long Value)> Contract
    {
        get
        {
            yield return (LowerName, Lower);
            yield return (UpperName, Upper);
            yield return (OnceName, Once ? 1 : 0);
        }
    }

    /// <summary>The interval of an operator.</summary>
    public static JoinModel Of(OperatorNode node) => (JoinModel)node.Applied.Values!;
}
