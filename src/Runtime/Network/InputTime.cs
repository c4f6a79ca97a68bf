using Penstock.Time;

namespace Penstock.Network;

/// <summary>Combines the watermarks of all channels of a subtask.</summary>
internal static class InputTime
{
    /// <summary>Returns the smallest watermark of the channels that are not idle.</summary>
    /// <param name="channels">The channels, input by input.</param>
    /// <param name="furthest">The furthest event time that any of them has reached.</param>
    /// <returns>The watermark; <see cref="Watermarks.Idle"/> if no channel is active.</returns>
    public static long Combine(InputChannel[] channels, out long furthest)
    {
        if (channels.Length == 1)
        {
            // Common, and called for each watermark update.
            furthest = channels[0].Furthest;
            return channels[0].CombinedWatermark;
        }

        var combined = Watermarks.End;
        furthest = Watermarks.None;
        for (var next = 0; next < channels.Length;)
        {
            var input = channels[next].Input;
            var lowest = Watermarks.End;
            var idleSince = Watermarks.End;
            var idleFurthest = Watermarks.None;
            var isActive = false;
            for (; next < channels.Length && channels[next].Input == input; next++)
            {
                var channel = channels[next];
                furthest = Math.Max(furthest, channel.Furthest);
                lowest = Math.Min(lowest, channel.CombinedWatermark);
                isActive |= channel.CombinedWatermark < Watermarks.Idle;
                if (channel is { CombinedWatermark: >= Watermarks.Idle, SharesIdleness: true })
                {
                    idleSince = channel.CombinedWatermark == Watermarks.Idle ? Math.Min(idleSince, channel.Furthest) : idleSince;
                    idleFurthest = Math.Max(idleFurthest, channel.Furthest);
                }
            }

            // These channels become idle and active together, since all of their senders have the same inputs, but some of them report it
            // later. If one is active, those that still report idleness will become active and send rows of the time at which they became
            // idle, so that time counts for them. If all report that they are idle or have ended, but at different times, the one at the
            // earlier time has not reported that the others were active in between; its time counts, too.
            combined = Math.Min(combined, isActive || idleSince < idleFurthest ? Math.Min(lowest, idleSince) : lowest);
        }

        return combined;
    }
}
