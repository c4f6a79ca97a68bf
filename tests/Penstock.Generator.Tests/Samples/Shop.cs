using Penstock.Connectors;
using Penstock.Sinks;
using Penstock.Sources;

namespace Shop;

public enum Channel : byte
{
    Web,
    Store,
}

/// <summary>A class with settable properties, read from JSON.</summary>
public sealed class Basket
{
    public Guid Id { get; set; }

    public string Customer { get; set; } = "";

    public string? Coupon { get; set; }

    [Column("lines")]
    public string Text { get; set; } = "";

    public Channel Channel { get; set; }

    public DateTimeOffset At { get; set; }
}

public readonly record struct Line(string Customer, Channel Channel, string Product, decimal Price, DateTimeOffset At);

public readonly record struct Spending(string Customer, Channel Channel, decimal Sum, int Lines);

public readonly record struct Alert(string Customer, string Reason, DateTimeOffset At);

public readonly record struct HourlySales(DateTimeOffset Start, Channel Channel, decimal Sum);

public interface IRiskModel
{
    bool IsRisky(string product, decimal price);
}

/// <summary>Takes the lines of a basket apart.</summary>
[Operator]
public sealed partial class SplitLines
{
    [FlatMap]
    private static void Split(in Basket basket, ref Output<Line> output)
    {
        foreach (var text in basket.Text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = text.Split('=');
            output.Emit(new Line(
                basket.Customer,
                basket.Channel,
                parts[0],
                decimal.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture),
                basket.At));
        }
    }
}

/// <summary>What a customer has spent so far in a channel.</summary>
[Operator, KeyBy(nameof(Line.Customer), nameof(Line.Channel))]
public sealed partial class TotalSpending
{
    [State] private partial ref decimal Sum { get; }

    [State] private partial ref int Lines { get; }

    [State] private partial ref DateTimeOffset? Last { get; }

    [Process]
    private void OnLine(in Line line, in Context context, ref Output<Spending> output)
    {
        Sum += line.Price;
        Lines++;
        Last = context.EventTime;
        output.Emit(new Spending(line.Customer, line.Channel, Sum, Lines));
    }
}

/// <summary>Remembers risky customers.</summary>
[Operator]
public sealed partial class Risk(IRiskModel model, IServiceProvider services)
{
    [Transient] private int _calls;

    [State] private partial ref string? Worst { get; }

    [Process]
    private void OnLine(in Line line, ref Output<Alert> output)
    {
        _calls++;
        if (services != null && model.IsRisky(line.Product, line.Price) && Worst == null)
        {
            Worst = line.Product;
            output.Emit(new Alert(line.Customer, line.Product, line.At));
        }
    }
}

[Operator]
public sealed partial class Expensive
{
    [Filter]
    private bool Keep(in Line line) => line.Price > 10m;
}

/// <summary>Sales by hour; late lines change it once more.</summary>
[Operator, TumblingWindow("1h", Offset = "30m", AllowedLateness = "10m")]
public sealed partial class SalesByHour
{
    [State] private partial ref decimal Sum { get; }

    [Accumulate]
    private void Add(in Line line) => Sum += line.Price;

    [Fire]
    private HourlySales Close(in Window<Channel> window) => new(window.Start, window.Key, Sum);
}

[Operator]
public sealed partial class Shout
{
    [Map]
    private static string Text(in Alert alert) => alert.Reason.ToUpperInvariant();
}

public sealed class AlertSink(IRiskModel model) : ISink<Alert>
{
    public ISinkWriter<Alert> OpenWriter(int subtask) => throw new NotSupportedException(model.ToString());

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;
}

public sealed class TextSink : ISink<string>
{
    public ISinkWriter<string> OpenWriter(int subtask) => throw new NotSupportedException();

    public ISinkCommitter CreateCommitter() => SinkCommitter.None;
}

[Pipeline(Name = "shop-revenue")]
internal sealed partial class ShopPipeline
{
    [FileSource("baskets/*.jsonl", OnBadRow = BadRowPolicy.SideOutput, SplitSize = "1MB")]
    [EventTime(nameof(Basket.At), MaxDelay = "1m30s", Idle = "30s")]
    public partial Stream<Basket> Baskets { get; }

    [SideOutput(nameof(Baskets), SideOutputs.BadRows)]
    [FileSink("bad.jsonl")]
    private partial Stream<BadRow> BadBaskets { get; }

    [Apply<SplitLines>(nameof(Baskets))]
    internal partial Stream<Line> Lines { get; }

    [Apply<Expensive>(nameof(Lines))]
    [FileSink("expensive.csv", RollSize = "64KB")]
    internal partial Stream<Line> ExpensiveLines { get; }

    [Apply<TotalSpending>(nameof(Lines), Id = "spending")]
    [FileSink("spending.csv")]
    [FileSink("out/spending.jsonl", Id = "spending-json")]
    internal partial Stream<Spending> Spending { get; }

    [Apply<Risk>(nameof(ExpensiveLines))]
    [KeyBy(nameof(Line.Customer))]
    [Sink<AlertSink>]
    internal partial Stream<Alert> Alerts { get; }

    [Apply<Shout>(nameof(Alerts))]
    [Sink<TextSink>]
    internal partial Stream<string> Shouts { get; }

    [Apply<SalesByHour>(nameof(Lines))]
    [KeyBy(nameof(Line.Channel))]
    [FileSink("sales.csv", Changelog = ChangelogFormat.OpColumn)]
    internal partial Stream<HourlySales> Sales { get; }

    [SideOutput(nameof(Sales), SideOutputs.Late)]
    [FileSink("late.csv")]
    internal partial Stream<Line> LateLines { get; }
}
