using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Windows by event time; all in microseconds.</summary>
/// <param name="Size">The length of the longest window.</param>
/// <param name="Step">The distance between the ends of two windows: the size for tumbling windows.</param>
internal sealed record WindowModel(long Size, long Step, long Offset, long Lateness) : KindValues
{
    public const string SizeName = "WindowSize";
    public const string StepName = "WindowStep";
    public const string OffsetName = "WindowOffset";
    public const string LatenessName = "AllowedLateness";

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
    public static WindowModel Of(OperatorNode node) => (WindowModel)node.Applied.Values!;
}
