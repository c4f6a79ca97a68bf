using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Sessions, in microseconds.</summary>
/// <param name="Gap">The time without rows after which a session ends.</param>
internal sealed record SessionModel(long Gap, long Lateness) : TimeWindowModel(Lateness)
{
    public const string GapName = "SessionGap";

    public override long Lifetime => Gap + Lateness;

    // A session may end at any time, so every step of the watermark counts.
    public override WatermarkGrid Grid => new(1, 0, 0);

    public override long Spacing => 1;

    public override IEnumerable<(string Name, long Value)> Contract
    {
        get
        {
            yield return (GapName, Gap);
            if (Lateness != 0)
            {
                yield return (LatenessName, Lateness);
            }
        }
    }

    /// <summary>The sessions of an operator.</summary>
    public static new SessionModel Of(OperatorNode node) => (SessionModel)node.Applied.Values!;
}
