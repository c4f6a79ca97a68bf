using Penstock.Generator.Plan;

namespace Penstock.Generator.Operators;

/// <summary>The values of windows by event time, in microseconds.</summary>
/// <param name="Lateness">The time after its end during which a window still accepts rows.</param>
internal abstract record TimeWindowModel(long Lateness) : KindValues
{
    public const string LatenessName = "AllowedLateness";

    /// <summary>The time from the start of the shortest window until its state is removed.</summary>
    public abstract long Lifetime { get; }

    /// <summary>The watermarks at which windows fire.</summary>
    public abstract WatermarkGrid Grid { get; }

    /// <summary>The largest number of which all bounds of windows are multiples.</summary>
    public abstract long Spacing { get; }

    /// <summary>The windows of an operator.</summary>
    public static TimeWindowModel Of(OperatorNode node) => (TimeWindowModel)node.Applied.Values!;
}
