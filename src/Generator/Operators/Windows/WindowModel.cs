using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Windows whose bounds depend only on the time; all in microseconds.</summary>
/// <param name="Size">The length of the longest window.</param>
/// <param name="Step">The distance between the ends of two windows: the size for tumbling windows.</param>
internal sealed record WindowModel(long Size, long Step, long Offset, long Lateness) : TimeWindowModel(Lateness)
{
    public const string SizeName = "WindowSize";
    public const string StepName = "WindowStep";
    public const string OffsetName = "WindowOffset";

    public override long Lifetime => Size + Lateness;

    public override WatermarkGrid Grid => new(Step, Offset % Step, Lateness);

    public override long Spacing => CommonDivisor(Step, Offset);

    public override IEnumerable<(string Name, long Value)> Contract
    {
        get
        {
            yield return (SizeName, Size);
            if (Step != Size)
            {
                yield return (StepName, Step);
            }

            if (Offset != 0)
            {
                yield return (OffsetName, Offset);
            }

            if (Lateness != 0)
            {
                yield return (LatenessName, Lateness);
            }
        }
    }

    /// <summary>The windows of an operator.</summary>
    public static new WindowModel Of(OperatorNode node) => (WindowModel)node.Applied.Values!;

    private static long CommonDivisor(long size, long offset) => offset == 0 ? Math.Abs(size) : CommonDivisor(offset, size % offset);
}
