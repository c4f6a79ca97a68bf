using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>Tumbling windows; all in microseconds.</summary>
internal sealed record WindowModel(long Size, long Offset, long Lateness) : KindValues
{
    public const string SizeName = "WindowSize";
    public const string OffsetName = "WindowOffset";
    public const string LatenessName = "AllowedLateness";

    public override IEnumerable<(string Name, long Value)> Contract
    {
        get
        {
            yield return (SizeName, Size);
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
