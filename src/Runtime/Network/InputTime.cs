using Penstock.Time;

namespace Penstock.Network;

/// <summary>How far time has come by all channels of a subtask together.</summary>
internal static class InputTime
{
    /// <summary>The smallest watermark of the channels that are not idle.</summary>
    /// <param name="channels">The channels, input by input.</param>
    /// <param name="furthest">The furthest instant that one of them has reached.</param>
    /// <returns>The watermark; <see cref="Watermarks.Idle"/> when none is awake.</returns>
    public static long Combine(InputChannel[] channels, out long furthest)
    {
        var combined = Watermarks.End;
        furthest = Watermarks.None;
        for (var next = 0; next < channels.Length;)
        {
            var input = channels[next].Input;
            var lowest = Watermarks.End;
            var resting = Watermarks.End;
            var restingFurthest = Watermarks.None;
            var isAwake = false;
            for (; next < channels.Length && channels[next].Input == input; next++)
            {
                var channel = channels[next];
                furthest = Math.Max(furthest, channel.Furthest);
                lowest = Math.Min(lowest, channel.CombinedWatermark);
                isAwake |= channel.CombinedWatermark < Watermarks.Idle;
                if (channel is { CombinedWatermark: >= Watermarks.Idle, WakesWithOthers: true })
                {
                    resting = channel.CombinedWatermark == Watermarks.Idle ? Math.Min(resting, channel.Furthest) : resting;
                    restingFurthest = Math.Max(restingFurthest, channel.Furthest);
                }
            }

            // These channels get idle and awake together, since all of their senders have the same inputs; only the news reach some of them
            // later. So where one is awake, those that still say that they are idle will be, and send rows of the time at which they became
            // idle: that time counts for them. And where all say that they are idle or have ended, but at different times, the one at the
            // earlier time has missed that the others were awake in between: it counts, too.
            combined = Math.Min(combined, isAwake || resting < restingFurthest ? Math.Min(lowest, resting) : lowest);
        }

        return combined;
    }
}
