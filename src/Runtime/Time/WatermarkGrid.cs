using System.ComponentModel;

namespace Penstock.Time;

/// <summary>
/// The event times at which the watermark can change the result of an operator, such as window ends, and window ends plus the allowed
/// lateness. A source rounds its watermark to these steps, because operators cannot tell others apart.
/// </summary>
/// <param name="SizeMicros">The distance between window ends in microseconds, at least 1.</param>
/// <param name="OffsetMicros">The offset of the window ends in microseconds, 0 to the size.</param>
/// <param name="LatenessMicros">The allowed lateness in microseconds, at least 0.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record WatermarkGrid(long SizeMicros, long OffsetMicros, long LatenessMicros)
{
    /// <summary>Returns the first step after a watermark.</summary>
    /// <param name="watermark">The watermark, in microseconds since the Unix epoch.</param>
    /// <returns>The event time of the step.</returns>
    public long Next(long watermark)
    {
        var next = NextEnd(watermark);
        return LatenessMicros == 0 ? next : Math.Min(next, NextEnd(watermark - LatenessMicros) + LatenessMicros);
    }

    private long NextEnd(long watermark)
    {
        var fromStart = (watermark - OffsetMicros) % SizeMicros;
        return watermark - (fromStart < 0 ? fromStart + SizeMicros : fromStart) + SizeMicros;
    }
}
