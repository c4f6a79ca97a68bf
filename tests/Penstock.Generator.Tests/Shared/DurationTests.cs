using Penstock.Generator.Shared;
using Penstock.Generator.Tests.Helpers;

namespace Penstock.Generator.Tests.Shared;

/// <summary>Durations in attributes, as people write them.</summary>
public sealed class DurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData(" 0 ", 0)]
    [InlineData("0s", 0)]
    [InlineData("500ms", 500_000)]
    [InlineData("1h30m", 5_400_000_000)]
    [InlineData("00:10:00", 600_000_000)]
    [InlineData("-5s", -5_000_000)]
    public void Durations_are_read(string text, long micros)
    {
        Assert.True(Durations.TryParse(text, out var read));
        Assert.Equal(micros, read);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("00")]
    [InlineData("-0")]
    [InlineData("0 5s")]
    [InlineData("1h30")]
    [InlineData("s")]
    [InlineData("")]
    [InlineData(null)]
    public void Numbers_without_a_unit_are_no_durations(string? text) => Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void Zero_needs_no_unit_in_a_program() => TestCompiler.BuildShop("""
        [Pipeline]
        public sealed partial class Shop
        {
            [FileSource("orders.csv")]
            [EventTime(nameof(Order.PlacedAt), MaxDelay = "0", Idle = "0")]
            [FileSink("copy.csv")]
            public partial Stream<Order> Orders { get; }
        }

        [Operator, KeyBy("Shop"), TumblingWindow("10m", Offset = "0", AllowedLateness = "0")]
        public sealed partial class Totals
        {
            [State] private partial ref decimal Total { get; }
            [Accumulate] private void Add(in Order order) => Total += order.Amount;
            [Fire] private ShopTotal Close(in Window<string> window) => new(window.Key, Total);
        }
        """).AssertClean();
}
