using System.ComponentModel;

namespace Penstock.Time;

/// <summary>What the compiler knows of a source's event time.</summary>
/// <param name="MaxDelayMicros">How far a row may lag behind the newest one of its split, in microseconds.</param>
/// <param name="IdleMicros">How long a split may stay at its known end before it is idle, in microseconds; negative: never.</param>
/// <param name="WatermarkTriggers">What the operators downstream can notice of the watermark.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EventTimeSettings(long MaxDelayMicros, long IdleMicros, IReadOnlyList<WatermarkGrid> WatermarkTriggers)
{
    /// <summary>A stream without event time.</summary>
    public static EventTimeSettings None { get; } = new(0, -1, []);

    internal long NextTrigger(long watermark)
    {
        if (watermark == Watermarks.None && WatermarkTriggers.Count > 0)
        {
            // The first row moves time, whatever its time is.
            return Watermarks.None;
        }

        var next = long.MaxValue;
        foreach (var grid in WatermarkTriggers)
        {
            next = Math.Min(next, grid.Next(watermark));
        }

        return next;
    }
}
