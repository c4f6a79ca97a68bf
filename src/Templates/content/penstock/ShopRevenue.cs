using Penstock;

namespace Penstock._1;

/// <summary>A row of orders.csv. Columns are matched with members by name.</summary>
public readonly record struct Order(string Shop, DateTime PlacedAt, decimal Amount);

/// <summary>A row of the output.</summary>
public readonly record struct Revenue(string Shop, DateTimeOffset Hour, int Orders, decimal Total);

/// <summary>The revenue of each shop in each hour, by the time at which orders were placed.</summary>
[Pipeline]
public sealed partial class ShopRevenue
{
    /// <summary>The orders, which may come up to five minutes out of order.</summary>
    [FileSource("orders.csv")]
    [EventTime(nameof(Order.PlacedAt), MaxDelay = "5m")]
    public partial Stream<Order> Orders { get; }

    /// <summary>One row for each shop and hour.</summary>
    [Apply<RevenuePerShop>(nameof(Orders))]
    [FileSink("output/revenue.csv")]
    public partial Stream<Revenue> Hourly { get; }

    /// <summary>Orders that came after their hour was closed.</summary>
    [SideOutput(nameof(Hourly), SideOutputs.Late)]
    [FileSink("output-late/late.csv")]
    public partial Stream<Order> LateOrders { get; }
}

/// <summary>Sums up the orders of a shop in an hour.</summary>
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
