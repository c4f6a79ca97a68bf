using System.ComponentModel;

namespace Penstock.Time;

/// <summary>The event-time settings of a source, as determined by the compiler.</summary>
/// <param name="MaxDelayMicros">The maximum delay of a row behind the newest one of its split, in microseconds.</param>
/// <param name="IdleMicros">
/// The time without rows at its known end after which a split is idle, in microseconds; negative for never.
/// </param>
/// <param name="WatermarkGrids">The watermarks at which operators downstream can react.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EventTimeSettings(long MaxDelayMicros, long IdleMicros, IReadOnlyList<WatermarkGrid> WatermarkGrids)
{
    /// <summary>A stream without event time.</summary>
    public static EventTimeSettings None { get; } = new(0, -1, []);

    // Timers react to each time, so the other grids do not matter.
    private readonly bool _isEachTime = WatermarkGrids.Any(static grid => grid is { SizeMicros: 1, LatenessMicros: 0 });

    /// <summary>What happens to rows whose event time is null.</summary>
    public NullTimePolicy OnNull { get; init; }

    internal long NextStep(long watermark)
    {
        if (watermark == Watermarks.None && WatermarkGrids.Count > 0)
        {
            // The first row always advances time.
            return Watermarks.None;
        }

        if (_isEachTime)
        {
            return watermark == Watermarks.End ? Watermarks.End : watermark + 1;
        }

        var next = long.MaxValue;

        // By index: iterating over an interface would allocate at every step.
        for (var i = 0; i < WatermarkGrids.Count; i++)
        {
            next = Math.Min(next, WatermarkGrids[i].Next(watermark));
        }

        return next;
    }
}
