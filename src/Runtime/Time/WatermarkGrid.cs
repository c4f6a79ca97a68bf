using System.ComponentModel;

namespace Penstock.Time;

/// <summary>
/// The instants of one window operator at which it can notice that event time moves on: window ends, and window ends plus
/// the allowed lateness. A source reports no other steps of its watermark, because no operator could tell them apart.
/// </summary>
/// <param name="SizeMicros">The distance of the window ends in microseconds, at least 1.</param>
/// <param name="OffsetMicros">The shift of the window ends in microseconds, 0 to the size.</param>
/// <param name="LatenessMicros">The allowed lateness in microseconds, at least 0.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record WatermarkGrid(long SizeMicros, long OffsetMicros, long LatenessMicros)
{
    /// <summary>The first noticed instant after a watermark.</summary>
    /// <param name="watermark">The watermark, in microseconds since the Unix epoch.</param>
    /// <returns>The instant.</returns>
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
