using Penstock.Network;
using Penstock.Time;

namespace Penstock.Runtime.Tests.Network;

/// <summary>The watermark of several channels: the smallest of those that are active or about to become active.</summary>
public sealed class InputTimeTests
{
    [Fact]
    public void The_smallest_watermark_counts() => Assert.Equal((3, 7), Combine(Channel(0, 7), Channel(0, 3), Channel(1, 5)));

    [Fact]
    public void A_channel_without_a_watermark_holds_back_the_input() =>
        Assert.Equal((Watermarks.None, 7), Combine(Channel(0, 7), Channel(1)));

    [Fact]
    public void An_idle_channel_does_not_hold_back_the_watermark() =>
        Assert.Equal((7, 7), Combine(Channel(0, 7), Channel(0, 3, Watermarks.Idle)));

    [Fact]
    public void Where_all_are_idle_the_furthest_is_known() =>
        Assert.Equal((Watermarks.Idle, 7), Combine(Channel(0, 7, Watermarks.Idle), Channel(1, 3, Watermarks.Idle)));

    [Fact]
    public void A_channel_that_has_ended_does_not_hold_back_the_watermark() =>
        Assert.Equal((3, 7), Combine(Channel(0, 7, Watermarks.End), Channel(1, 3)));

    [Fact]
    public void An_idle_channel_that_shares_idleness_holds_back_the_watermark_until_it_is_updated() =>
        Assert.Equal((3, 9), Combine(Together(0, 9), Together(0, 3, Watermarks.Idle)));

    [Fact]
    public void Idle_channels_that_share_idleness_do_not_hold_back_other_inputs() =>
        Assert.Equal((9, 9), Combine(Together(0, 5, Watermarks.Idle), Together(0, 5, Watermarks.Idle), Channel(1, 9)));

    [Fact]
    public void One_that_is_idle_behind_another_has_not_reported_that_they_were_active_meanwhile() =>
        Assert.Equal((3, 9), Combine(Together(0, 5, Watermarks.Idle), Together(0, 3, Watermarks.Idle), Channel(1, 9)));

    [Fact]
    public void One_that_is_idle_behind_another_that_has_ended_has_not_reported_it_either() =>
        Assert.Equal((3, 9), Combine(Together(0, 5, Watermarks.End), Together(0, 3, Watermarks.Idle), Channel(1, 9)));

    [Fact]
    public void One_that_has_ended_makes_none_active() =>
        Assert.Equal((9, 9), Combine(Together(0, 5, Watermarks.End), Together(0, 5, Watermarks.Idle), Channel(1, 9)));

    private static (long, long) Combine(params InputChannel[] channels) => (InputTime.Combine(channels, out var furthest), furthest);

    private static InputChannel Channel(int input, params ReadOnlySpan<long> watermarks) => Reach(new InputChannel(input, 0), watermarks);

    private static InputChannel Together(int input, params ReadOnlySpan<long> watermarks) =>
        Reach(new InputChannel(input, 0) { SharesIdleness = true }, watermarks);

    private static InputChannel Reach(InputChannel channel, ReadOnlySpan<long> watermarks)
    {
        foreach (var watermark in watermarks)
        {
            channel.CombinedWatermark = watermark;
        }

        return channel;
    }
}
