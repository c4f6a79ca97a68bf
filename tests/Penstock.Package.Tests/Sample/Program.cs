using Microsoft.Extensions.Hosting;
using Penstock;

var builder = Host.CreateApplicationBuilder(args);
builder.AddPipeline<ShopRevenue>();
await builder.Build().RunPipelinesAsync();

/// <summary>An order of the input.</summary>
public readonly record struct Order(string Shop, DateTime PlacedAt, decimal Amount);

/// <summary>The revenue of a shop in an hour.</summary>
public readonly record struct Revenue(string Shop, DateTimeOffset Hour, int Orders, decimal Total);

/// <summary>The revenue of a shop in the last three hours.</summary>
public readonly record struct RecentRevenue(string Shop, DateTimeOffset End, decimal Total);

/// <summary>Revenue by shop and hour, from CSV to CSV.</summary>
[Pipeline]
public sealed partial class ShopRevenue
{
    /// <summary>The orders.</summary>
    [FileSource("orders.csv")]
    [EventTime(nameof(Order.PlacedAt), MaxDelay = "5m")]
    public partial Stream<Order> Orders { get; }

    /// <summary>The revenue.</summary>
    [Apply<RevenuePerShop>(nameof(Orders))]
    [FileSink("out/revenue.csv")]
    public partial Stream<Revenue> Hourly { get; }

    /// <summary>The revenue of the last three hours.</summary>
    [Apply<RecentRevenuePerShop>(nameof(Orders))]
    [FileSink("recent/revenue.csv")]
    public partial Stream<RecentRevenue> Recent { get; }
}

/// <summary>Sums up the orders.</summary>
[Operator, KeyBy(nameof(Order.Shop)), TumblingWindow("1h")]
public sealed partial class RevenuePerShop
{
    [State] private partial ref int Orders { get; }

    [State] private partial ref decimal Total { get; }

    [Accumulate]
    private void Add(in Order order)
    {
        Orders++;
        Total += order.Amount;
    }

    [Fire]
    private Revenue Close(in Window<string> window) => new(window.Key, window.Start, Orders, Total);
}

/// <summary>Sums up the orders of three hours, each hour.</summary>
[Operator, KeyBy(nameof(Order.Shop)), SlidingWindow("3h", Slide = "1h")]
public sealed partial class RecentRevenuePerShop
{
    [State] private partial ref decimal Total { get; }

    [Accumulate]
    private void Add(in Order order) => Total += order.Amount;

    [Merge]
    private void Merge(in Accumulator other) => Total += other.Total;

    [Fire]
    private RecentRevenue Close(in Window<string> window) => new(window.Key, window.End, Total);
}
